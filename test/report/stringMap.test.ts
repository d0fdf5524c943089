import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { endOfStringMap } from '../../src/report/stringMap.js';

/** Something comes after it, as in a report: here what ends no object. */
const AFTER = ',x';

function end(json: string, before = ''): number {
  const found = endOfStringMap(Buffer.from(before + json + AFTER), Buffer.byteLength(before));
  return found === -1 ? -1 : found - Buffer.byteLength(before);
}

/** At an even address and at an odd one: the table takes two bytes at once. */
describe.each([['even', ''], ['odd', ' ']])('at an %s address', (_, before) => {
  test.each([
    '{}', '{ }', '{"":""}', '{"a":"b"}', '{"a":"bc"}', ' {"a":"b"}'.trim(), '{\t"a" :\r\n"b" , "c": "d"\n}', '{"a":"{\\"b\\": \\"}\\"}"}',
    '{"\\u00e9\\b\\f\\n\\r\\t\\/\\\\":"\\uABCD"}', '{"é":"日本"}', '{"a":"\u007f"}',
  ])('%j ends where it ends', (json) => {
    expect(end(json, before)).toBe(Buffer.byteLength(json));
  });

  test.each([
    '', '[]', '"a"', '{', '{"a"', '{"a":', '{"a":"', '{"a":"b"', '{"a":"b",', '{"a":"b",}', '{,}', '{"a":1}', '{"a":{}}', '{"a":["b"]}', '{"a":null}', '{"a" "b"}', '{"a":"b" "c":"d"}',
    '{"a":"\\x"}', '{"a":"\\u12g4"}', '{"a":"\\u123"}', '{"a":"\n"}', '{"a\u0000":""}', "{'a':'b'}", '{"a":"b";}', '{"a":"b"\f}', '{a:"b"}', '\u00a0{}',
  ])('%j is no object of strings', (json) => {
    expect(end(json, before)).toBe(-1);
  });
});

test('it takes what JSON.parse takes, and nothing else', () => {
  const pieces = fc.array(fc.constantFrom('{', '}', '"', '\\', ':', ',', ' ', '\n', 'u', '00e9', 'a', 'n', '/', '"a"', '"b":"c"', '\\"', '\\\\', '\u0001', 'é'), { maxLength: 12 });
  fc.assert(fc.property(pieces, (inside) => {
    const json = `{${inside.join('')}}`;
    const found = end(json);
    // another object may end before: then it is that which counts
    const object = found === -1 ? json : Buffer.from(json + AFTER).toString('utf8', 0, found);
    expect(found !== -1).toBe(isStringMap(object));
  }), { numRuns: 3000 });
});

function isStringMap(json: string): boolean {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && Object.values(value).every((row) => typeof row === 'string');
  } catch {
    return false;
  }
}
