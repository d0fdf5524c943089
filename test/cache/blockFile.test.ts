import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BrokenBlock, openBlocks, writeBlocks } from '../../src/cache/blockFile.js';

const BLOCKS = new Map([['one', Buffer.from('first')], ['empty', Buffer.alloc(0)], ['__proto__', Buffer.from([0, 255])]]);

async function file(): Promise<string> {
  const path = join(mkdtempSync(join(tmpdir(), 'inline-scan-blocks-')), 'below', 'file');
  expect(await writeBlocks(path, BLOCKS)).toBe(readFileSync(path).length);
  return path;
}

/** All that a file gives; the word for a file that is not taken. */
function read(path: string): Record<string, string> | 'none' | 'broken' {
  const blocks = openBlocks(path);
  try {
    return blocks === undefined ? 'none' : Object.fromEntries(blocks.names.map((name) => [name, blocks.get(name).toString('latin1')]));
  } catch (error) {
    if (error instanceof BrokenBlock) return 'broken';
    throw error;
  } finally {
    blocks?.close();
  }
}

describe('blocks', () => {
  test('are read as they were written', async () => {
    const path = await file();
    expect(Object.entries(read(path))).toEqual([['one', 'first'], ['empty', ''], ['__proto__', '\0\xff']]);
    const blocks = openBlocks(path);
    expect(blocks?.get('none').length).toBe(0);
    blocks?.discard();
    blocks?.close();
    expect(existsSync(path)).toBe(false);
  });

  test('are never taken where a byte is another one, or missing', async () => {
    const path = await file();
    const bytes = readFileSync(path);
    for (let at = 0; at < bytes.length; at++) {
      const other = Buffer.from(bytes);
      other[at] = (other[at] ?? 0) ^ 0x10;
      writeFileSync(path, other);
      expect(['none', 'broken']).toContain(read(path));
      writeFileSync(path, bytes.subarray(0, at));
      expect(['none', 'broken']).toContain(read(path));
    }
  });

  test('are not taken where there is more than was written, or a pipe', async () => {
    const path = await file();
    writeFileSync(path, Buffer.concat([readFileSync(path), Buffer.from('x')]));
    expect(read(path)).toBe('none');
    rmSync(path);
    execFileSync('mkfifo', [path]);
    expect(read(path)).toBe('none');
  });

  test.each([[-1], [1.5], [2 ** 53], [2 ** 40]])('of %d bytes, by a header that is whole, are not taken', async (length) => {
    const path = await file();
    const header = Buffer.from(JSON.stringify({ blocks: [['one', length, '0'.repeat(64)]] }));
    const prefix = Buffer.concat([createHash('sha256').update(header).digest(), Buffer.alloc(4)]);
    prefix.writeUInt32LE(header.length, 32);
    writeFileSync(path, Buffer.concat([prefix, header, Buffer.from('first')]));
    expect(read(path)).toBe('none');
  });

  test('in pieces are the same as whole', async () => {
    const path = await file();
    const whole = readFileSync(path);
    await writeBlocks(path, new Map([['one', [Buffer.from('fi'), Buffer.alloc(0), Buffer.from('rst')]], ['empty', []], ['__proto__', [Buffer.from([0, 255])]]]));
    expect(readFileSync(path)).toEqual(whole);
  });

  test('may be thousands', async () => {
    const path = await file();
    const many = new Map(Array.from({ length: 3000 }, (_, index) => [`${index}`, Buffer.from(`${index}`)]));
    await writeBlocks(path, many);
    expect(Object.keys(read(path))).toHaveLength(3000);
  });

  test('where nothing can be written are none, and no error', async () => {
    const path = await file();
    expect(await writeBlocks(join(path, 'below'), BLOCKS)).toBe(0);
    expect(read(join(path, 'below'))).toBe('none');
  });
});
