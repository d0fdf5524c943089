/**
 * Texts that were made to be slow or confusing for readers of YAML, TOML, XML, JSON, RFC 822, DEP-5 and their kin, and for regular
 * expressions; and a path for each kind of file that some analyzer reads. Any text may stand at any path.
 */

/** One of each kind of file: test/analyzers/hostile.test.ts fails when an analyzer wants none of these. */
export const PATHS: readonly string[] = [
  // operating systems
  'var/lib/dpkg/status', 'var/lib/dpkg/status.d/base', 'var/lib/dpkg/info/a.md5sums', 'var/lib/dpkg/info/a.conffiles', 'var/lib/dpkg/info/a.list',
  'usr/share/doc/a/copyright', 'lib/apk/db/installed', 'var/lib/rpm/Packages', 'var/lib/rpm/rpmdb.sqlite', 'var/lib/rpm/Packages.db', 'var/lib/rpmmanifest/container-manifest-2',
  'var/lib/pacman/local/a-1-1/desc', 'var/lib/pacman/local/a-1-1/files', 'var/lib/pacman/local/a-1-1/mtree', 'var/db/pkg/a/b-1/CONTENTS', 'usr/lib/opkg/status', 'usr/lib/opkg/info/a.control',
  'etc/os-release', 'etc/system-release-cpe', 'etc/redhat-release', 'etc/debian_version', 'bin/busybox', 'boot/vmlinuz-6.1', 'lib/modules/6.1/kernel/a.ko', 'lib/modules/6.1/kernel/a.ko.zst', 'lib/modules/6.1/kernel/a.ko.gz',
  'etc/crontab', 'var/spool/cron/crontabs/root', 'etc/cron.daily/a', 'etc/systemd/system/a.service',
  // languages
  'app/node_modules/a/package.json', 'app/package.json', 'app/package-lock.json', 'app/yarn.lock', 'app/pnpm-lock.yaml', 'app/bun.lock', 'app/.yarn/cache/a-npm-1.0.0-abc.zip',
  'site-packages/a-1.dist-info/METADATA', 'site-packages/a-1.dist-info/RECORD', 'site-packages/a-1.egg-info/PKG-INFO', 'site-packages/a-1.egg-info/installed-files.txt', 'site-packages/a-1.dist-info/top_level.txt', 'site-packages/a.egg', 'app/a.whl',
  'app/poetry.lock', 'app/Pipfile.lock', 'app/uv.lock', 'app/pdm.lock', 'app/pylock.toml', 'app/requirements.txt', 'opt/conda/conda-meta/a-1-0.json',
  'usr/lib/ruby/gems/3.1.0/specifications/a-1.0.gemspec', 'app/a.gemspec', 'app/lib/version.rb', 'app/Gemfile.lock',
  'app/a.jar', 'app/a.war', 'opt/java/release', 'opt/a/pom.xml', 'app/Cargo.lock', 'app/vendor/composer/installed.json', 'app/composer.lock', 'usr/share/php/.registry/a.reg',
  'app/a.deps.json', 'app/packages.lock.json', 'app/packages.config', 'app/a.dll', 'usr/lib/R/library/a/DESCRIPTION', 'usr/share/perl/META.json', 'usr/share/perl/META.yml', 'usr/lib/perl/auto/A/.packlist', 'usr/lib/perl/perllocal.pod',
  'app/ebin/a.app', 'app/mix.lock', 'app/rebar.lock', 'app/pubspec.lock', 'app/Package.resolved', 'app/Podfile.lock', 'app/conan.lock', 'app/conanfile.txt', 'root/.conan/data/a/1/b/c/package/d/conaninfo.txt',
  'app/stack.yaml.lock', 'app/cabal.project.freeze', 'usr/lib/luarocks/rocks-5.4/a/1.0-1/a-1.0-1.rockspec', 'var/www/wp-includes/version.php', 'var/www/wp-content/plugins/a/a.php', 'var/www/wp-content/themes/a/style.css',
  'opt/idea/product-info.json', 'root/.vscode/extensions/a/package.json', 'opt/bitnami/a/.spdx-a.spdx', 'opt/a.spdx.json', 'opt/bom.xml', 'opt/a.cdx.json', 'opt/a.spdx', 'opt/a.syft.json',
  // contents
  'etc/passwd', 'etc/shadow', 'etc/group', 'etc/nginx/nginx.conf', 'etc/ssh/sshd_config', 'etc/redis/redis.conf', 'etc/ssh/ssh_host_rsa_key', 'etc/ssl/certs/a.pem', 'app/.env', 'app/settings.yml', 'app/main.py',
  'root/.netrc', 'root/.kube/config', 'root/.docker/config.json', 'app/terraform.tfstate', 'root/.aws/credentials', 'usr/bin/tool', 'usr/bin/node',
];

/** Text of about `size` bytes. */
type Maker = (size: number) => string;

const times = (text: string): Maker => (size) => text.repeat(Math.max(1, Math.floor(size / text.length)));
const around = (open: string, middle: string, close: string): Maker => (size) => {
  const depth = Math.max(1, Math.floor(size / (open.length + close.length)));
  return open.repeat(depth) + middle + close.repeat(depth);
};
const after = (head: string, make: Maker): Maker => (size) => head + make(size);

export const TEXTS: Readonly<Record<string, Maker>> = {
  'nothing but a byte order mark': () => '\ufeff',
  'bytes that are no UTF-8': (size) => `\udcff${'é'.repeat(size / 2)}`,
  'YAML: a billion laughs': () => ['a: &a [x,x,x,x,x,x,x,x,x,x]', ...[...'bcdefghij'].map((name, index) => `${name}: &${name} [${Array(10).fill(`*${'abcdefghij'[index]}`).join(',')}]`)].join('\n'),
  'YAML: an alias to itself': () => 'packages: &a\n  b: *a\n',
  'YAML: brackets open': times('['), 'YAML: braces open': times('{'), 'YAML: braces within keys': times('{{'), 'YAML: brackets open and close': around('[', '1', ']'),
  'YAML: deep by indentation': (size) => Array.from({ length: Math.floor(Math.sqrt(size)) }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
  'YAML: dashes on a line': times('- '), 'YAML: question marks': times('? '), 'YAML: colons': times('a: '), 'YAML: a flow map of many keys': after('packages: {', times('a: 1, ')), 'YAML: quotes open': times('"\n'),
  'YAML: anchors': times('&a '), 'YAML: tags': times('!!a '), 'YAML: many documents': times('---\n'), 'YAML: block scalars': times('a: |\n'), 'YAML: merge keys': after('a: &a {b: 1}\nc:\n', times('  <<: *a\n')),
  'JSON: arrays in arrays': around('[', '1', ']'), 'JSON: objects in objects': around('{"a":', '1', '}'), 'JSON: open': times('{"packages":['),
  'JSON: __proto__': () => JSON.stringify(JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"name":"a","version":"1","packages":{"__proto__":{"version":"1","polluted":1},"":{"name":"a"},"node_modules/__proto__":{"version":"1.0.0"}},"dependencies":{"__proto__":"1","toString":"1"}}')),
  'JSON: wrong types': () => '{"name":{},"version":[],"packages":1,"dependencies":"x","license":{"type":[]},"libraries":[null],"components":[[]],"files":{"a":null}}',
  'JSON: huge numbers': after('{"version":1', times('0')), 'JSON: escapes': after('{"name":"', times('\\u0000')),
  'XML: a billion laughs': () => `<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "lol">${[...'bcdefghij'].map((name, index) => `<!ENTITY ${name} "${`&${'abcdefghij'[index]};`.repeat(10)}">`).join('')}]><packages><package id="&j;" version="1">&j;</package></packages>`,
  'XML: an entity of a file': () => '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><bom xmlns="http://cyclonedx.org/schema/bom/1.4"><components><component type="library"><name>&b;</name><version>1</version></component></components></bom>',
  'XML: deep': around('<a>', '1', '</a>'), 'XML: open': times('<a '), 'XML: comments': times('<!-- '), 'XML: CDATA': times('<![CDATA['), 'XML: __proto__': () => '<packages><__proto__><polluted>1</polluted></__proto__><package id="__proto__" version="1"/></packages>',
  'TOML: arrays in arrays': after('a = ', around('[', '1', ']')), 'TOML: inline tables': after('a = ', around('{b = ', '1', '}')), 'TOML: dotted keys': (size) => `${'a.'.repeat(size / 2)}b = 1`, 'TOML: tables': times('[[package]]\n'),
  'TOML: __proto__': () => '[[package]]\nname = "__proto__"\nversion = "1"\n[__proto__]\npolluted = 1\n[package.__proto__]\npolluted = 1\n', 'TOML: strings open': times('a = """\n'),
  'RFC 822: a continuation without end': after('Package: a\nVersion: 1\nDescription: a\n', times(' x\n')), 'RFC 822: fields': times('A: b\n'), 'RFC 822: empty paragraphs': times('\n'), 'RFC 822: a long line': after('Package: ', times('a')),
  'RFC 822: packages': times('Package: a\nStatus: install ok installed\nVersion: 1\n\n'), 'RFC 822: dependencies': after('Package: a\nVersion: 1\nStatus: install ok installed\nDepends: ', times('a | b (>= 1), ')), 'RFC 822: brackets': after('Package: a\nSource: a (', times('(')),
  'DEP-5: licences': after('Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\n', times('Files: *\nCopyright: a\nLicense: GPL-2+ and (MIT or\n (BSD\n\n')), 'DEP-5: parentheses': after('Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\nLicense: ', times('(')),
  'SPDX: parentheses': after('PackageName: a\nPackageVersion: 1\nPackageLicenseDeclared: ', times('(MIT OR ')), 'one long line': times('a'), 'spaces': times(' '), 'tabs and spaces': times('\t '), 'newlines': times('\n'), 'carriage returns': times('\r'), 'NULs': times('\0'), 'spaces at line ends': times(`${' '.repeat(200)}\n`),
  'quotes': times('"'), 'backslashes': times('\\'), 'parentheses': times('('), 'slashes': times('/a'), 'dots': times('../'), 'equals': times('='), 'numbers and dots': times('1.'), 'dashes': times('a-1'), 'percent signs': times('%q('), 'colons': times(':'), 'at signs': times('a@'), 'semicolons': times('a;'), 'hashes': times('# '), 'dollars': times('${a'),
  'Ruby: strings': after('Gem::Specification.new do |s|\n s.name = ', times('%q(')), 'Ruby: assignments': times('s.version = "1"\n'), 'Erlang: terms': times('{application,'), 'Elixir: locks': after('%{\n', times('"a": {:hex, ')), 'PHP: serialized': times('a:9:{i:0;'), 'PHP: serialized strings': times('s:999999999:"'),
  'Lua: tables': after('dependencies = {', times('{"a",')), 'secrets: assignments': times('password = '), 'secrets: URLs': times('https://a:b@'), 'secrets: keys': times('-----BEGIN PRIVATE KEY-----\n'), 'secrets: tokens': times('eyJhbGciOiJ.'), 'secrets: AWS': times('AKIA'), 'secrets: JSON web keys': times('"kty":"RSA","d'),
  'accounts': times('root::0:0:root:/:/bin/sh\n'), 'servers': times('server { listen 80; '), 'cron': times('* * * * * root a\n'), 'units': times('[Service]\nExecStart=a \\\n'), 'versions in a binary': times('node.js/v18.0.0\0OpenSSL 1.1.1\0'),
};

/** The bytes of a text; a lone surrogate stands for a byte that is no UTF-8. */
export function hostileBytes(name: string, size: number): Buffer {
  const text = TEXTS[name]?.(size) ?? '';
  return Buffer.from(text.startsWith('\udcff') ? `\xff\xfe\xfa${text.slice(1)}` : text, text.startsWith('\udcff') ? 'latin1' : 'utf8');
}
