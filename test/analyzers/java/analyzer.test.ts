import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readJavaArchive } from '../../../src/analyzers/java/archive.js';
import { javaAnalyzer } from '../../../src/analyzers/java/analyzer.js';
import { coordinatesAt } from '../../../src/analyzers/java/repository.js';
import { javaSection } from '../../../src/analyzers/java/section.js';
import type { Analyzer } from '../../../src/analyzers/analyzer.js';
import { expectGolden, fixture } from '../../golden.js';
import { zip } from '../archive/zip-writer.js';
import { look } from '../os/layers.js';

const java = javaAnalyzer as Analyzer;
const jar = (name: string): Buffer => readFileSync(fixture(`java/${name}`));
const MANIFEST = 'META-INF/MANIFEST.MF';

function pom(groupId: string, artifactId: string, version: string): { name: string; content: string } {
  return { name: `META-INF/maven/${groupId}/${artifactId}/pom.properties`, content: `#made\nversion=${version}\ngroupId=${groupId}\nartifactId=${artifactId}\n` };
}

/** `location purl` of every package, and what was told. */
function found(files: Readonly<Record<string, Buffer | string>>): { packages: string[]; problems: string[] } {
  const seen = look([java], [files]);
  return { packages: seen.packages(java).map(({ location, purl }) => `${location} ${purl}`), problems: seen.problems };
}

describe('real archives', () => {
  test.each([
    ['simple.jar', ['/simple.jar pkg:maven/simple/simple', '/simple.jar:com.some.package:package-name pkg:maven/com.some.package/package-name@1.2.3']],
    ['complex.jar', [
      '/complex.jar pkg:maven/complex/complex',
      '/complex.jar:com.some.package:package-name pkg:maven/com.some.package/package-name@1.2.3',
      '/complex.jar:BOOT-INF/lib/inner.jar pkg:maven/inner/inner',
      '/complex.jar:BOOT-INF/lib/inner.jar:com.some.anotherpackage:another-package-name pkg:maven/com.some.anotherpackage/another-package-name@3.2.1',
    ]],
    ['no_pom_properties-2.4.0.jar', ['/no_pom_properties-2.4.0.jar pkg:maven/no_pom_properties/no_pom_properties@2.4.0']],
    ['pom_missing_group_id-2.4.0.jar', [
      '/pom_missing_group_id-2.4.0.jar pkg:maven/pom_missing_group_id/pom_missing_group_id@2.4.0',
      '/pom_missing_group_id-2.4.0.jar:package-name pkg:maven/package-name/package-name@1.2.3',
    ]],
    ['org.eclipse.sisu.inject-0.3.5.jar', ['/org.eclipse.sisu.inject-0.3.5.jar pkg:maven/org.eclipse.sisu.inject/org.eclipse.sisu.inject@0.3.5']],
    ['empty.jar', []],
  ])('%s', (name, packages) => {
    expect(found({ [`/${name}`]: jar(name) })).toEqual({ packages, problems: [] });
  });

  test('nine within one are read, a hundred deep to the named depth, with a problem', () => {
    const ten = found({ '/nested_at_10.jar': jar('nested_at_10.jar') });
    expect(ten.packages.at(-1)).toBe(`/nested_at_10.jar${':nested.jar'.repeat(9)}:com.some.package:package-name pkg:maven/com.some.package/package-name@1.2.3`);
    expect(ten.problems).toEqual([]);
    const hundred = found({ '/nested_at_100.jar': jar('nested_at_100.jar') });
    expect(hundred.packages).toHaveLength(16);
    expect(hundred.problems).toEqual(['/nested_at_100.jar: Archives within it are more than 16 deep; the deeper ones are not read.']);
  });

  test.each(['invalid_jar.jar', 'not_jar'])('%s is a problem where its name says it is one', (name) => {
    expect(found({ '/x/a.jar': jar(name) })).toEqual({ packages: [], problems: ['/x/a.jar: The archive is no zip archive: it has no end record.'] });
    expect(found({ '/x/a.rar': jar(name) })).toEqual({ packages: [], problems: [] });
  });
});

describe('who an archive is', () => {
  const title = (text: string): { name: string; content: string } => ({ name: MANIFEST, content: `Manifest-Version: 1.0\n${text}\n` });
  test.each<[string, string, Parameters<typeof zip>[0], string[]]>([
    ['its pom.properties', 'a-1.0.jar', [title('Implementation-Version: 9'), pom('com.some', 'a', '2.0')], [' pkg:maven/com.some/a@2.0']],
    ['its only pom.xml', 'a.jar', [{ name: 'META-INF/maven/g/b/pom.xml', content: '<project><groupId>g</groupId><artifactId>b</artifactId><version>3</version></project>' }], [' pkg:maven/g/b@3']],
    ['its file name before its manifest', 'a-1.0.jar', [title('Implementation-Title: b\nImplementation-Version: 9\nImplementation-Vendor-Id: com.some')], [' pkg:maven/com.some/a@1.0']],
    ['its manifest', 'a.jar', [title('Implementation-Version: 9\nBundle-SymbolicName: com.some.a;singleton:=true')], [' pkg:maven/com.some.a/a@9']],
    ['renamed, and known by its title', 'app.jar', [title('Implementation-Title: shop'), pom('com.some', 'shop', '2.0')], [' pkg:maven/com.some/shop@2.0']],
    ['shaded', 'a-1.0.jar', [pom('com.some', 'a', '1.0'), pom('com.other', 'b', '2.0'), pom('com.some', 'c', '3.0')], [
      ' pkg:maven/com.some/a@1.0', ':com.other:b pkg:maven/com.other/b@2.0', ':com.some:c pkg:maven/com.some/c@3.0']],
    ['of several parts of it none', 'ehcache-3.10.8.jar', [title('Bundle-SymbolicName: org.ehcache.ehcache'), pom('org.ehcache.modules', 'ehcache-107', '3.10.8'), pom('org.ehcache.modules', 'ehcache-core', '3.10.8')], [
      ' pkg:maven/org.ehcache/ehcache@3.10.8', ':org.ehcache.modules:ehcache-107 pkg:maven/org.ehcache.modules/ehcache-107@3.10.8', ':org.ehcache.modules:ehcache-core pkg:maven/org.ehcache.modules/ehcache-core@3.10.8']],
    ['a version that looks like a name', 'log4j-1.2-api-2.17.1.jar', [pom('org.apache.logging.log4j', 'log4j-1.2-api', '2.17.1')], [' pkg:maven/org.apache.logging.log4j/log4j-1.2-api@2.17.1']],
    ['not the library that it instruments', 'spring.jar', [title('Weave-Classes: x\nImplementation-Version: 1')], []],
    ['an old artifact, its own group', 'commons-io-2.6.jar', [title('Bundle-SymbolicName: org.apache.commons.io')], [' pkg:maven/commons-io/commons-io@2.6']],
  ])('%s', (_, name, members, packages) => {
    expect(found({ [`/lib/${name}`]: zip(members) })).toEqual({ packages: packages.map((end) => `/lib/${name}${end}`), problems: [] });
  });

  test('a web application holds its libraries, stored or deflated', () => {
    const inner = zip([pom('com.some', 'lib', '1.0')]);
    const war = zip([{ name: 'WEB-INF/lib/lib-1.0.jar', content: inner, stored: true }, { name: 'WEB-INF/lib/other-2.0.JAR', content: inner }, { name: 'index.html', content: 'x' }]);
    expect(found({ '/srv/shop-1.war': war }).packages).toEqual([
      '/srv/shop-1.war pkg:maven/shop/shop@1',
      '/srv/shop-1.war:WEB-INF/lib/lib-1.0.jar pkg:maven/com.some/lib@1.0',
      '/srv/shop-1.war:WEB-INF/lib/other-2.0.JAR pkg:maven/other/other@2.0',
      '/srv/shop-1.war:WEB-INF/lib/other-2.0.JAR:com.some:lib pkg:maven/com.some/lib@1.0',
    ]);
  });
});

describe('archives that a repository names', () => {
  const plain = zip([{ name: MANIFEST, content: 'Implementation-Version: 9\n' }]);
  const REPOSITORY = '/usr/share/maven-repo';

  test.each<[string, Readonly<Record<string, Buffer | string | { link: string }>>, string[]]>([
    ['Debian’s links say what a renamed jar is', {
      '/usr/share/java/commons-collections3-3.2.2.jar': plain,
      [`${REPOSITORY}/commons-collections/commons-collections/3.2.2/commons-collections-3.2.2.jar`]: { link: '../../../../java/commons-collections3-3.2.2.jar' },
      [`${REPOSITORY}/commons-collections/commons-collections/3.x/commons-collections-3.x.jar`]: { link: '../../../../java/commons-collections3-3.2.2.jar' },
    }, ['/usr/share/java/commons-collections3-3.2.2.jar pkg:maven/commons-collections/commons-collections@3.2.2']],
    ['of several names its own', {
      '/usr/share/java/servlet-api-4.0.jar': plain,
      [`${REPOSITORY}/javax/servlet/javax.servlet-api/4.0.1/javax.servlet-api-4.0.1.jar`]: { link: '/usr/share/java/servlet-api-4.0.jar' },
      [`${REPOSITORY}/org/apache/tomcat/servlet-api/4.0/servlet-api-4.0.jar`]: { link: '/usr/share/java/servlet-api-4.0.jar' },
    }, ['/usr/share/java/servlet-api-4.0.jar pkg:maven/org.apache.tomcat/servlet-api@4.0']],
    ['a file in Maven’s cache', { '/root/.m2/repository/com/some/lib/1.2/lib-1.2.jar': plain }, ['/root/.m2/repository/com/some/lib/1.2/lib-1.2.jar pkg:maven/com.some/lib@1.2']],
    ['a file in Gradle’s cache', {
      '/root/.gradle/caches/modules-2/files-2.1/com.some/lib/1.2/0123456789012345678901234567890123456789/lib-1.2.jar': plain,
    }, ['/root/.gradle/caches/modules-2/files-2.1/com.some/lib/1.2/0123456789012345678901234567890123456789/lib-1.2.jar pkg:maven/com.some/lib@1.2']],
    ['its own pom says better', {
      '/usr/share/java/a.jar': zip([pom('com.own', 'a', '2.0')]), [`${REPOSITORY}/com/other/b/1.0/b-1.0.jar`]: { link: '/usr/share/java/a.jar' },
    }, ['/usr/share/java/a.jar pkg:maven/com.own/a@2.0']],
    ['a link to nothing, and one to itself', {
      '/lib/a-1.jar': plain, [`${REPOSITORY}/com/b/1.0/b-1.0.jar`]: { link: '/gone.jar' }, [`${REPOSITORY}/com/c/1.0/c-1.0.jar`]: { link: 'c-1.0.jar' },
    }, ['/lib/a-1.jar pkg:maven/a/a@1']],
  ])('%s', (_, files, packages) => {
    expect(look([java], [files]).packages(java).map(({ location, purl }) => `${location} ${purl}`)).toEqual(packages);
  });

  test.each([
    ['/usr/share/maven-repo/org/x/a/1.0/a-1.0.jar', 'org.x:a:1.0'],
    ['/m/repository/org/x-y/z/a.b/1.0-rc.1/a.b-1.0-rc.1-sources.jar', 'org.x-y.z:a.b:1.0-rc.1'],
    ['/usr/share/maven-repo/org/x/a/debian/a-debian.jar', undefined],
    ['/usr/share/maven-repo/org/x/a/3.x/a-3.x.jar', undefined],
    ['/usr/share/maven-repo/org/x/a/1.0/b-1.0.jar', undefined],
    ['/srv/org/x/a/1.0/a-1.0.jar', undefined],
    [`/repository/${'a/'.repeat(2000)}1/a-1.jar`, undefined],
    [`/repository/${'a-'.repeat(400)}/1/a-1.jar`, undefined],
  ])('place %#', (path, said) => {
    const found = coordinatesAt(path);
    expect(found && [found.groupId, found.artifactId, found.version].join(':')).toBe(said);
  });
});

describe('hostile archives', () => {
  test('a bomb in an archive is a problem, and the rest is read', () => {
    const outer = zip([{ name: 'bomb.jar', content: zip([{ name: 'inner.jar', content: Buffer.alloc(70_000_000) }]) }, { name: 'good-1.0.jar', content: zip([pom('g', 'good', '1.0')]) }]);
    const { packages, problems } = found({ '/a.jar': outer });
    expect(problems).toEqual(['/a.jar: The archive bomb.jar:inner.jar would unpack to more than the archive may.']);
    expect(packages).toContain('/a.jar:good-1.0.jar pkg:maven/g/good@1.0');
  });

  test('a thousand broken entries are told in few words', () => {
    const outer = zip(Array.from({ length: 1000 }, (_, index) => ({ name: `${index}.jar`, content: 'x' })));
    const { problems } = found({ '/a.jar': outer });
    expect(problems).toHaveLength(21);
    expect(problems.at(-1)).toBe('/a.jar: 980 more of its entries cannot be read.');
  });

  test.each(['complex.jar', 'nested_at_10.jar', 'com.google.src.yolo-0.1.2.jar'])('no change of bytes in %s makes it throw (property)', (name) => {
    const bytes = jar(name);
    fc.assert(fc.property(fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { maxLength: 4 }), fc.nat(bytes.length), (changes, cut) => {
      const changed = Buffer.from(bytes);
      for (const [at, value] of changes) changed[at] = value;
      expect(() => readJavaArchive(name, changed.subarray(0, Math.max(cut, bytes.length / 2)), () => undefined)).not.toThrow();
    }), { numRuns: 150, seed: 5 });
  });
});

test('the section is the seed’s', () => {
  const inner = zip([{ name: MANIFEST, content: 'Specification-Version: 1\nImplementation-Vendor: Some Inc.\n' }]);
  const shaded = zip([{ name: MANIFEST, content: 'Implementation-Version: 1.0.0\n' }, pom('com.some', 'shop', '1.0'), pom('com.other', 'b', '2.0'), { name: 'lib/inner-1.jar', content: inner }]);
  const packages = look([java], [{ '/srv/shop-1.0.jar': shaded, '/opt/java/release': 'JAVA_VERSION="17.0.1"\n' }]).packages(java);
  const rows = Object.entries(javaSection(packages.filter(({ type }) => type === 'java'))).map(([key, value]) => [key, JSON.parse(value) as unknown]);
  expectGolden('analyzers/java-section.json', `${JSON.stringify(Object.fromEntries(rows), null, 2)}\n`);
  expect(packages.filter(({ type }) => type === 'binary').map(({ purl }) => purl)).toEqual(['pkg:generic/oracle/openjdk@17.0.1']);
});
