import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { executables } from '../../../src/analyzers/executable/analyzer.js';
import { readExecutables } from '../../../src/analyzers/executable/executable.js';
import { CapturedRanges, wholeFile } from '../../../src/analyzers/executable/source.js';
import { assemblies } from '../../../src/analyzers/dotnet/assembly.js';
import { FormatError } from '../../../src/analyzers/packageFile/read.js';
import { fixtureBytes, runOn } from '../packageFile/run.js';

const NAMES = ['go1.26-linux-amd64', 'go1.17-linux-amd64', 'go1.17-windows-386.exe', 'go1.26-darwin-arm64', 'uses_serde_json'] as const;
const FILES = new Map(NAMES.map((name) => [name, fixtureBytes(`executable/${name}.gz`)]));
const elf = FILES.get('uses_serde_json') as Buffer;

function changed(bytes: Buffer, edit: (copy: Buffer) => void): Buffer {
  const copy = Buffer.from(bytes);
  edit(copy);
  return copy;
}

describe('executables that lie', () => {
  test.each([
    ['section headers beyond the end', changed(elf, (b) => b.writeBigUInt64LE(2n ** 40n, 40)), /beyond its end|points to byte/],
    ['section headers at 2^63', changed(elf, (b) => b.writeBigUInt64LE(2n ** 63n, 40)), /beyond its end|points to byte/],
    ['no section headers', changed(elf, (b) => b.writeBigUInt64LE(0n, 40)), undefined],
    ['headers of one byte', changed(elf, (b) => b.writeUInt16LE(1, 58)), /section headers are too small/],
    ['a count in section 0 of four thousand millions', changed(elf, (b) => { b.writeUInt16LE(0, 60); b.writeBigUInt64LE(2n ** 32n, Number(b.readBigUInt64LE(40)) + 32); }), /claims 4294967296 sections/],
    ['names in no section', changed(elf, (b) => b.writeUInt16LE(5000, 62)), /section names are nowhere/],
    ['no known width', changed(elf, (b) => b.writeUInt8(7, 4)), /no known width/],
    ['audit data that is no zlib', changed(elf, (b) => b.fill(0xff, 0x6b0c1, 0x6b0c1 + 40)), /does not unpack/],
    ['cut in the middle', elf.subarray(0, elf.length >> 1), undefined],
    ['cut after its magic', elf.subarray(0, 20), undefined],
  ])('%s', (_, bytes, problem) => {
    const { fact, problems } = runOn(executables, 'x', bytes);
    expect(fact).toBeUndefined();
    if (problem === undefined) expect(problems).toEqual([]);
    else expect(problems.join()).toMatch(problem);
  });

  test('old Go whose pointers lead nowhere is told', () => {
    const old = FILES.get('go1.17-linux-amd64') as Buffer;
    const at = old.indexOf('\xff Go buildinf:', 0, 'latin1');
    const { fact, problems } = runOn(executables, 'x', changed(old, (b) => b.writeBigUInt64LE(0x10n, at + 16)));
    expect(fact).toBeUndefined();
    expect(problems).toEqual(['The file has Go build information that points outside of its segments.']);
  });

  test('a length that is a lie is passed over, and the true one behind it is found', () => {
    const lie = Buffer.alloc(64);
    lie.write('\xff Go buildinf:\x08\x02', 0, 'latin1');
    lie.fill(0xff, 32);
    const bytes = changed(FILES.get('go1.26-linux-amd64') as Buffer, (b) => lie.copy(b, 0x8000));
    expect(runOn(executables, 'x', bytes).fact?.go.length).toBe(1);
  });

  test('whatever bytes are changed or cut, reading ends with a fact, a problem, or nothing', () => {
    const mutation = fc.record({ name: fc.constantFrom(...NAMES), cut: fc.double({ min: 0, max: 1, noNaN: true }), edits: fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 30 }) });
    fc.assert(fc.property(mutation, ({ name, cut, edits }) => {
      const whole = FILES.get(name) as Buffer;
      const bytes = Buffer.from(cut > 0.5 ? whole : whole.subarray(0, Math.floor(cut * whole.length)));
      // Most edits to the headers, where they matter.
      for (const [at, value] of edits) if (bytes.length > 0) bytes[at % Math.min(bytes.length, 4096)] = value;
      runOn(executables, 'x', bytes);
      runOn(assemblies, 'x.dll', bytes);
    }), { numRuns: 150, seed: 1 });
  });
});

describe('ranges kept of a stream', () => {
  test('reading gives what was asked for, or a FormatError', () => {
    const run = fc.record({
      size: fc.integer({ min: 1, max: 300 }), chunk: fc.integer({ min: 1, max: 64 }),
      ranges: fc.array(fc.tuple(fc.nat(400), fc.nat(400)), { maxLength: 5 }), read: fc.tuple(fc.integer({ min: -5, max: 400 }), fc.integer({ min: -5, max: 400 })),
    });
    fc.assert(fc.property(run, ({ size, chunk, ranges, read: [offset, length] }) => {
      const bytes = Buffer.from(Array.from({ length: size }, (_, index) => index % 251));
      const kept = new CapturedRanges(size);
      for (const [start, end] of ranges) kept.capture(start, end);
      for (let at = 0; at < size; at += chunk) kept.push(bytes.subarray(at, at + chunk));
      const wanted = Array.from({ length: Math.max(0, length) }, (_, index) => offset + index);
      const covered = offset >= 0 && length >= 0 && offset + length <= size && wanted.every((at) => ranges.some(([start, end]) => start <= at && at < end));
      if (covered && length > 0) expect(kept.read(offset, length)).toEqual(bytes.subarray(offset, offset + length));
      else if (length !== 0) expect(() => kept.read(offset, length)).toThrow(FormatError);
    }), { seed: 2 });
  });

  test('an empty file has no tables', () => {
    expect(readExecutables(wholeFile(Buffer.alloc(0)), { sections: true })).toEqual([]);
  });
});
