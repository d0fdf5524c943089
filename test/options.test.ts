import { describe, expect, test } from '@jest/globals';
import { InputError } from '../src/errors.js';
import { OPTIONS, readOptions, type RawOptions } from '../src/options.js';

test('what is not said has the default of its description; empty values count as not said', () => {
  const empty = Object.fromEntries(OPTIONS.map(({ name }) => [name, ''])) as RawOptions;
  expect(readOptions({ ...empty, image: 'a:1' })).toEqual(readOptions({ image: 'a:1' }));
  expect(readOptions({ image: 'a:1' })).toMatchObject({
    source: { image: 'a:1' }, cache: true, analysis: { analyzers: [] },
    evaluation: { policies: ['default'], advisories: 'osv', backend: undefined, failOn: 'stop', failOnNew: false },
    show: { minimumSeverity: 'unknown', onlyFixed: false, annotations: true, summary: true },
  });
});

test('names are unique, and every one is described', () => {
  expect(new Set(OPTIONS.map(({ name }) => name)).size).toBe(OPTIONS.length);
  for (const { description } of OPTIONS) expect(description.length).toBeGreaterThan(20);
});

test.each<[string, RawOptions, object]>([
  ['lists by comma and line', { archive: 'a', policies: 'default, pci\n./own.json\n' }, { evaluation: { policies: ['default', 'pci', './own.json'] } }],
  ['values in any case', { archive: 'a', 'fail-on': 'WARN', 'minimum-severity': 'High', cache: 'False' }, { cache: false, evaluation: { failOn: 'warn' }, show: { minimumSeverity: 'high' } }],
  ['an engine', { image: 'a', engine: 'podman' }, { source: { image: 'a', engine: 'podman' } }],
  ['a backend', { image: 'a', 'backend-url': 'https://x.example/', 'backend-token': 't' }, { evaluation: { backend: { url: 'https://x.example/', token: 't', caCert: '' } } }],
])('%s', (_, raw, expected) => {
  expect(readOptions(raw)).toMatchObject(expected);
});

describe('what cannot be is told by name, with what may be', () => {
  test.each<[string, RawOptions, RegExp]>([
    ['nothing to scan', {}, /nothing to scan/],
    ['two things to scan', { image: 'a', archive: 'b' }, /contradict/],
    ['a verdict', { image: 'a', 'fail-on': 'high' }, /fail-on cannot be "high"\. It may be stop, warn, never\./],
    ['a severity', { image: 'a', 'minimum-severity': 'severe' }, /minimum-severity .*critical/],
    ['a switch', { image: 'a', cache: 'yes' }, /cache cannot be "yes"\. It may be true, false\./],
    ['an engine', { image: 'a', engine: 'rkt' }, /engine .*docker, podman/],
    ['an address', { image: 'a', 'backend-url': 'secure.sysdig.com' }, /no web address/],
    ['a CA without a backend', { image: 'a', 'backend-ca-cert': 'x' }, /backend-url/],
    ['new findings without a baseline', { image: 'a', 'fail-on-new': 'true' }, /baseline/],
  ])('%s', (_, raw, sentence) => {
    expect(() => readOptions(raw)).toThrow(InputError);
    expect(() => readOptions(raw)).toThrow(sentence);
  });
});
