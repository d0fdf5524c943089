import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { pythonJson, type Plain } from '../../src/text/python-json.js';

/** What Python 3.11's json.dumps gives. */
test.each<[Plain, string]>([
  [{ b: 1, a: [true, null, 'x'] }, '{"b": 1, "a": [true, null, "x"]}'],
  [[], '[]'],
  [{}, '{}'],
  ['Sören "x" \\ \n\t\u0001\u007f', '"S\\u00f6ren \\"x\\" \\\\ \\n\\t\\u0001\\u007f"'],
  ['😀', '"\\ud83d\\ude00"'],
  ['\udce4', '"\\udce4"'],
])('%j', (value, expected) => {
  expect(pythonJson(value)).toBe(expected);
});

test('it is JSON, in ASCII', () => {
  fc.assert(fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
    const text = pythonJson(value as Plain);
    expect(text).toMatch(/^[\x20-\x7e]*$/);
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
  }));
});
