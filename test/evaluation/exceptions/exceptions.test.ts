import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { InputError } from '../../../src/errors.js';
import { evaluate } from '../../../src/evaluation/evaluate.js';
import type { Evaluation } from '../../../src/evaluation/evaluation.js';
import { loadExceptions } from '../../../src/evaluation/exceptions/load.js';
import { readExceptions } from '../../../src/evaluation/exceptions/readExceptions.js';
import { readBundle } from '../../../src/evaluation/policy/readBundle.js';
import type { VulnerabilityMatch } from '../../../src/evaluation/vulnerability.js';
import type { ScannedImage } from '../../../src/report/scanned.js';
import { context } from '../judge.js';
import { answer, files, hit, image, installed, match } from '../scannedImage.js';

const POLICY = readBundle('p.json', JSON.stringify({ id: 'p', rules: [
  { id: 'vuln', gate: 'vulnerabilities', trigger: 'package', action: 'stop', params: [{ name: 'package_type', value: 'all' }, { name: 'vendor_only', value: 'false' }] },
  { id: 'suid', gate: 'files', trigger: 'suid_or_guid_set', action: 'warn' },
  { id: 'secret', gate: 'secret_scans', trigger: 'content_regex_checks', action: 'stop' },
  { id: 'package', gate: 'packages', trigger: 'blacklist', action: 'warn', params: [{ name: 'name', value: 'nmap' }] },
  { id: 'license', gate: 'licenses', trigger: 'blacklist_exact_match', action: 'warn', params: [{ name: 'licenses', value: 'GPL-3.0-only' }] },
] }));

const lodash = installed({ type: 'npm', name: 'lodash', version: '4.17.20', path: '/srv/app/node_modules/lodash/package.json', layer: 1 });

function run(file: string, text: string, parts: Partial<VulnerabilityMatch> = {}, more: Partial<ScannedImage> = {}): Evaluation {
  const found = match({ id: 'CVE-2021-23337', aliases: ['GHSA-35jh-r3h4-6jhm'], package: lodash, fixedIn: ['4.17.21'], ...parts });
  const exceptions = readExceptions(file, text);
  return evaluate(image({ packages: [found.package], ...more }), context({ bundles: [POLICY], exceptions, advisories: answer({ matches: [found] }) }));
}

function yaml(fields: string): string {
  return `exceptions:\n  - {reason: known, expires: 2027-01-31, ${fields}}\n`;
}

describe('.inline-scan.yaml', () => {
  test.each([
    ['id: CVE-2021-23337', true],
    ['id: cve-2021-23337', true],
    ['id: GHSA-35jh-r3h4-6jhm', true],
    ['id: CVE-2021-23338', false],
    ['id: [CVE-1, CVE-2021-23337]', true],
    ['id: CVE-2021-23337+lodash', true],
    ['id: "*+lodash"', true],
    ['gate: vulnerabilities', true],
    ['gate: files', false],
    ['gate: vulnerabilities, trigger: package', true],
    ['gate: vulnerabilities, trigger: kev_list', false],
    ['policy: p', true],
    ['rule: suid', false],
    ['package: lodash', true],
    ['package: "lod*"', true],
    ['package: dash', false],
    ['package: lodash, version: 4.17.20', true],
    ['package: lodash, version: ">=4.17.0 <4.17.21"', true],
    ['package: lodash, version: "<4.9.0 || >4.17.19"', true],
    ['package: lodash, version: ">= 4.17.21"', false],
    ['purl: "pkg:npm/lodash"', true],
    ['purl: "pkg:npm/lodash@4.17.20"', true],
    ['purl: "pkg:npm/lodash@4.17.19"', false],
    ['purl: "pkg:gem/lodash"', false],
    ['paths: /srv/**', true],
    ['paths: srv/app/node_modules/lodash/package.json', true],
    ['path: /srv/*', false],
    ['package: lodash, images: "localbuild/shop:*"', true],
    ['package: lodash, images: shop', true],
    ['package: lodash, image: "*/other"', false],
    ['id: CVE-2021-23337, package: other', false],
  ])('%s', (fields, accepted) => {
    const evaluation = run('.inline-scan.yaml', yaml(fields));
    expect(evaluation).toMatchObject({ verdict: accepted ? 'go' : 'stop', counts: { suppressed: accepted ? 1 : 0, severity: { high: accepted ? 0 : 1 } } });
    if (accepted) expect(evaluation.findings[0]).toMatchObject({ action: 'go', suppressed: { by: 'exception', reason: 'known', expires: '2027-01-31' } });
  });

  test('findings that are not about vulnerabilities', () => {
    const more = { files: files(['/usr/bin/find', 0o104755]), packages: [installed({ name: 'nmap', version: '7.1-1' })] };
    expect(run('.inline-scan.yaml', yaml('gate: files, trigger: suid_or_guid_set, paths: /usr/bin/find'), {}, more).counts).toMatchObject({ suppressed: 1 });
    expect(run('.inline-scan.yaml', yaml('package: nmap, version: ">=7 <8"'), {}, more).counts).toMatchObject({ suppressed: 1 });
    expect(run('.inline-scan.yaml', yaml('package: nmap, version: ">=8"'), {}, more).counts).toMatchObject({ suppressed: 0 });
  });

  test.each([
    ['2026-11-27', { verdict: 'stop', problems: [{ message: 'The exception CVE-2021-23337 (.inline-scan.yaml, line 2) expired on 2026-11-27: 1 finding that it accepted counts again.' }], notices: [] }],
    ['2026-11-28', { verdict: 'go', problems: [], notices: ['The exception CVE-2021-23337 (.inline-scan.yaml, line 2) expires on 2026-11-28, in 1 day: 1 finding will count again.'] }],
    ['2026-12-05', { verdict: 'go', problems: [], notices: ['The exception CVE-2021-23337 (.inline-scan.yaml, line 2) expires on 2026-12-05, in 8 days: 1 finding will count again.'] }],
    ['2027-01-01', { verdict: 'go', problems: [], notices: [] }],
  ])('expires on %s', (expires, expected) => {
    expect(run('.inline-scan.yaml', `exceptions:\n  - {id: CVE-2021-23337, reason: x, expires: ${expires}}`)).toMatchObject(expected);
  });

  test('one that matches nothing is told, and one for another image is not', () => {
    expect(run('.inline-scan.yaml', yaml('id: CVE-1')).notices).toEqual(['The exception CVE-1 (.inline-scan.yaml, line 2) matches no finding: remove it, unless another image needs it.']);
    expect(run('.inline-scan.yaml', yaml('id: CVE-1, images: other')).notices).toEqual([]);
  });

  test.each([
    ['exceptions:\n  - {id: CVE-1, expires: 2027-01-31}', /line 2: exception 1: it has no reason/],
    ['exceptions:\n  - {id: CVE-1, reason: " ", expires: 2027-01-31}', /its reason is empty/],
    ['exceptions:\n  - {id: CVE-1, reason: x}', /it has no date of expiry/],
    ['exceptions:\n  - {id: CVE-1, reason: x, expires: soon}', /expires is no date/],
    ['exceptions:\n\n  - {reason: x, expires: 2027-01-31}', /line 3: exception 1: it would accept every finding/],
    ['exceptions:\n  - {images: a, reason: x, expires: 2027-01-31}', /it would accept every finding/],
    ['exceptions:\n  - {cve: CVE-1, reason: x, expires: 2027-01-31}', /the key "cve" is not known; allowed: id, gate/],
    ['exceptions:\n  - {gate: filez, reason: x, expires: 2027-01-31}', /there is no gate "filez" \(did you mean "files"\?\); allowed: always/],
    ['exceptions:\n  - {gate: files, trigger: x, reason: x, expires: 2027-01-31}', /the gate files has no trigger "x"/],
    ['exceptions:\n  - {trigger: package, reason: x, expires: 2027-01-31}', /a trigger needs its gate/],
    ['exceptions:\n  - {version: 1, reason: x, expires: 2027-01-31}', /it would accept every finding/],
    ['exceptions:\n  - {package: a, version: "<", reason: x, expires: 2027-01-31}', /no version and no range/],
    ['exceptions:\n  - {purl: lodash, reason: x, expires: 2027-01-31}', /no package URL/],
    ['exceptions:\n  - {id: CVE-1, reason: x, expires: 2026-02-30}', /expires is no date such as 2026-12-31: "2026-02-30"/],
    ['exceptions:\n  - {id: CVE-1, reason: x, expires: 12/31/2026}', /expires is no date/],
    ['exceptions:\n  - {id: "*", reason: x, expires: 2027-01-31}', /it would accept every finding/],
    ['exceptions:\n  - {path: "/**", package: "*", reason: x, expires: 2027-01-31}', /it would accept every finding/],
    ['exceptions:\n  - {id: "regexp:(", reason: x, expires: 2027-01-31}', /a \( is not closed/],
    ['exceptions:\n  - {package: "regexp:(", reason: x, expires: 2027-01-31}', /a \( is not closed/],
    ['exceptions:\n  - {id: CVE-1, images: "regexp:(", reason: x, expires: 2027-01-31}', /a \( is not closed/],
    ['- {id: CVE-1, reason: x, expires: 2027-01-31}', /it is a list: write exceptions: before it/],
    ['exceptions: 1', /has to be a list/],
    ['ignores: []', /the key "ignores" is not known; allowed: exceptions/],
  ])('%j is refused', (text, message) => {
    expect(() => run('.inline-scan.yaml', text)).toThrow(InputError);
    expect(() => run('.inline-scan.yaml', text)).toThrow(message);
  });

  test.each(['', 'exceptions:\n', 'exceptions: []'])('%j accepts nothing', (text) => {
    expect(run('.inline-scan.yaml', text).verdict).toBe('stop');
  });

  test('is read if it is there, and a file that is named has to be there', async () => {
    expect((await loadExceptions(undefined, () => undefined)).entries).toEqual([]);
    expect((await loadExceptions('', (path) => (path === '.inline-scan.yaml' ? yaml('id: CVE-1') : undefined))).entries).toHaveLength(1);
    expect((await loadExceptions('a.yaml, b.yaml', (path) => yaml(path === 'a.yaml' ? 'id: CVE-1' : 'id: CVE-2'))).entries).toHaveLength(2);
    await expect(loadExceptions('none.yaml', () => undefined)).rejects.toThrow(/There is no file "none.yaml"/);
  });

  test('the example of the documentation is one', () => {
    const example = /```yaml\n([^]*?)```/.exec(readFileSync('docs/exceptions.md', 'utf8'))?.[1] ?? '';
    expect(readExceptions('x.yaml', example).entries).toHaveLength(4);
  });
});

describe('.trivyignore', () => {
  test.each([
    ['CVE-2021-23337', true, 'listed in .trivyignore, which gives no reason'],
    ['# Accepted by the team\nCVE-2021-23337 exp:2027-01-01', true, 'Accepted by the team'],
    ['CVE-2021-23337 # see OPS-1', true, 'see OPS-1'],
    ['GHSA-35jh-r3h4-6jhm', true, 'listed in .trivyignore, which gives no reason'],
    ['CVE-2021-23337 exp:2026-01-01', false, ''],
    // on the day itself Trivy takes it no more
    ['CVE-2021-23337 exp:2026-11-28', false, ''],
    ['CVE-2021-23337 exp:2026-11-29', true, 'listed in .trivyignore, which gives no reason'],
    ['CVE-2021-*', false, ''],
    ['regexp:(', false, ''],
    ['# CVE-2021-23337', false, ''],
  ])('%j', (text, accepted, reason) => {
    const { findings } = run('.trivyignore', text);
    expect(findings[0]?.suppressed?.reason).toBe(accepted ? reason : undefined);
  });

  test('the rules of secrets, by their names there', () => {
    const secrets = { secrets: [hit('/k', 'PRIV_KEY', 'PRIV_KEY=(?i)-+BEGIN'), hit('/a')] };
    expect(run('.trivyignore', 'private-key\n', {}, secrets).counts.suppressed).toBe(1);
    expect(run('.trivyignore', 'private-key\naws-access-key-id\n', {}, secrets).counts.suppressed).toBe(2);
  });

  test('a date that is none is refused', () => {
    expect(() => run('.trivyignore', 'CVE-1 exp:soon')).toThrow(/line 1: "soon" is no date/);
  });
});

describe('.trivyignore.yaml', () => {
  test.each([
    ['vulnerabilities: [{id: CVE-2021-23337, statement: known}]', 1],
    ['vulnerabilities: [{id: CVE-2021-23337, paths: ["srv/**"]}]', 1],
    ['vulnerabilities: [{id: CVE-2021-23337, paths: ["opt/**"]}]', 0],
    ['vulnerabilities: [{id: CVE-2021-23337, purls: ["pkg:npm/lodash@4.17.20"]}]', 1],
    ['vulnerabilities: [{id: CVE-2021-23337, expired_at: 2026-01-01}]', 0],
    ['secrets: [{id: aws-access-key, paths: ["app/*"]}]', 1],
    ['secrets: [{id: private-key}]', 0],
    ['licenses: [{id: GPLv3}]', 1],
    ['licenses: [{id: MIT}]', 0],
  ])('%s', (text, suppressed) => {
    const more = { secrets: [hit('/app/a.env')], packages: [installed({ name: 'bash', licenses: ['GPLv3'] })] };
    expect(run('.trivyignore.yaml', text, {}, more).counts.suppressed).toBe(suppressed);
  });

  test('misconfigurations are told', () => {
    expect(run('.trivyignore.yaml', 'misconfigurations: [{id: AVD-DS-0002}]').notices?.[0]).toMatch(/AVD-DS-0002, which has no counterpart here/);
  });
});

describe('.grype.yaml', () => {
  test.each<[string, boolean, Partial<VulnerabilityMatch>?]>([
    ['{vulnerability: CVE-2021-23337, reason: known}', true],
    ['{vulnerability: GHSA-35jh-r3h4-6jhm}', false],
    ['{vulnerability: GHSA-35jh-r3h4-6jhm, include-aliases: true}', true],
    ['{fix-state: fixed}', true],
    ['{fix-state: not-fixed}', false],
    ['{fix-state: wont-fix}', true, { fixedIn: [], wontFix: 'ignored' }],
    ['{package: {name: lodash}}', true],
    ['{package: {name: lodash, version: 4.17.20}}', true],
    ['{package: {name: lodash, version: 4.17.1}}', false],
    ['{package: {type: npm}}', true],
    ['{package: {type: gem}}', false],
    ['{package: {language: javascript}}', true],
    ['{package: {location: "/srv/**"}}', true],
    ['{vulnerability: CVE-2021-23337, package: {location: "/opt/**"}}', false],
    ['{package: {upstream-name: source}}', true, { package: installed({ source: { name: 'source', version: '1' } }) }],
    // of the whole name, as Grype takes it
    ['{package: {name: "lod.*"}}', true],
    ['{package: {name: "lod"}}', false],
    ['{package: {name: "od.*"}}', false],
    ['{package: {name: "(lodash|other)"}}', true],
    ['{package: {upstream-name: "sour.*"}}', true, { package: installed({ source: { name: 'source', version: '1' } }) }],
    // what names nothing is for nothing
    ['{}', false],
    ['{reason: all of them}', false],
    ['{vulnerability: "", package: {name: ""}}', false],
    ['{vulnerability: "CVE-*"}', false],
    ['{vulnerability: CVE-2021-23337, namespace: "github:language:javascript"}', false],
  ])('%s', (rule, accepted, parts = {}) => {
    expect(run('.grype.yaml', `ignore:\n  - ${rule}\nfail-on-severity: high\n`, parts).counts.suppressed).toBe(accepted ? 1 : 0);
  });

  test('what has no counterpart here accepts nothing, and is told', () => {
    expect(run('.grype.yaml', 'ignore:\n  - {vulnerability: CVE-2021-23337, match-type: exact-direct-match}').notices?.[0]).toMatch(/asks for match-type, which is not known here/);
    expect(run('.grype.yaml', 'ignore:\n  - {package: {name: "lod["}}').notices?.[0]).toMatch(/"lod\[" is no regular expression, so that the ignore rule accepts nothing/);
    expect(run('.grype.yaml', 'ignore:\n  - {reason: x}').notices?.[0]).toMatch(/names nothing, so that it accepts nothing/);
    expect(() => run('.grype.yaml', 'ignore:\n  - {vulnerabilty: CVE-1}')).toThrow(InputError);
  });
});

describe("Anchore's allow lists", () => {
  const item = { id: 'i', gate: 'vulnerabilities', trigger_id: 'CVE-2021-23337+*', comment: 'known' };
  const list = { id: 'l', version: '1_0', name: 'List', items: [item] };
  test.each([
    ['an allow list', list],
    ['a list of them', [list]],
    ['a bundle', { id: 'b', whitelists: [list] }],
    ['the other vocabulary', { id: 'b', allowlists: [list] }],
  ])('%s', (_, value) => {
    expect(run('allow.json', JSON.stringify(value)).findings[0]?.suppressed).toEqual({ by: 'exception', id: 'i', reason: 'known' });
  });

  test('an expired item', () => {
    expect(run('allow.json', JSON.stringify({ ...list, items: [{ ...item, expires_on: '2026-01-01T00:00:00Z' }] }))).toMatchObject({ verdict: 'stop', problems: [{}] });
  });
});
