import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { InputError } from '../../src/errors.js';
import { parseReport } from '../../src/report/parse.js';

/** JSON as it may be written: keys more than once, in any order, and any space. */
type Tree = string | number | boolean | null | readonly Tree[] | Members;
interface Members {
  readonly members: readonly (readonly [string, Tree])[];
}

const ID = 'ab'.repeat(32);

/** Long enough for a section to be parsed later. */
const LONG = '{"fullpath": "/usr/share/doc/}"}, '.repeat(60);

const key = fc.constantFrom('a', 'b', '1', '0', '', '__proto__', 'constructor', 'base', 'é"\\');
const anything: fc.Arbitrary<Tree> = fc.oneof(fc.constantFrom<Tree>(null, true, -1.5e3, 'x', '{"base":{', [], [[1], { members: [['a', ']']] }]), fc.string({ maxLength: 5 }));
const sometimes = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value[]> => fc.array(value, { maxLength: 1 });
const members = (...parts: fc.Arbitrary<[string, Tree][]>[]): fc.Arbitrary<Members> =>
  fc.tuple(...parts).chain((all) => fc.shuffledSubarray(all.flat(), { minLength: all.flat().length })).map((all) => ({ members: all }));
const many = (name: fc.Arbitrary<string>, value: fc.Arbitrary<Tree>, maxLength = 3): fc.Arbitrary<[string, Tree][]> => fc.array(fc.tuple(name, value), { maxLength });
const one = (name: string, value: fc.Arbitrary<Tree>): fc.Arbitrary<[string, Tree][]> => value.map((tree) => [[name, tree]]);

const rows = members(many(key, fc.string({ unit: 'grapheme', maxLength: 8 })), sometimes(fc.constant<[string, Tree]>(['long', LONG])));
const section = fc.oneof({ weight: 30, arbitrary: rows }, { weight: 1, arbitrary: anything }, { weight: 1, arbitrary: members(many(key, anything)) });
const output = members(one('base', section), sometimes(fc.tuple(fc.constantFrom('base', 'other'), section)));
const analysis = members(many(key, members(many(key, output))));
const imageReport = members(one('meta', members(one('humanname', fc.string({ maxLength: 3 })))), many(key, anything));
const imagedata = members(one('analysis_report', analysis), one('image_report', imageReport), sometimes(fc.tuple(fc.constant('analysis_report'), fc.oneof(analysis, anything))), many(key, anything));
const image = members(one('imageId', fc.constant(ID)), one('imagedata', imagedata), many(key, anything, 1));
const list = members(one('image', image)).map((item): Tree => [item]);
const document = fc.oneof(list, members(one('document', list), many(fc.constantFrom('other', 'image'), anything, 1)));

const space = fc.constantFrom('', '', ' ', '\n', '\r\n\t', '  ');
const written = fc.tuple(document, fc.array(space, { minLength: 1, maxLength: 7 }), fc.boolean()).map(([tree, spaces, isEscaped]) => {
  let next = 0;
  const gap = (): string => spaces[next++ % spaces.length] ?? '';
  const string = (text: string): string => isEscaped && text === 'image' ? '"im\\u0061ge"' : JSON.stringify(text);
  const print = (value: Tree): string => {
    if (typeof value === 'string') return string(value);
    if (typeof value !== 'object' || value === null) return JSON.stringify(value);
    const isList = 'length' in value;
    const items = isList ? value.map(print) : value.members.map(([name, item]) => `${gap()}${string(name)}${gap()}:${gap()}${print(item)}`);
    return `${isList ? '[' : '{'}${gap()}${items.join(`${gap()},${gap()}`)}${gap()}${isList ? ']' : '}'}`;
  };
  return gap() + print(tree) + gap();
});

const change = fc.tuple(fc.nat(), fc.constantFrom('', '"', '\\', '{', '}', ']', ',', ':', '\u0000', '5', 'é', '"base":{'), fc.nat({ max: 2 }));
const broken = fc.tuple(written, fc.array(change, { minLength: 1, maxLength: 3 })).map(([text, changes]) => changes.reduce((before, [place, by, removed]) => {
  const at = place % (before.length + 1);
  return before.slice(0, at) + by + before.slice(at + removed);
}, text));

describe('a report read by sections is what JSON.parse reads', () => {
  test('in whatever way it is written', () => {
    fc.assert(fc.property(written, (text) => expectSame(Buffer.from(text))), { numRuns: 500 });
  });

  test('and where it is broken', () => {
    fc.assert(fc.property(broken, (text) => expectSame(Buffer.from(text))), { numRuns: 500 });
  });

  test('and where it was cut', () => {
    fc.assert(fc.property(written, fc.double({ min: 0, max: 1, noNaN: true }), (text, share) => {
      const bytes = Buffer.from(text);
      expectSame(bytes.subarray(0, Math.floor(share * bytes.length)));
    }), { numRuns: 200 });
  });
});

describe('what is wrong with a large section is told at once', () => {
  const report = (rows: string, after = ''): string => JSON.stringify({
    document: [{ image: { imageId: ID, imagedata: { analysis_report: { file_list: { 'files.all': { base: 'HERE' } } }, image_report: { meta: {} } } } }],
  }).replace('"HERE"', `{"/a": ${JSON.stringify(LONG)}${rows}}${after}`);

  test('as it is', () => {
    expect(rowsOf(parseReport(report(',"/b":"c"'), 'old.json').document[0].image.imagedata.analysis_report).at(-1)).toEqual(['file_list', 'files.all', '/b', 'c']);
  });

  test.each([
    ['a row that is no string', ',"/b":7', '', /^old\.json is not an analysis report: document\.0\.image\.imagedata\.analysis_report\.file_list\.files\.all\.base\.\/b: must be a string\. /],
    ['a comma too many', ',', '', /^old\.json is not JSON \(.+ in JSON at position \d+/],
    ['a digit after it', '', '5', /^old\.json is not JSON \(.+ in JSON at position \d+/],
    ['a control character', ',"/b":"\u0007"', '', /^old\.json is not JSON \(Bad control character/],
    ['a byte order mark in it', '\ufeff', '', /^old\.json is not JSON/],
  ])('%s', (_, rows, after, message) => {
    expect(() => parseReport(report(rows, after), 'old.json')).toThrow(expect.objectContaining({ name: 'InputError', message: expect.stringMatching(message) as unknown }));
  });

  test('bytes that are no UTF-8 are replaced, as in a text', () => {
    const whole = Buffer.from(report(',"/b":"XX"'));
    whole.set([0xff, 0xe2], whole.indexOf('XX'));
    expect(rowsOf(parseReport(whole, 'old.json').document[0].image.imagedata.analysis_report).at(-1)?.[3]).toBe('\ufffd\ufffd');
  });
});

test('sections are there for whoever lists them all, and written as they were', () => {
  const text = JSON.stringify({ document: [{ image: { imageId: ID, imagedata: { analysis_report: { a: { long: { base: { '/a': LONG } }, short: { base: {} } } }, image_report: { meta: { humanname: '', sizebytes: 0 } } } } }] });
  const sections = parseReport(text, 'old.json').document[0].image.imagedata.analysis_report;
  expect(sections['a']?.['long']?.base).toBe(sections['a']?.['long']?.base);
  expect(JSON.stringify(sections)).toBe(JSON.stringify({ a: { long: { base: { '/a': LONG } }, short: { base: {} } } }));
});

type Row = readonly [analyzer: string, output: string, key: string, value: string];

function expectSame(bytes: Buffer): void {
  const expected = byJsonParse(bytes.toString('utf8'));
  let found: Row[];
  try {
    found = rowsOf(parseReport(bytes, 'old.json').document[0].image.imagedata.analysis_report);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    expect(String(error)).toMatch(typeof expected === 'string' ? expected : 'old.json to be read');
    return;
  }
  expect(found).toEqual(expected);
}

/** All rows of a report, or what is said of it. */
function byJsonParse(text: string): Row[] | string {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return 'old.json is not JSON';
  }
  const listed = Array.isArray(json) ? json : at(json, 'document');
  const found = at(at(at(at(listed, '0'), 'image'), 'imagedata'), 'analysis_report');
  const id = at(at(at(listed, '0'), 'image'), 'imageId');
  const report = at(at(at(at(listed, '0'), 'image'), 'imagedata'), 'image_report');
  const isReport = Array.isArray(listed) && listed.length === 1 && isMap(found) && typeof id === 'string' && /^[0-9a-f]{64}$/.test(id)
    && isMap(report) && isMap(at(report, 'meta')) && ['undefined', 'string'].includes(typeof at(at(report, 'meta'), 'humanname')) && ['undefined', 'number'].includes(typeof at(at(report, 'meta'), 'sizebytes'))
    && named(found).every((outputs) => isMap(outputs) && named(outputs).every((one) => isMap(at(one, 'base')) && Object.values(at(one, 'base') as object).every((row) => typeof row === 'string')));
  return isReport ? rowsOf(found as Parameters<typeof rowsOf>[0]) : 'old.json is not an analysis report';
}

function at(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
}

function isMap(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An analyzer or output of the name `__proto__` is none. */
function named(value: object): unknown[] {
  return Object.entries(value).filter(([name]) => name !== '__proto__').map(([, item]) => item as unknown);
}

function rowsOf(sections: Readonly<Record<string, Readonly<Record<string, { readonly base: Readonly<Record<string, string>> }>>>>): Row[] {
  return Object.entries(sections).filter(([analyzer]) => analyzer !== '__proto__').flatMap(([analyzer, outputs]) =>
    Object.entries(outputs).filter(([name]) => name !== '__proto__').flatMap(([name, { base }]) => Object.entries(base).map(([row, value]): Row => [analyzer, name, row, value])));
}
