import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseRows, PathRows, rowsText } from '../../src/report/foundation/rows.js';
import { textOf } from '../../src/report/written.js';
import { byCodeUnits } from '../../src/text/order.js';

/** Names with all that JSON escapes, what rows are told apart by, and letters beyond the first plane. */
const name = fc.array(fc.constantFrom('a', 'b', '0', '/', '"', '\\', ',', ':', '","', '":"', '","/', 'ü', '\u{1f980}', '\ud800', '\uffff', '\n', '__proto__'), { maxLength: 5 }).map((parts) => `/${parts.join('')}`);
const value = fc.array(fc.constantFrom('', 'x', '"', '\\', ',', '","/a', '":"', '{"k": "v"}', '\u{1f980}'), { maxLength: 3 }).map((parts) => parts.join(''));
const sorted = (rows: Iterable<[string, string]>): Record<string, string> => Object.fromEntries([...rows].sort(([a], [b]) => byCodeUnits(a, b)));

test('rows are found and changed in their text as in a map', () => {
  fc.assert(fc.property(fc.array(fc.tuple(name, value), { maxLength: 12 }), fc.array(fc.tuple(name, fc.option(value, { nil: undefined })), { maxLength: 8 }), (given, changes) => {
    const map = new Map(given);
    const rows = new PathRows(rowsText(sorted(map)));
    for (const path of [...map.keys(), ...changes.map(([path]) => path)]) expect(rows.get(path)).toBe(map.get(path));
    const changed = [...new Map(changes)].sort(([a], [b]) => byCodeUnits(a, b));
    for (const [path, to] of changed) {
      if (to === undefined) map.delete(path);
      else map.set(path, to);
    }
    expect(textOf(rows.changed(changed)).toString()).toBe(rowsText(sorted(map)).toString());
  }), { numRuns: 600 });
});

test('many rows are the same text, piece by piece', () => {
  const many = Object.fromEntries(Array.from({ length: 20_001 }, (_, index) => [`/f${String(index).padStart(6, '0')}`, String(index)]));
  const text = rowsText(many);
  expect(text.toString()).toBe(JSON.stringify(many).slice(1, -1));
  expect(parseRows(text)).toEqual(many);
  expect(new PathRows(text).get('/f012345')).toBe('12345');
});
