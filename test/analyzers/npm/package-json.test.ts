import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readPackageJson } from '../../../src/analyzers/npm/packageJson.js';
import { fixture } from '../../golden.js';

const read = (name: string): unknown => JSON.parse(readFileSync(fixture(`npm/${name}`), 'utf8'));

describe('a package.json', () => {
  test.each([
    ['package.json', 'testdata', '10.46.8', [], 'Developer <dev@corp.com> (http://blog.dev.com)'],
    ['duplicate-keys.json', 'duplicate-keys', '1.0.0', [], ''],
    ['not-vscode.json', 'jsonparse', '1.3.1', ['MIT'], 'Tim Caswell <tim@creationix.com>'],
    ['undici-package.json', 'undici', '5.28.3', ['MIT'], 'Daniele Belardi (https://github.com/dnlup)'],
    ['deps/accepts/package.json', 'accepts', '1.3.8', ['MIT'], 'Douglas Christopher Wilson <doug@somethingdoug.com>'],
    ['deps/no-person-name/package.json', 'accepts', '1.3.8', ['MIT'], '<doug@somethingdoug.com>'],
    ['deps/with/deps/acorn/package.json', 'acorn', '1.2.2', ['MIT'], 'Marijn Haverbeke <marijnh@gmail.com>'],
    ['deps/acorn-globals/package.json', 'acorn-globals', '', ['MIT'], 'ForbesLindesay'],
  ])('%s', (file, name, version, licenses, origin) => {
    const draft = readPackageJson(read(file));
    expect(draft).toMatchObject({ name, version });
    expect(draft?.licenses).toEqual(licenses);
    expect(draft?.origin).toBe(origin);
  });

  test.each(['vscode-extension.json', 'vscode-extension-only-required.json', 'unity-package.json'])('%s is of another world', (file) => {
    expect(readPackageJson(read(file))).toBeUndefined();
  });

  test.each(['deps/acorn/package.json', 'deps/window-size/package.json'])('%s names nobody', (file) => {
    expect(readPackageJson(read(file))).toBeUndefined();
  });

  test.each<[string, unknown, string[]]>([
    ['a string', { license: ' MIT ' }, ['MIT']],
    ['an expression', { license: '(MIT OR Apache-2.0)' }, ['(MIT OR Apache-2.0)']],
    ['an object', { license: { type: 'MIT', url: 'https://x' } }, ['MIT']],
    ['an object with a url alone', { license: { url: 'https://x' } }, ['https://x']],
    ['a list under license', { license: ['MIT', { name: 'ISC' }] }, ['MIT', 'ISC']],
    ['a list under licenses', { licenses: [{ type: 'MIT' }, { type: 'Apache2' }] }, ['MIT', 'Apache2']],
    ['a string under licenses', { licenses: 'BSD' }, ['BSD']],
    ['both', { license: 'MIT', licenses: [{ type: 'MIT' }] }, ['MIT']],
    ['nonsense', { license: 7, licenses: [null, [], { type: 3 }] }, []],
  ])('licence: %s', (_, fields, licenses) => {
    expect(readPackageJson({ name: 'a', version: '1', ...(fields as object) })?.licenses).toEqual(licenses);
  });

  test.each<[string, unknown, string]>([
    ['a line', { author: 'Jane <j@x>' }, 'Jane <j@x>'],
    ['an object', { author: { name: 'Jane', email: 'j@x', url: 'https://x' } }, 'Jane <j@x> (https://x)'],
    ['the first maintainer', { maintainers: [{ name: 'A' }, 'B'] }, 'A'],
    ['contributors', { contributors: ['C', 'D'] }, 'C'],
    ['nonsense', { author: ['x', { name: { first: 'y' } }] }, ''],
  ])('author: %s', (_, fields, origin) => {
    expect(readPackageJson({ name: 'a', version: '1', ...(fields as object) })?.origin).toBe(origin);
  });

  test.each<[string, string]>([
    ['{"name":"a","version":"1","__proto__":{"license":"GPL"}}', '[]'],
    ['{"name":"a","version":"1","constructor":{"prototype":{"x":1}},"license":{"__proto__":{"type":"GPL"}}}', '[]'],
    ['{"name":"a","version":"1","license":"MIT","license":"ISC"}', '["ISC"]'],
  ])('keys that pollute or come twice: %s', (text, licenses) => {
    expect(JSON.stringify(readPackageJson(JSON.parse(text))?.licenses)).toBe(licenses);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  test('scopes are namespaces', () => {
    expect(readPackageJson({ name: '@babel/core', version: '7.0.0' })?.purl).toBe('pkg:npm/%40babel/core@7.0.0');
  });

  test('whatever JSON it is, it does not throw (property)', () => {
    fc.assert(fc.property(fc.jsonValue(), fc.jsonValue(), (any, license) => {
      readPackageJson(any);
      readPackageJson({ name: 'a', version: '1', license, author: any, repository: any, dependencies: any, engines: license });
    }), { numRuns: 200 });
  });
});
