import { expect, test } from '@jest/globals';
import { neededOf } from '../../../src/output/bom/needs.js';
import type { ScannedPackage } from '../../../src/report/scanned.js';

type Row = readonly [type: string, name: string, path: string, dependencies?: readonly string[], purl?: string];

/** Paths of what the first of the packages needs. */
function needed(rows: readonly Row[]): readonly string[] {
  const packages = rows.map(([type, name, path, dependencies = [], purl = '']) => ({ ref: `${type}/${name}#${path}`, package: { type, name, path, dependencies, purl } as unknown as ScannedPackage }));
  const [first] = packages;
  return first === undefined ? [] : neededOf(packages)(first).map((one) => one.package.path);
}

const npm = (path: string, ...dependencies: readonly string[]): Row => ['npm', path.split('/').at(-1) ?? '', `${path}/package.json`, dependencies];

test.each<[string, readonly Row[], readonly string[]]>([
  ['its own node_modules', [npm('/app/node_modules/a', 'b'), npm('/app/node_modules/b'), npm('/app/node_modules/a/node_modules/b')], ['/app/node_modules/a/node_modules/b/package.json']],
  ['not those of one whose name begins alike', [npm('/app/node_modules/a', 'b'), npm('/app/node_modules/abc/node_modules/b'), npm('/app/node_modules/b')], ['/app/node_modules/b/package.json']],
  ['not those of another application', [npm('/app/node_modules/a', 'b'), npm('/opt/node_modules/b')], []],
  ['a folder further up', [npm('/srv/app/node_modules/a/node_modules/c', 'b'), npm('/srv/node_modules/b'), npm('/srv/app/node_modules/z/node_modules/b')], ['/srv/node_modules/b/package.json']],
  ['an application without node_modules around it', [npm('/app', 'b'), npm('/app/node_modules/b')], ['/app/node_modules/b/package.json']],
  ["Debian's folder", [npm('/usr/share/nodejs/a', 'b'), npm('/usr/share/nodejs/b'), npm('/usr/share/nodejs/z/node_modules/b')], ['/usr/share/nodejs/b/package.json']],
  ["pnpm's store", [npm('/app/node_modules/.pnpm/a@1/node_modules/a', 'b'), npm('/app/node_modules/.pnpm/b@2/node_modules/b')], ['/app/node_modules/.pnpm/b@2/node_modules/b/package.json']],
  ["pnpm's store with two of them", [npm('/app/node_modules/.pnpm/a@1/node_modules/a', 'b'), npm('/app/node_modules/.pnpm/b@2/node_modules/b'), npm('/app/node_modules/.pnpm/b@3/node_modules/b')], []],
  ['of a lock file', [['npm', 'a', '/app/package-lock.json', ['b']], ['npm', 'b', '/app/package-lock.json'], ['npm', 'b', '/other/package-lock.json']], ['/app/package-lock.json']],
  ["PyPI's names", [['python', 'requests', '/usr/lib/python3/requests', ['charset_normalizer', 'Charset.Normalizer']], ['python', 'charset-normalizer', '/usr/lib/python3/charset']], ['/usr/lib/python3/charset']],
  ['the same site-packages', [['python', 'a', '/opt/one/lib/a', ['b']], ['python', 'b', '/opt/onetwo/lib/b'], ['python', 'b', '/opt/one/lib/b']], ['/opt/one/lib/b']],
  ["NuGet's names", [['dotnet', 'A', '/app/a.deps.json', ['newtonsoft.json']], ['dotnet', 'Newtonsoft.Json', '/app/a.deps.json']], ['/app/a.deps.json']],
  ["Maven's names", [['java', 'log4j-core', '/lib/core.jar', ['org.apache.logging.log4j:log4j-api', 'org.other:log4j-web']], ['java', 'log4j-api', '/lib/api.jar', [], 'pkg:maven/org.apache.logging.log4j/log4j-api@2.17.1'], ['java', 'log4j-web', '/lib/web.jar', [], 'pkg:maven/org.apache.logging.log4j/log4j-web@2.17.1']], ['/lib/api.jar']],
  ['a jar within', [['java', 'war', '/shop.war', ['g:a']], ['java', 'a', '/other.war:lib/a.jar', [], 'pkg:maven/g/a@1'], ['java', 'a', '/shop.war:lib/a.jar', [], 'pkg:maven/g/a@1']], ['/shop.war:lib/a.jar']],
  ['a broken purl', [['java', 'x', '/x.jar', ['g:a']], ['java', 'a', '/a.jar', [], 'pkg:maven/%zz/a@1']], []],
  ['itself', [['gem', 'a', '/a', ['a']]], []],
  ['another type', [['gem', 'a', '/a', ['b']], ['npm', 'b', '/b']], []],
  ['names of the language', [['gem', '__proto__', '/a', ['constructor', '__proto__']]], []],
])('%s', (_, rows, expected) => {
  expect(needed(rows)).toEqual(expected);
});
