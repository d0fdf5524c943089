import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { writePieces } from '../../src/cache/pieces.js';

const path = (): string => join(mkdtempSync(join(tmpdir(), 'inline-scan-pieces-')), 'file');

test.each([[0], [1], [512], [513], [3_000]])('%d pieces are written in their order', async (count) => {
  const file = path();
  const pieces = Array.from({ length: count }, (_, index) => Buffer.from(index % 7 === 0 ? '' : `${index} `));
  expect(await writePieces(file, pieces, 'wx')).toBe(Buffer.concat(pieces).length);
  expect(readFileSync(file).equals(Buffer.concat(pieces))).toBe(true);
});

test('what is there is written over, or left alone, as was asked', async () => {
  const file = path();
  await writePieces(file, [Buffer.from('long before')], 'w');
  await writePieces(file, [Buffer.from('now')], 'w');
  expect(readFileSync(file, 'utf8')).toBe('now');
  await expect(writePieces(file, [Buffer.from('x')], 'wx')).rejects.toMatchObject({ code: 'EEXIST' });
});

(existsSync('/dev/full') ? test : test.skip)('a full disk is an error', async () => {
  await expect(writePieces('/dev/full', [Buffer.from('x')], 'w')).rejects.toMatchObject({ code: 'ENOSPC' });
});
