import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Finding } from '../../src/evaluation/evaluation.js';
import { InputError } from '../../src/errors.js';
import { readBaseline } from '../../src/readBaseline.js';
import { passes } from '../../src/verdict.js';
import { markNew } from '../../src/output/baseline.js';
import { fingerprint, fingerprints, subjectFingerprint } from '../../src/output/fingerprint.js';
import { evaluation, hostileFindings, many, SHOP_FINDINGS, vulnerable } from './sample.js';

/** The image built again: other layers, other lines, a distribution's newer build of each package. */
function rebuilt(findings: readonly Finding[], time: number): Finding[] {
  return findings.map((finding) => ({
    ...finding,
    ...(finding.vulnerability === undefined ? {} : { vulnerability: { ...finding.vulnerability, severity: 'low' as const, fixedIn: [], package: { ...finding.vulnerability.package, version: `9.${time}`, purl: `pkg:x@9.${time}` } } }),
    ...(finding.location === undefined ? {} : { location: { ...finding.location, layer: { index: time, diffId: `sha256:${time}`, instruction: `RUN ${time}` }, dockerfile: { file: 'Dockerfile', startLine: 100 + time, endLine: 101 + time } } }),
  }));
}

function ruleFinding(number: number): Finding {
  return { id: String(number), policy: 'p', rule: 'r', gate: ['secret_scans', 'files', 'dockerfile'][number % 3] ?? '', trigger: 't', action: 'stop', message: `Something number ${number}`, location: { path: `/srv/${number % 40}` } };
}

describe('fingerprints', () => {
  test('over five rebuilds and a reordered Dockerfile they stay', () => {
    const first = fingerprints(SHOP_FINDINGS);
    for (let time = 1; time <= 5; time++) expect(fingerprints(rebuilt(SHOP_FINDINGS, time))).toEqual(first);
    expect([...fingerprints([...SHOP_FINDINGS].reverse())].reverse()).toEqual(first);
  });
  test('no two findings share one', () => {
    const copies = [...SHOP_FINDINGS, ...SHOP_FINDINGS, ...many(10_000), ...many(100), ...hostileFindings];
    expect(new Set(fingerprints(copies)).size).toBe(copies.length);
    fc.assert(fc.property(fc.array(fc.constantFrom(...SHOP_FINDINGS, ...many(5)), { maxLength: 30 }), (findings) => {
      expect(new Set(fingerprints(findings)).size).toBe(findings.length);
      expect(new Set(fingerprints(findings, subjectFingerprint)).size).toBe(findings.length);
    }));
  });
  test('30,000 findings have as many fingerprints, whatever their order; of each gate, and under each name', () => {
    const findings = [...many(24_000), ...many(3_000).map((finding) => ({ ...finding, policy: 'other' })), ...Array.from({ length: 3_000 }, (_, number) => ruleFinding(number))];
    for (const kind of [fingerprint, subjectFingerprint]) {
      const prints = fingerprints(findings, kind);
      expect(new Set(prints).size).toBe(30_000);
      expect(new Set(fingerprints([...findings].reverse(), kind))).toEqual(new Set(prints));
    }
  });
  test.each([
    ['python', 'requests', '2.25.0', '2.31.0', (version: string) => `/usr/lib/python3.11/site-packages/requests-${version}.dist-info/METADATA`],
    ['java', 'log4j-core', '2.14.1', '2.15.0', (version: string) => `/srv/app-1.0.${version.length}.jar!/BOOT-INF/lib/log4j-core-${version}.jar`],
    ['gem', 'rack', '2.0.1', '2.2.9.1', (version: string) => `/usr/lib/ruby/gems/3.1.0/specifications/rack-${version}.gemspec`],
    ['npm', 'lodash', '4.17.11', '4.17.12', (version: string) => `/srv/node_modules/.pnpm/lodash@${version}/node_modules/lodash/package.json`],
  ] as const)('%s: an upgrade that does not mend it, with the version in the path, is the same finding', (type, name, before, after, path) => {
    const at = (version: string): Finding => {
      const { vulnerability, ...rest } = vulnerable('CVE-1', 'high', name, version, [], 1);
      if (vulnerability === undefined) throw new Error('none');
      return { ...rest, vulnerability: { ...vulnerability, package: { name, type, version, purl: `pkg:${type}/${name}@${version}`, path: path(version) } }, location: { path: path(version) } };
    };
    expect(fingerprint(at(before))).toBe(fingerprint(at(after)));
    const [first, second, alone] = [...fingerprints([at(before), at(after)]), ...fingerprints([at(before)])];
    expect(first).not.toBe(second);
    // a second one beside it changes nothing of the first
    expect(first).toBe(alone);
  });
  test.each([
    ['metadata', "Attribute check for attribute: 'size' check: '>' check_value: '100' matched image value: '12345'", "Attribute check for attribute: 'size' check: '>' check_value: '100' matched image value: '999'"],
    ['packages', 'Required min-version input package (curl) is present (1.0), but is lower version than what is specified in policy (9)', 'Required min-version input package (curl) is present (2.0), but is lower version than what is specified in policy (9)'],
    ['files', 'filename=/etc/x and checksum=aa op=not_equals specified_checksum=cc', 'filename=/etc/x and checksum=bb op=not_equals specified_checksum=cc'],
  ])('%s: a figure that moves with a build does not make another finding', (gate, before, after) => {
    const told = (message: string): Finding => ({ id: message, policy: 'p', rule: 'r', gate, trigger: 't', action: 'warn', message });
    expect(fingerprint(told(before))).toBe(fingerprint(told(after)));
    expect(fingerprint(told(before))).not.toBe(fingerprint(told(before.replace('size', 'architecture').replace('curl', 'wget').replace('/etc/x', '/etc/y'))));
  });
  test('a secret in history stays the same where an instruction is put before it', () => {
    const leak = (row: number, kind = 'KEY'): Finding => ({ id: `${kind}${row}`, policy: 'p', rule: 'r', gate: 'secret_scans', trigger: 'content_regex_checks', action: 'stop', message: `Secret search analyzer found regexp match in container: file=config:history:${row} regexp=${kind}=x`, location: { path: `config:history:${row}` } });
    expect(fingerprint(leak(3))).toBe(fingerprint(leak(4)));
    expect(fingerprint(leak(3))).not.toBe(fingerprint(leak(3, 'OTHER')));
    expect(new Set(fingerprints([leak(3), leak(4)])).size).toBe(2);
  });
  test('two versions of a package in one place are told apart', () => {
    const [a, b] = fingerprints([vulnerable('CVE-1', 'low', 'p', '1', [], 1), vulnerable('CVE-1', 'low', 'p', '2', [], 1)]);
    expect(a).not.toBe(b);
  });
  test('an age in a message does not make another finding', () => {
    const old = (days: number): Finding => ({ id: String(days), policy: 'p', rule: 'r', gate: 'metadata', trigger: 'age', action: 'warn', message: `The image is ${days} days old` });
    expect(fingerprint(old(30))).toBe(fingerprint(old(31)));
  });
});

describe('against a baseline', () => {
  test('new, gone and same', () => {
    const before = evaluation(rebuilt([...SHOP_FINDINGS.slice(2), vulnerable('CVE-GONE', 'high', 'old', '1', [], 1)], 3));
    const { evaluation: marked, gone, added, same } = markNew(evaluation(SHOP_FINDINGS), before);
    expect(marked.findings.filter((finding) => finding.new).map(({ vulnerability }) => vulnerability?.id)).toEqual(['CVE-2019-10744', 'CVE-2020-8203']);
    expect(gone?.map(({ vulnerability }) => vulnerability?.id)).toEqual(['CVE-GONE']);
    expect([added, same]).toEqual([2, SHOP_FINDINGS.length - 2]);
  });
  test('against itself nothing is new or gone', () => {
    const { added, gone } = markNew(evaluation(many(500)), evaluation(many(500)));
    expect([added, gone]).toEqual([0, []]);
  });
  test('an exception that ended makes its finding new: now it decides', () => {
    const ended = SHOP_FINDINGS.map((finding) => Object.fromEntries(Object.entries(finding).filter(([name]) => name !== 'suppressed')) as unknown as Finding);
    expect(markNew(evaluation(ended), evaluation(SHOP_FINDINGS)).evaluation.findings.filter((finding) => finding.new).map(({ vulnerability }) => vulnerability?.id)).toEqual(['CVE-2023-4911']);
  });
  test('a vulnerability that has got another name is the same, either way round', () => {
    const known = vulnerable('GHSA-1', 'high', 'lodash', '4.17.11', [], 3);
    const renamed = vulnerable('CVE-1', 'high', 'lodash', '4.17.11', [], 3, {}, { aliases: ['GHSA-1'] });
    for (const [before, after] of [[known, renamed], [renamed, known]] as const) {
      const { added, gone } = markNew(evaluation([after]), evaluation([before]));
      expect([added, gone]).toEqual([0, []]);
    }
    expect(markNew(evaluation([vulnerable('CVE-2', 'high', 'lodash', '4.17.11', [], 3, {}, { aliases: ['GHSA-2'] })]), evaluation([known])).added).toBe(1);
  });
  test.each([
    ['localbuild/webshop:1.0', 'localbuild/webshop:main', true], ['localbuild/webshop:1.0', 'registry.example:5000/acme/webshop@sha256:00', true],
    ['localbuild/webshop:1.0', 'localbuild/payment:1.0', false],
  ])('%s and the baseline of %s: compared %s', (name, before, compared) => {
    const named = (image: string): ReturnType<typeof evaluation> => evaluation(SHOP_FINDINGS.filter((finding) => finding.new === undefined), { image: { ...evaluation([]).image, name: image } });
    const { evaluation: marked, gone } = markNew(named(name), named(before));
    expect(marked.findings.every((finding) => finding.new === (compared ? false : undefined))).toBe(true);
    expect(gone).toEqual(compared ? [] : undefined);
    expect(marked.notices ?? []).toEqual(compared ? [] : [expect.stringMatching(/^The baseline is of another image \(localbuild\/payment:1\.0, and this is localbuild\/webshop:1\.0\): nothing was compared with it, and everything decides\./)]);
    // nothing is new against another image, and yet nothing passes by that
    expect(passes(marked, 'stop', true)).toBe(compared);
  });
  test('images without a name are compared: their ids say nothing of the next build', () => {
    const nameless = (id: string): ReturnType<typeof evaluation> => evaluation(SHOP_FINDINGS, { image: { ...evaluation([]).image, id: id.repeat(64), name: `localbuild/${id.repeat(12)}:latest` } });
    expect(markNew(nameless('a'), nameless('b')).gone).toEqual([]);
  });
  test('a baseline of another version of ours says so', () => {
    const { evaluation: marked, added } = markNew(evaluation(SHOP_FINDINGS), evaluation(SHOP_FINDINGS, { tool: { name: 'inline-scan', version: '0.9.0' } }));
    expect([marked.notices, added]).toEqual([[expect.stringMatching(/made by inline-scan 0\.9\.0, and this by 1\.0\.0/)], 0]);
  });
});

describe('reading a baseline', () => {
  const whole = evaluation(SHOP_FINDINGS);
  const read = (text: string | undefined): unknown => readBaseline('before.json', () => text);
  test('one of ours', () => expect(read(JSON.stringify(whole))).toEqual(JSON.parse(JSON.stringify(whole))));
  test.each([
    ['none', undefined, /There is no baseline before\.json/],
    ['an empty file', '', /is not JSON/],
    ['one cut short', JSON.stringify(whole).slice(0, 5_000), /is not JSON/],
    ['a list', '[]', /is no evaluation\.json/],
    ['SARIF', '{"version":"2.1.0","runs":[]}', /is no evaluation\.json/],
    ['a later form', JSON.stringify({ ...whole, schema: 2 }), /of another form \(schema 2; this version reads 1\)/],
    ['no image', JSON.stringify({ ...whole, image: undefined }), /is no evaluation\.json: image/],
    ['findings that are none', JSON.stringify({ ...whole, findings: [{ id: 1 }] }), /is no evaluation\.json: findings\.0\.id/],
    ['a place that is none', JSON.stringify({ ...whole, findings: [{ ...whole.findings[0], location: { dockerfile: {} } }] }), /is no evaluation\.json: findings\.0\.location\.dockerfile/],
  ])('%s', (_, text, message) => {
    expect(() => read(text)).toThrow(InputError);
    expect(() => read(text)).toThrow(message);
  });
});
