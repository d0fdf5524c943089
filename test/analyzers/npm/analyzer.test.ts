import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { Analyzer } from '../../../src/analyzers/analyzer.js';
import { npmAnalyzer } from '../../../src/analyzers/npm/analyzer.js';
import { npmSection } from '../../../src/analyzers/npm/section.js';
import { expectGolden, fixture } from '../../golden.js';
import { zip } from '../archive/zip-writer.js';
import { look, type Layer } from '../os/layers.js';

const npm = npmAnalyzer as Analyzer;
const lock = (name: string): Buffer => readFileSync(fixture(`npm/locks/${name}`));
const manifest = (name: string, version = '1.0.0', more: object = {}): string => JSON.stringify({ name, version, ...more });

function purls(...layers: Layer[]): string[] {
  return look([npm], layers).packages(npm).map(({ location, purl }) => `${location} ${purl}`);
}

describe('lock files', () => {
  const LOCKS: [string, string, number][] = [
    ['package-lock.json', 'package-lock-v1.json', 73], ['package-lock.json', 'package-lock-v2.json', 73], ['npm-shrinkwrap.json', 'package-lock-v3.json', 73],
    ['pnpm-lock.yaml', 'pnpm-lock-v6.yaml', 73],
    // these do not say what only development needs: minimist is listed too
    ['yarn.lock', 'yarn-v1.lock', 74], ['yarn.lock', 'yarn-berry.lock', 74], ['pnpm-lock.yaml', 'pnpm-lock-v9.yaml', 74], ['bun.lock', 'bun.lock', 74],
  ];
  const names = (file: string, name: string): string[] => look([npm], [{ [`/app/${file}`]: lock(name) }]).packages(npm).map(({ purl }) => purl).sort();

  test.each(LOCKS)('%s (%s): %i packages, the same as every other tool says', (file, name, count) => {
    const found = names(file, name);
    expect(found).toHaveLength(count);
    expect(found.filter((purl) => purl !== 'pkg:npm/minimist@1.2.8')).toEqual(names('package-lock.json', 'package-lock-v3.json'));
  });

  test('say what needs what', () => {
    for (const [file, name] of LOCKS) {
      const accepts = look([npm], [{ [`/app/${file}`]: lock(name) }]).packages(npm).find((found) => found.name === 'accepts');
      expect([name, [...(accepts?.dependencies ?? [])].sort()]).toEqual([name, ['mime-types', 'negotiator']]);
    }
  });

  test('count only where nothing is installed beside them', () => {
    const files: Layer = { '/app/package-lock.json': lock('package-lock-v3.json'), '/app/node_modules/a/package.json': manifest('a'), '/other/yarn.lock': lock('yarn-v1.lock') };
    const found = purls(files);
    expect(found.filter((line) => line.startsWith('/app/'))).toEqual(['/app/node_modules/a/package.json pkg:npm/a@1.0.0']);
    expect(found.filter((line) => line.startsWith('/other/'))).toHaveLength(74);
  });

  test('that packages were published with bind nobody', () => {
    expect(purls({ '/app/node_modules/a/yarn.lock': lock('yarn-v1.lock') })).toEqual([]);
  });

  test.each([
    ['package-lock.json', '{"lockfileVersion":1,"dependencies":{"a":{"version":"npm:b@2.0.0"},"c":{"version":"file:../c"},"d":{"version":"1.0.0","dev":true},"e":{"version":"1.0.0","dependencies":{"f":{"version":"3.0.0"}}}}}', ['b@2.0.0', 'e@1.0.0', 'f@3.0.0']],
    ['package-lock.json', '{"packages":{"":{"name":"shop"},"node_modules/a":{"version":"1.0.0","link":true},"node_modules/x/node_modules/@s/b":{"version":"2.0.0"},"node_modules/alias":{"name":"real","version":"3.0.0"},"packages/own":{"version":"1.0.0"}}}', ['@s/b@2.0.0', 'real@3.0.0']],
    ['yarn.lock', '# yarn lockfile v1\n\n\n"@s/a@^1.0.0", "@s/a@^1.1.0":\n  version "1.2.0"\n  dependencies:\n    b "^1"\n\nb@npm:c@^2.0.0:\n  version "2.1.0"\n', ['@s/a@1.2.0', 'c@2.1.0']],
    ['yarn.lock', '__metadata:\n  version: 8\n\n"shop@workspace:.":\n  version: 0.0.0-use.local\n  resolution: "shop@workspace:."\n\n"p@patch:p@npm%3A1.0.0#x":\n  version: 1.0.0\n  resolution: "p@patch:p@npm%3A1.0.0#x::version=1.0.0"\n', ['p@1.0.0']],
    ['package-lock.json', '{"lockfileVersion":3,"packages":{"":{"name":"app"},"node_modules/a":{"version":"1.0.0","dev":true},"node_modules/b":{"version":"2.0.0","devOptional":true},"node_modules/c":{"version":"3.0.0","optional":true}}}', ['b@2.0.0', 'c@3.0.0']],
    ['yarn.lock', '# yarn lockfile v1\n\na@^1.0.0:\n  version "1.5.2"\n  resolved "https://registry.yarnpkg.com/@s/b/-/b-1.5.2.tgz#58868f"\n', ['@s/b@1.5.2']],
    ['pnpm-lock.yaml', 'lockfileVersion: 5.4\n\npackages:\n\n  /@s/a/1.0.0_b@2.0.0:\n    resolution: {integrity: sha512-x}\n    dev: false\n\n  /c/3.0.0:\n    dev: true\n', ['@s/a@1.0.0']],
    ['bun.lock', '{ // c\n "packages": { "a": ["a@1.0.0", "", {}, "sha",], "w": ["w@workspace:x"], "q": ["q\\",]@2"], },}', ['a@1.0.0']],
  ])('%s, odd ones: %#', (file, text, expected) => {
    expect(look([npm], [{ [`/app/${file}`]: text }]).packages(npm).map(({ name, version }) => `${name}@${version}`).filter((id) => !id.startsWith('q'))).toEqual(expected);
  });

  test.each(['package-lock.json', 'yarn.lock', 'pnpm-lock.yaml', 'bun.lock', 'package.json'])('%s, hostile ones', (file) => {
    const deep = (open: string, close: string): string => open.repeat(50_000) + close.repeat(50_000);
    for (const text of ['{', 'null', '[]', '"x"', '{"packages":[1],"dependencies":"x"}', deep('[', ']'), deep('{"dependencies":{"a":', ''), '"\\"'.repeat(50_000), '/*'.repeat(50_000), ':\n  '.repeat(50_000), '"@'.repeat(50_000), '\u0000\ufffd\n', ' '.repeat(100_000)]) {
      const seen = look([npm], [{ [`/app/${file}`]: text }]);
      expect(() => seen.packages(npm)).not.toThrow();
    }
  });
});

describe('what is installed', () => {
  test('npm’s, pnpm’s and Yarn’s layouts, and the application itself', () => {
    expect(purls({
      '/app/package.json': JSON.stringify({ name: 'shop', private: true }),
      '/app/node_modules/a/package.json': manifest('a'),
      '/app/node_modules/a/node_modules/@s/b/package.json': manifest('@s/b', '2.0.0'),
      '/app/node_modules/a/esm/package.json': '{"type":"module"}',
      '/app/node_modules/a/test/package.json': '{"name":"no version"}',
      '/app/node_modules/a/cjs/package.json': '{"name":"a/cjs","main":"x.js"}',
      '/app/node_modules/a/compiled/acorn/package.json': '{"name":"acorn","license":"MIT"}',
      '/app/node_modules/.pnpm/c@3.0.0/node_modules/c/package.json': manifest('c', '3.0.0'),
      '/app/node_modules/c': { link: '.pnpm/c@3.0.0/node_modules/c' },
    })).toEqual([
      '/app/node_modules/.pnpm/c@3.0.0/node_modules/c/package.json pkg:npm/c@3.0.0',
      '/app/node_modules/a/compiled/acorn/package.json pkg:npm/acorn',
      '/app/node_modules/a/node_modules/@s/b/package.json pkg:npm/%40s/b@2.0.0',
      '/app/node_modules/a/package.json pkg:npm/a@1.0.0',
      '/app/package.json pkg:npm/shop',
    ]);
  });

  test('zips of Yarn’s cache, with no need of the lock file', () => {
    const cached = zip([{ name: 'node_modules/accepts/package.json', content: manifest('accepts', '1.3.8') }, { name: 'node_modules/accepts/lib/package.json', content: '{}' }]);
    for (const cache of ['/app/.yarn/cache', '/root/.yarn/berry/cache']) {
      expect(purls({ [`${cache}/accepts-npm-1.3.8-9a812371c9-8.zip`]: cached, '/app/yarn.lock': lock('yarn-berry.lock') })).toEqual([
        `${cache}/accepts-npm-1.3.8-9a812371c9-8.zip:node_modules/accepts/package.json pkg:npm/accepts@1.3.8`,
      ]);
    }
    expect(look([npm], [{ '/app/.yarn/cache/x.zip': 'PK' }]).problems).toEqual(['/app/.yarn/cache/x.zip: The archive is no zip archive: it has no end record.']);
  });

  test('a broken package.json is a problem', () => {
    const { problems } = look([npm], [{ '/a/package.json': readFileSync(fixture('npm/invalid')), '/b/package.json': Buffer.from([0xff, 0xfe, 0x7b]) }]);
    expect(problems.map((problem) => problem.split(': ')[0])).toEqual(['/a/package.json', '/b/package.json']);
  });

  test('a package that a later layer replaced is of that layer', () => {
    const path = '/app/node_modules/a/package.json';
    expect(look([npm], [{ [path]: manifest('a') }, { [path]: manifest('a', '2.0.0') }]).packages(npm)).toMatchObject([{ version: '2.0.0', layer: 1 }]);
  });
});

test('the section is the seed’s', () => {
  const packages = look([npm], [{
    '/app/node_modules/undici/package.json': readFileSync(fixture('npm/undici-package.json')),
    '/app/node_modules/accepts/package.json': readFileSync(fixture('npm/deps/accepts/package.json')),
    '/app/package.json': '{"name":"shop"}',
    '/locked/package-lock.json': '{"packages":{"node_modules/a":{"version":"1.0.0"},"node_modules/b":{"version":"1.0.0","license":"MIT"}}}',
  }]).packages(npm);
  const rows = Object.entries(npmSection(packages)).map(([key, value]) => [key, JSON.parse(value) as unknown]);
  expectGolden('analyzers/npm-section.json', `${JSON.stringify(Object.fromEntries(rows), null, 2)}\n`);
});
