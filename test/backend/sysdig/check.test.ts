import { describe, expect, test } from '@jest/globals';
import { readCheck } from '../../../src/backend/sysdig/check.js';
import { resultLink } from '../../../src/backend/sysdig/link.js';
import { readVulnerabilities } from '../../../src/backend/sysdig/vulnerabilities.js';
import { BackendError } from '../../../src/errors.js';

const DIGEST = `sha256:${'1'.repeat(64)}`;
const NAME = 'docker.io/library/a:1';
const HEADER = ['Image_Id', 'Repo_Tag', 'Trigger_Id', 'Gate', 'Trigger', 'Check_Output', 'Gate_Action', 'Whitelisted', 'Policy_Id'];
const ROW = ['id', NAME, '41cb7cdf04850e33a11f80c42bf660b3', 'dockerfile', 'instruction', 'no healthcheck', 'warn', false, 'p1'];

interface Shape {
  readonly status?: unknown;
  readonly action?: string;
  readonly reason?: string;
  readonly header?: readonly string[];
  readonly rows?: readonly (readonly unknown[])[];
}

function answer({ status = 'pass', action = 'warn', reason = 'policy_evaluation', header = HEADER, rows = [ROW] }: Shape = {}): unknown {
  return [{ [DIGEST]: { [NAME]: [{
    ...(status === undefined ? {} : { status }), policyId: 'default', last_evaluation: '2026-01-01T00:00:00Z',
    detail: {
      policy: { policies: [{ id: 'p1', name: 'Default' }] },
      result: { image_id: 'x', final_action: action, final_action_reason: reason, evaluation_problems: [], result: { x: { result: { header, rows, row_count: rows.length, final_action: action } }, policy_data: [], policy_name: '' } },
    },
  }] } }];
}

describe('an answer that is one', () => {
  test('rows become findings, whatever the order of the columns', () => {
    const order = [8, 3, 5, 0, 7, 2, 1, 6, 4];
    const turned = readCheck(answer({ header: [...order.map((column) => HEADER[column] ?? ''), 'More'], rows: [[...order.map((column) => ROW[column]), 'x']] }), DIGEST, NAME);
    expect(turned).toEqual(readCheck(answer(), DIGEST, NAME));
    expect(turned).toMatchObject({
      status: 'pass', finalAction: 'warn',
      findings: [{ id: '41cb7cdf04850e33a11f80c42bf660b3', policy: 'p1', gate: 'dockerfile', trigger: 'instruction', action: 'warn', message: 'no healthcheck' }],
    });
    expect(turned.policyNames.get('p1')).toBe('Default');
  });

  test('a row of an allow list is suppressed', () => {
    const rows = [[...ROW.slice(0, 6), 'go', { whitelist_name: 'Debian', whitelist_id: 'w1', matched_rule_id: 'r1' }, 'p1']];
    expect(readCheck(answer({ rows }), DIGEST, NAME).findings[0]?.suppressed).toEqual({ by: 'allow list', id: 'r1', reason: 'Debian' });
  });

  test('no detail is a verdict all the same', () => {
    expect(readCheck([{ [DIGEST]: { [NAME]: [{ status: 'FAIL', detail: {} }] } }], DIGEST, NAME)).toMatchObject({ status: 'fail', finalAction: 'stop', findings: [] });
  });

  test.each([['blacklisted', 'denied_image'], ['whitelisted', 'allowed_image']])('%s is %s', (reason, expected) => {
    expect(readCheck(answer({ reason }), DIGEST, NAME).reason).toBe(expected);
  });
});

describe('never a pass', () => {
  test.each([
    ['an empty list', []],
    ['nothing', null],
    ['an object', {}],
    ['another digest', [{ [`sha256:${'2'.repeat(64)}`]: { [NAME]: [{ status: 'pass', detail: {} }] } }]],
    ['another name', [{ [DIGEST]: { 'docker.io/library/b:1': [{ status: 'pass', detail: {} }] } }]],
    ['no evaluations', [{ [DIGEST]: { [NAME]: [] } }]],
    ['no status', [{ [DIGEST]: { [NAME]: [{ policyId: 'N/A', detail: {} }] } }]],
    ['an unknown status', answer({ status: 'foo' })],
    ['a status that is no text', answer({ status: true })],
    ['pass and stop at once', answer({ status: 'pass', action: 'stop' })],
    ['an unknown action', answer({ action: 'perhaps' })],
    ['an unknown action of a row', answer({ rows: [[...ROW.slice(0, 6), 'maybe', false, 'p1']] })],
    ['a missing column', answer({ header: HEADER.slice(0, 8) })],
    ['rows that are none', answer({ rows: 'x' as never })],
  ])('%s', (_, body) => {
    expect(() => readCheck(body, DIGEST, NAME)).toThrow(BackendError);
  });
});

test.each([
  ['https://secure.sysdig.com', 'https://secure.sysdig.com/#/scanning/'],
  ['https://api.sysdigcloud.com/', 'https://secure.sysdig.com/#/scanning/'],
  ['https://us2.app.sysdig.com', 'https://us2.app.sysdig.com/secure/#/scanning/'],
  ['https://sysdig.example.com:8443/', 'https://sysdig.example.com:8443/secure/#/scanning/'],
])('the link for %s', (base, expected) => {
  expect(resultLink(base, 'docker.io/a/b:1', DIGEST)).toBe(`${expected}scan-results/docker.io%2Fa%2Fb%3A1/${DIGEST}/summaries`);
});

test('vulnerabilities come in two envelopes, with None and -1 for nothing', () => {
  const record = { vuln: 'CVE-1', severity: 'High', package: 'a-1', package_name: 'a', package_version: '1', package_type: 'APKG', package_path: 'pkgdb', fix: 'None', url: 'https://x', nvd_data: [{ cvss_v3: { base_score: -1 }, cvss_v2: { base_score: 5 } }] };
  const expected = { vulnerabilities: [{ id: 'CVE-1', aliases: [], severity: 'high', cvss: { vector: '', score: 5 }, package: { name: 'a', version: '1', type: 'apk', purl: '' }, fixedIn: [], url: 'https://x', summary: '' }], unreadable: 1 };
  expect(readVulnerabilities({ vulnerabilities: [record, {}] })).toEqual(expected);
  expect(readVulnerabilities({ vulns: [record, 7] })).toEqual(expected);
  expect(readVulnerabilities({ something: [] })).toBeUndefined();
});
