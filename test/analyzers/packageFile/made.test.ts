import { describe, expect, test } from '@jest/globals';
import { zipSync } from 'fflate';
import type { Analyzer, ImageView } from '../../../src/analyzers/analyzer.js';
import { bitnami } from '../../../src/analyzers/bitnami/bitnami.js';
import { conan } from '../../../src/analyzers/conan/conan.js';
import { nugetLocks } from '../../../src/analyzers/dotnet/locks.js';
import { jetbrains } from '../../../src/analyzers/extensions/jetbrains.js';
import { vscode } from '../../../src/analyzers/extensions/vscode.js';
import { genericSection } from '../../../src/analyzers/genericSection.js';
import { erlangApplication } from '../../../src/analyzers/hex/application.js';
import { hexLocks } from '../../../src/analyzers/hex/locks.js';
import { OTHER_PACKAGE_ANALYZERS } from '../../../src/analyzers/otherPackages.js';
import { installedPackage, purlOf, type PackageDraft } from '../../../src/analyzers/packageFile/draft.js';
import { perlInstalled } from '../../../src/analyzers/perl/installed.js';
import { composerLock } from '../../../src/analyzers/php/composer.js';
import { pear } from '../../../src/analyzers/php/pear.js';
import { rockspec } from '../../../src/analyzers/lua/rockspec.js';
import { sbom } from '../../../src/analyzers/sbom/sbom.js';
import { packageResolved } from '../../../src/analyzers/swift/packageResolved.js';
import { wordpress } from '../../../src/analyzers/wordpress/wordpress.js';
import { fixtureBytes, runOn } from './run.js';

type Drafts = Analyzer<readonly PackageDraft[]>;

/** Written by hand after each format's documentation, where no public project's file was at hand. */
const MADE: readonly (readonly [what: string, path: string, analyzer: Drafts, text: string | Buffer, purls: readonly string[]])[] = [
  ['packages.config', 'src/packages.config', nugetLocks, '<?xml version="1.0"?><packages><package id="jQuery" version="3.1.1" targetFramework="net46" /><package id="NLog" version="4.3.10"/></packages>', ['pkg:nuget/jQuery@3.1.1', 'pkg:nuget/NLog@4.3.10']],
  ['packages.config of one', 'src/packages.config', nugetLocks, '<packages><package id="NLog" version="4.3.10"/></packages>', ['pkg:nuget/NLog@4.3.10']],
  ['packages.config of none', 'src/packages.config', nugetLocks, '<packages></packages>', []],
  ['Package.resolved of version 2', 'Package.resolved', packageResolved, '{"version":2,"pins":[{"identity":"swift-nio","kind":"remoteSourceControl","location":"git@github.com:apple/swift-nio.git","state":{"branch":"main","revision":"abc123"}}]}', ['pkg:swift/github.com/apple/swift-nio@abc123']],
  ['rebar.lock before version 1', 'rebar.lock', hexLocks, '[{<<"cowboy">>,{git,"https://github.com/ninenines/cowboy.git",{ref,"abc"}},0}].', ['pkg:generic/cowboy@abc?vcs_url=https%3A%2F%2Fgithub.com%2Fninenines%2Fcowboy.git']],
  ["OTP's own application", 'usr/lib/erlang/lib/stdlib-5.2/ebin/stdlib.app', erlangApplication, '%% -*- erlang -*-\n{application, stdlib,\n [{description, "ERTS  CXC 138 10"},\n  {vsn, "5.2"},\n  {modules, [array, \'a b\', $}, $\\n]},\n  {applications, [kernel]}]}.\n', ['pkg:otp/stdlib@5.2']],
  ['conan.lock of version 2', 'conan.lock', conan, '{"version":"0.5","requires":["zlib/1.3#r%1","fmt/10.0@me/stable"],"build_requires":["cmake/3.27"]}', ['pkg:conan/zlib@1.3', 'pkg:conan/me/fmt@10.0?channel=stable']],
  ['perllocal.pod', 'usr/local/lib/perl5/perllocal.pod', perlInstalled, '=head2 Wed Jan 31 12:00:00 2024: C<Module> L<Try::Tiny|Try::Tiny>\n\n=over 4\n\n=item *\n\nC<installed into: /usr/local>\n\n=item *\n\nC<VERSION: 0.31>\n\n=back\n', ['pkg:cpan/Try-Tiny@0.31']],
  ['.packlist', 'usr/local/lib/perl5/auto/Try/Tiny/.packlist', perlInstalled, '/usr/local/share/perl5/Try/Tiny.pm\n/usr/local/share/man/x.3 type=file\n', ['pkg:cpan/Try-Tiny']],
  ['WordPress', 'var/www/html/wp-includes/version.php', wordpress, "<?php\n/**\n * @global string $wp_version\n */\n$wp_version = '6.4.2';\n", ['pkg:generic/wordpress@6.4.2']],
  ['a WordPress plugin', 'var/www/html/wp-content/plugins/akismet/akismet.php', wordpress, '<?php\n/*\nPlugin Name: Akismet Anti-spam\nPlugin URI: https://akismet.com/\nVersion: 5.3.1\nAuthor: Automattic\nLicense: GPLv2 or later\n*/\n', ['pkg:generic/wordpress/plugin/akismet@5.3.1']],
  ['a WordPress plugin of one file', 'var/www/html/wp-content/plugins/hello.php', wordpress, '<?php\n/**\n * Plugin Name: Hello Dolly\n * Version: 1.7.2\n */', ['pkg:generic/wordpress/plugin/hello@1.7.2']],
  ['another file of a plugin', 'var/www/html/wp-content/plugins/akismet/class.php', wordpress, '<?php class A { /* Version: 3 */ }', []],
  ['a WordPress theme', 'srv/wp-content/themes/twentytwenty/style.css', wordpress, '/*\nTheme Name: Twenty Twenty\nVersion: 2.5\n*/', ['pkg:generic/wordpress/theme/twentytwenty@2.5']],
  ['an extension of VS Code', 'root/.vscode-server/extensions/ms-python.python-2024.1.0/package.json', vscode, '{"name":"python","version":"2024.1.0","publisher":"ms-python","license":"MIT","engines":{"vscode":"^1.80"}}', ['pkg:vscode-extension/ms-python/python@2024.1.0']],
  ['another package.json below extensions', 'srv/extensions/a/package.json', vscode, '{"private":true,"engines":{"node":">=18"}}', []],
  ['a JetBrains program', 'opt/idea/product-info.json', jetbrains, '{"name":"IntelliJ IDEA","version":"2023.3.2","buildNumber":"233.13135.103","productCode":"IC"}', ['pkg:generic/jetbrains/IntelliJ%20IDEA@2023.3.2']],
  ['a JetBrains plugin', 'root/.local/share/JetBrains/IdeaIC/plugins/a/lib/a.jar', jetbrains, Buffer.from(zipSync({ 'META-INF/plugin.xml': Buffer.from('<idea-plugin url="x"><id>org.example.a</id><name>A</name><version>1.2</version><vendor email="x">Ex</vendor></idea-plugin>') })), ['pkg:generic/jetbrains/plugin/org.example.a@1.2']],
  ['an SPDX document', 'usr/share/sbom/app.spdx.json', sbom, '{"spdxVersion":"SPDX-2.3","packages":[{"name":"a","versionInfo":"1","licenseDeclared":"MIT","externalRefs":[{"referenceType":"purl","referenceLocator":"pkg:npm/a@1"}]},{"name":"no url"}]}', ['pkg:npm/a@1']],
  ['a CycloneDX document with parts in parts', 'app.cdx.json', sbom, '{"bomFormat":"CycloneDX","components":[{"type":"library","group":"g","name":"a","version":"1","purl":"pkg:maven/g/a@1","components":[{"type":"library","name":"b","purl":"pkg:npm/b@2"}]},{"type":"file","name":"c"}]}', ['pkg:maven/g/a@1', 'pkg:npm/b@2']],
  ['an SPDX document of tags and values', 'opt/app.spdx', sbom, '# made\n\nSPDXVersion: SPDX-2.3\nPackageName: outer\n\nPackageName: a\nPackageVersion: 1\nPackageComment: <text>over\nPackageName: not one\n</text>\nPackageLicenseConcluded: NOASSERTION\nPackageLicenseDeclared: MIT\nExternalRef: SECURITY cpe23Type cpe:2.3:*:a\nExternalRef: PACKAGE-MANAGER purl pkg:npm/a@1\nFileName: x\nExternalRef: PACKAGE-MANAGER purl pkg:npm/file@1\n', ['pkg:npm/a@1']],
  ['Bitnami’s SPDX document of tags and values', 'opt/bitnami/redis/.spdx-redis.spdx', bitnami, 'SPDXVersion: SPDX-2.3\nPackageName: redis\nPackageVersion: 7.4.1-0\nExternalRef: PACKAGE-MANAGER purl pkg:bitnami/redis@7.4.1-0?arch=arm64&distro=debian-12\n', ['pkg:bitnami/redis@7.4.1-0?arch=arm64&distro=debian-12']],
  ['a CycloneDX document in XML', 'app/bom.xml', sbom, '<?xml version="1.0"?>\n<bom xmlns="http://cyclonedx.org/schema/bom/1.4" version="1"><metadata><component type="application"><name>app</name><purl>pkg:npm/app@9</purl></component></metadata><components><component type="library"><group>g</group><name>a</name><version>1</version><licenses><license><id>MIT</id></license></licenses><purl>pkg:maven/g/a@1?type=jar&amp;classifier=x</purl><components><component type="library"><name>b</name><purl>pkg:npm/b@2</purl></component></components></component><component type="file"><name>c</name></component></components></bom>', ['pkg:maven/g/a@1?type=jar&classifier=x', 'pkg:npm/b@2']],
  ['another bom.xml', 'pom/bom.xml', sbom, '<project><artifactId>bom</artifactId></project>', []],
  ['conanfile.txt', 'srv/conanfile.txt', conan, '[requires]\nzlib/1.3#r1 # why\nfmt/10.0@me/stable\nopenssl/[>=3]\n\n[build_requires]\ncmake/3.27\n[options]\na/b\n', ['pkg:conan/zlib@1.3', 'pkg:conan/me/fmt@10.0?channel=stable']],
  ['a rockspec that joins strings', 'srv/luasyslog.rockspec', rockspec, "local package_name = 'luasyslog'\nlocal v = \"2.0.1\"\npackage = package_name -- its name\nversion = v..\"-\"..'1'\n", ['pkg:luarocks/luasyslog@2.0.1-1']],
  ['a bill of something else', 'usr/share/x.bom', sbom, 'bom', []],
  ['package URLs that are none', 'sbom.json.cdx', sbom, '{"bomFormat":"CycloneDX","components":[{"type":"library","name":"a","purl":"javascript:alert(1)"},{"type":"library","name":"b","purl":"pkg:npm/b\\u0007"}]}', []],
];

describe('files made by hand', () => {
  test.each(MADE)('%s', (_, path, analyzer, text, purls) => {
    const { fact, problems } = runOn(analyzer, path, Buffer.from(text));
    expect(problems).toEqual([]);
    expect((fact ?? []).map(({ purl }) => purl)).toEqual(purls);
  });
});

const PLUGIN = 'root/.local/share/JetBrains/IdeaIC/plugins/a/lib/a.jar';
const DESCRIPTOR_TOO_LARGE = Buffer.from(zipSync({ 'META-INF/plugin.xml': Buffer.alloc(2 * 1024 * 1024 + 1, ' ') }));

test.each<[what: string, jar: Buffer, problems: readonly string[]]>([
  ['without a descriptor', Buffer.from(zipSync({ 'a.class': Buffer.from('x') })), []],
  ['that is none', Buffer.from('PK no'), ['The file is no zip archive: it has no end record.']],
  ['with a descriptor that nobody reads', DESCRIPTOR_TOO_LARGE, ['The file has a META-INF/plugin.xml that has 2097153 bytes, more than the 2097152 that are read.']],
])('a jar of a JetBrains plugin %s', (_, jar, problems) => {
  const told = runOn(jetbrains, PLUGIN, jar);
  expect(told.fact ?? []).toEqual([]);
  expect(told.problems).toEqual(problems);
});

/** A path by which each analyzer knows a file as its own. */
const PATHS: readonly string[] = [
  'opt/bitnami/a/.spdx-a.spdx', 'Cargo.lock', 'vendor/composer/installed.json', 'composer.lock', 'conan.lock', 'conanfile.txt', 'app.spdx', 'bom.xml', 'a/data/a/1/_/_/package/1/conaninfo.txt', 'META.json', 'META.yml',
  'a.deps.json', 'ebin/a.app', 'stack.yaml.lock', 'cabal.project.freeze', 'mix.lock', 'rebar.lock', 'product-info.json', 'root/.local/share/JetBrains/x/plugins/a/lib/a.jar',
  'packages.lock.json', 'packages.config', 'Package.resolved', 'php/.registry/a.reg', 'perllocal.pod', 'auto/A/.packlist', 'Podfile.lock', 'pubspec.lock', 'lib/a/DESCRIPTION',
  'rocks/a/1/a.rockspec', 'a.spdx.json', 'extensions/a/package.json', 'wp-includes/version.php', 'wp-content/plugins/a/a.php', 'wp-content/themes/a/style.css', 'a.dll', 'bin/node',
];
const DEEP = 100_000;
const HOSTILE: readonly (readonly [what: string, bytes: Buffer])[] = [
  ['nothing', Buffer.alloc(0)],
  ['one byte', Buffer.from('{')],
  ['null', Buffer.from('null')],
  ['an empty object', Buffer.from('{}')],
  ['an empty list', Buffer.from('[]')],
  ['a list in a list, 100,000 deep', Buffer.from('['.repeat(DEEP) + ']'.repeat(DEEP))],
  ['open braces', Buffer.from('{'.repeat(DEEP))],
  ['serialized arrays in arrays', Buffer.from('a:1:{i:0;'.repeat(5000))],
  ['no UTF-8', Buffer.from(Array.from({ length: 4096 }, (_, index) => 128 + (index % 128)))],
  ['NULs', Buffer.alloc(50_000)],
  ['prototypes', Buffer.from('{"__proto__":{"polluted":true},"packages":{"__proto__":{"version":"1"}},"libraries":{"__proto__/1":{"type":"package"}},"name":"__proto__","version":"1","meta-spec":1}')],
  ['a laughing billion', Buffer.from(`a: &a [x, x]\n${Array.from({ length: 30 }, (_, index) => `b${index}: &b${index} [*${index === 0 ? 'a' : `b${index - 1}`}, *${index === 0 ? 'a' : `b${index - 1}`}]`).join('\n')}\npackages: *b29\n`)],
  ['spaces', Buffer.from(' '.repeat(1 << 17))],
  ['colons', Buffer.from('a:'.repeat(1 << 16))],
  ['quotes', Buffer.from('"'.repeat(1 << 14))],
  ['lines', Buffer.from('any.\n"a": {:hex, '.repeat(5000))],
  ['an XML entity', Buffer.from('<!DOCTYPE x [<!ENTITY a "aaaa">]><packages><package id="&a;" version="1"/></packages>')],
];

describe('hostile files', () => {
  test.each(HOSTILE)('%s: a fact, a problem, or nothing, from every analyzer', (_, bytes) => {
    for (const path of PATHS) {
      for (const analyzer of OTHER_PACKAGE_ANALYZERS) {
        const { problems } = runOn(analyzer, path, bytes);
        for (const problem of problems) expect(problem).toMatch(/^(?:too large|[\x20-\x7e]{5,400}\.)$/);
      }
    }
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test('every path above is wanted by an analyzer', () => {
    const wanted = PATHS.filter((path) => OTHER_PACKAGE_ANALYZERS.some(({ wants }) => wants({ path, type: 'file', mode: 0, uid: 0, gid: 0, size: 9, mtime: 0 }, Buffer.from('MZ')) !== 'nothing'));
    expect(wanted).toEqual(PATHS);
  });

  test('real files cut anywhere', () => {
    const files = [['hex/rabbitmq.app', 'ebin/a.app'], ['php/memcached-v6.reg', 'php/.registry/a.reg'], ['dotnet/TestLibrary.deps.json', 'a.deps.json'], ['rust/Cargo.lock', 'Cargo.lock'], ['bitnami/tag-value.spdx', 'opt/bitnami/a/.spdx-a.spdx']] as const;
    for (const [name, path] of files) {
      const bytes = fixtureBytes(name);
      const step = Math.max(1, Math.floor(bytes.length / 100));
      for (let end = 0; end < bytes.length; end += step) for (const analyzer of OTHER_PACKAGE_ANALYZERS) runOn(analyzer, path, bytes.subarray(0, end));
    }
  });

  test('a name of a thousand letters, or with a line end, is left out and told', () => {
    const lock = Buffer.from(JSON.stringify({ packages: [{ name: `a/${'x'.repeat(1000)}`, version: '1' }, { name: 'a/b\nc', version: '1' }, { name: 'a/b', version: '1' }] }));
    const { fact, problems } = runOn(composerLock as Drafts, 'composer.lock', lock);
    expect(fact?.map(({ name }) => name)).toEqual(['a/b']);
    expect(problems).toEqual(['2 of 3 packages have no believable name or version and are left out.']);
  });
});

describe('choosing among what an image states', () => {
  test('a lock file is silent where vendor is installed', () => {
    const fact = runOn(composerLock as Drafts, 'srv/composer.lock', fixtureBytes('php/composer.lock')).fact;
    const view = (paths: readonly string[]) => ({ image: { flattened: { nodes: new Map(paths.map((path) => [path, {}])) } }, facts: () => [{ path: '/srv/composer.lock', layer: 1, fact }] }) as unknown as ImageView<readonly PackageDraft[]>;
    expect(composerLock.packages?.(view([])).length).toBe(4);
    expect(composerLock.packages?.(view(['/srv/vendor/composer/installed.json']))).toEqual([]);
  });

  test('PEAR names its channel by the folder where the entry does not', () => {
    const reg = fixtureBytes('php/memcached-v5.reg');
    expect(runOn(pear as Drafts, 'php/.registry/.channel.pecl.php.net/memcached.reg', reg).fact?.[0]?.purl).toBe('pkg:pear/pecl.php.net/memcached@3.2.0');
  });
});

test('the section has a row for each place, name and version', () => {
  const draft = (name: string, version: string): PackageDraft => ({ name, version, purl: purlOf({ type: 'hex', name, version }), licenses: ['MIT', 'ISC'], metadata: { a: 'b' } });
  const packages = [draft('b', '2'), draft('a', '1'), draft('a', '1')].map((found) => installedPackage('hex', found, '/srv/mix.lock', 0));
  expect(genericSection(packages)).toEqual({
    '/srv/mix.lock:a@1': '{"name":"a","version":"1","location":"/srv/mix.lock","type":"hex","files":[],"license":"MIT ISC","origin":"N/A","metadata":{"a":"b","purl":"pkg:hex/a@1"}}',
    '/srv/mix.lock:b@2': '{"name":"b","version":"2","location":"/srv/mix.lock","type":"hex","files":[],"license":"MIT ISC","origin":"N/A","metadata":{"a":"b","purl":"pkg:hex/b@2"}}',
  });
});
