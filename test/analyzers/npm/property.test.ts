import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { plainJson } from '../../../src/analyzers/npm/lock/plainJson.js';
import { readPnpmLock } from '../../../src/analyzers/npm/lock/pnpmLock.js';
import { readYarnLock } from '../../../src/analyzers/npm/lock/yarnLock.js';

const TOKENS = ['packages:\n', 'snapshots:\n', '  ', '    ', '"', "'", ':', ': ', '@', '/', 'a', '1.0.0', '^', ', ', '\n', '\r\n', 'version', 'resolution', 'dependencies:\n', 'npm:', '(', ')', '#', '{integrity: x}', 'é'];
const text = fc.array(fc.constantFrom(...TOKENS), { maxLength: 60 }).map((tokens) => tokens.join(''));

test('whatever a lock file holds, every package it names has a version (property)', () => {
  fc.assert(fc.property(text, (lock) => {
    for (const { version } of readPnpmLock(lock)) expect(version).not.toBe('');
    expect(() => readYarnLock(lock)).not.toThrow();
  }), { numRuns: 500, seed: 5 });
});

test('JSON stays what it is, whatever comments and trailing commas are put in (property)', () => {
  fc.assert(fc.property(fc.json(), fc.constantFrom(' // x\n', '/* , ] " */', '\n'), (json, noise) => {
    const noisy = json.replace(/[\]}]$/, (close) => (/[[{]$/.test(json.slice(0, -1)) ? close : `,${noise}${close}`)) + noise;
    const parsed: unknown = JSON.parse(plainJson(Buffer.from(noise + noisy)).toString());
    expect(parsed).toEqual(JSON.parse(json));
  }), { numRuns: 300, seed: 5 });
});
