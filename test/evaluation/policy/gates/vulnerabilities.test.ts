import { describe, expect, test } from '@jest/globals';
import type { VulnerabilityMatch } from '../../../../src/evaluation/vulnerability.js';
import { messages, only, runRule } from '../../judge.js';
import { answer, image, installed, match } from '../../scannedImage.js';

const scanned = image({ packages: [installed()] });

function run(parts: Partial<VulnerabilityMatch>, params: Record<string, string>, more: Parameters<typeof runRule>[4] = {}): ReturnType<typeof runRule> {
  return runRule(scanned, 'vulnerabilities', 'package', { package_type: 'all', ...params }, { advisories: answer({ matches: [match(parts)] }), ...more });
}

const NVD = { version: '3.1', vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', base: 9.8, exploitability: 3.9, impact: 5.9, by: 'nvd' } as const;
const VENDOR = { version: '3.1', vector: 'CVSS:3.1/AV:L/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', base: 7, exploitability: 2, impact: 5, by: 'vendor' } as const;
const npm = installed({ type: 'npm', name: 'lodash', version: '4.17.20' });

describe('packages that could not be looked up', () => {
  const uncovered = [
    { ecosystem: 'amzn:2023', packages: 12, why: 'nobody publishes them', missedBy: 'os' },
    { ecosystem: 'npm', packages: 1, why: 'DIR has no advisories of npm', missedBy: 'non-os' },
    { ecosystem: 'binary', packages: 3, why: 'there is no ecosystem for it' },
  ] as const;
  const os = '12 packages of amzn:2023 could not be looked up: nobody publishes them';
  const languages = '1 package of npm could not be looked up: DIR has no advisories of npm';

  test.each([['all', [`${os}; ${languages}`]], ['os', [os]], ['non-os', [languages]]])('package_type %s', (type, why) => {
    const { findings, notEvaluated } = runRule(scanned, 'vulnerabilities', 'package', { package_type: type }, { advisories: answer({ matches: [match(), match({ package: npm })], uncovered }) });
    expect(notEvaluated.map((one) => one.why)).toEqual(why);
    // what could be looked up counts all the same
    expect(findings.length).toBeGreaterThan(0);
  });

  test.each(['blacklist', 'kev_list'])('%s', (trigger) => {
    const params = trigger === 'blacklist' ? { vulnerability_ids: 'CVE-2026-0001' } : {};
    expect(runRule(scanned, 'vulnerabilities', trigger, params, { advisories: answer({ uncovered }) }).notEvaluated.map(({ why }) => why)).toEqual([`${os}; ${languages}`]);
  });

  test('advisories that could not be read', () => {
    const unread = ['X-1', 'X-2', 'X-3', 'X-4', 'X-5', 'X-6'];
    expect(runRule(scanned, 'vulnerabilities', 'package', { package_type: 'os' }, { advisories: answer({ unread }) }).notEvaluated.map(({ why }) => why)).toEqual(['advisories that break the schema could not be judged: X-1, X-2, X-3, X-4, X-5, and 1 more']);
  });

  test('packages of a kind that nobody publishes advisories of are told as a problem alone', () => {
    expect(runRule(scanned, 'vulnerabilities', 'package', { package_type: 'all' }, { advisories: answer({ uncovered: uncovered.slice(2) }) }).notEvaluated).toEqual([]);
  });
});

describe('package: filters', () => {
  test.each<[Partial<VulnerabilityMatch>, Record<string, string>, boolean]>([
    [{ severity: 'unknown' }, {}, false],
    [{ severity: 'negligible' }, {}, true],
    [{ severity: 'unknown' }, { severity_comparison: '=', severity: 'unknown' }, true],
    [{ severity: 'unknown' }, { severity_comparison: '>=', severity: 'low' }, false],
    [{ severity: 'critical' }, { severity_comparison: '>=', severity: 'high' }, true],
    [{ severity: 'medium' }, { severity_comparison: '<', severity: 'high' }, true],
    [{}, { package_type: 'os' }, true],
    [{}, { package_type: 'non-os' }, false],
    [{ package: npm }, { package_type: 'non-os' }, true],
    [{}, { fix_available: 'true' }, true],
    [{}, { fix_available: 'False' }, false],
    [{ fixedIn: [] }, { fix_available: 'false' }, true],
    [{ wontFix: 'no-dsa' }, {}, false],
    [{ wontFix: 'no-dsa' }, { vendor_only: 'false' }, true],
    [{ published: '2026-11-27T00:00:00Z' }, { max_days_since_creation: '7' }, false],
    [{ published: '2026-11-01T00:00:00Z' }, { max_days_since_creation: '7' }, true],
    [{ published: '' }, { max_days_since_creation: '7' }, true],
    [{ fixedAt: '2026-11-27T00:00:00Z' }, { fix_available: 'true', max_days_since_fix: '30' }, false],
    [{ fixedAt: '2026-11-27T00:00:00Z' }, { max_days_since_fix: '30' }, true],
    [{ fixedAt: '2026-01-01T00:00:00Z' }, { fix_available: 'true', max_days_since_fix: '30' }, true],
    [{ fixedAt: '' }, { fix_available: 'true', max_days_since_fix: '30' }, true],
    [{ cvss: [NVD, VENDOR] }, { cvss_v3_base_score: '9.0' }, true],
    [{ cvss: [VENDOR] }, { cvss_v3_base_score: '9.0' }, false],
    [{ cvss: [VENDOR] }, { cvss_v3_base_score: '7.0' }, true],
    [{ cvss: [] }, { cvss_v3_base_score: '0.0' }, false],
    [{ cvss: [] }, { cvss_v3_base_score: '5.0', cvss_v3_base_score_comparison: '<' }, true],
    [{ cvss: [{ ...NVD, version: '2.0' }] }, { cvss_v3_base_score: '1' }, false],
    [{ cvss: [NVD] }, { cvss_v3_exploitability_score: '3.9', cvss_v3_impact_score: '6' }, false],
    [{ cvss: [NVD] }, { vendor_cvss_v3_base_score: '1' }, false],
    [{ cvss: [NVD, VENDOR] }, { vendor_cvss_v3_base_score: '7' }, true],
    [{ package: npm }, { package_path_exclude: '.*/node_modules/.*' }, false],
    [{}, { package_path_exclude: '.*' }, true],
    [{ epss: 0.5 }, { epss_score: '0.1' }, true],
    [{ epss: 0.05 }, { epss_score: '0.1' }, false],
    [{ cvss: [NVD] }, { network_vector: 'true' }, true],
    [{ cvss: [VENDOR] }, { network_vector: 'true' }, false],
    [{ cvss: [VENDOR] }, { network_vector: 'false' }, true],
    [{ cvss: [] }, { network_vector: 'true' }, false],
  ])('%j %j', (parts, params, fires) => {
    expect(run(parts, params).findings).toHaveLength(fires ? 1 : 0);
  });

  test('inherited_from_base needs to know the layers of the base', () => {
    expect(run({}, { inherited_from_base: 'true' }).notEvaluated).toHaveLength(1);
    expect(run({}, { inherited_from_base: 'true' }, { baseLayers: 1 }).findings[0]?.location?.fromBase).toBe(true);
    expect(run({}, { inherited_from_base: 'false' }, { baseLayers: 1 }).findings).toEqual([]);
    expect(run({}, { inherited_from_base: 'false' }, { baseLayers: 0 }).findings).toHaveLength(1);
  });

  test('without EPSS scores the rule is not evaluated', () => {
    const advisories = answer({ matches: [match()], hasEpss: false });
    expect(run({}, { epss_score: '0.1' }, { advisories }).notEvaluated).toHaveLength(1);
  });

  test('what vendor_only leaves out is told', () => {
    expect(run({ wontFix: 'no-dsa' }, {}).notices).toEqual(['Rule r leaves out 1 matches that the vendor will not fix (vendor_only=true): CVE-2026-0001.']);
  });
});

describe('package: ids and messages', () => {
  const path = (parts: Parameters<typeof installed>[0]): Partial<VulnerabilityMatch> => ({ package: installed(parts) });
  test.each<[Partial<VulnerabilityMatch>, string]>([
    [{}, 'CVE-2026-0001+openssl'],
    [path({ type: 'npm', name: 'lodash', path: '/app/node_modules/lodash/package.json' }), 'CVE-2026-0001+lodash'],
    [path({ type: 'npm', name: '@babel/core', path: '/app/node_modules/@babel/core/package.json' }), 'CVE-2026-0001+core'],
    [path({ type: 'npm', name: 'lodash', version: '1.0', path: '/app/package-lock.json' }), 'CVE-2026-0001+lodash-1.0'],
    [path({ type: 'java', name: 'log4j', path: '/app/a.war:WEB-INF/lib/log4j-core-2.0.jar' }), 'CVE-2026-0001+log4j-core-2.0.jar'],
    [path({ type: 'gem', name: 'rails', path: '/gems/specifications/rails-5.0.gemspec' }), 'CVE-2026-0001+rails-5.0.gemspec'],
    [path({ type: 'python', name: 'flask', version: '1.0', path: '/usr/lib/python3/flask' }), 'CVE-2026-0001+flask-1.0'],
    [path({ type: 'go', name: 'golang.org/x/net', version: 'v0.1.0', path: '/app/server' }), 'CVE-2026-0001+golang.org/x/net-v0.1.0'],
  ])('%#: %s', (parts, id) => {
    expect(only(run(parts, {})).id).toBe(id);
  });

  test.each<[Partial<VulnerabilityMatch>, Record<string, string>, string]>([
    [{}, {}, 'HIGH Vulnerability found in os package type (dpkg) - openssl(fixed in: 3.0.2-1)(CVE-2026-0001 - https://osv.dev/CVE-2026-0001)'],
    [{ fixedIn: [] }, {}, 'HIGH Vulnerability found in os package type (dpkg) - openssl(CVE-2026-0001 - https://osv.dev/CVE-2026-0001)'],
    [{ fixedIn: ['1', '2'], package: npm }, {}, 'HIGH Vulnerability found in non-os package type (npm) - /app/node_modules/lodash/package.json(fixed in: 1, 2)(CVE-2026-0001 - https://osv.dev/CVE-2026-0001)'],
    [
      { cvss: [NVD, VENDOR] },
      { cvss_v3_base_score: '9', cvss_v3_impact_score: '1', vendor_cvss_v3_base_score: '7', fix_available: 'true', max_days_since_creation: '1', max_days_since_fix: '1' },
      'HIGH Vulnerability found in os package type (dpkg) - openssl(fixed in: 3.0.2-1)(cvss_v3_base_score=9.8 cvss_v3_impact_score=5.9)(max_days_since_creation=2026-01-01 max_days_since_fix=2026-01-10)(vendor_cvss_v3_base_score=7.0)(CVE-2026-0001 - https://osv.dev/CVE-2026-0001)',
    ],
  ])('%#', (parts, params, message) => {
    expect(only(run(parts, params)).message).toBe(message);
  });
});

describe('blacklist', () => {
  const advisories = answer({ matches: [match({ aliases: ['GHSA-aaaa'] }), match({ id: 'CVE-2026-0002', wontFix: 'ignored' })] });
  test.each([
    [{ vulnerability_ids: 'CVE-2026-0001,CVE-1999-1' }, ["Blacklisted vulnerabilities detected: ['CVE-2026-0001']"]],
    [{ vulnerability_ids: 'GHSA-aaaa' }, ["Blacklisted vulnerabilities detected: ['GHSA-aaaa']"]],
    [{ vulnerability_ids: 'CVE-2026-0002' }, []],
    [{ vulnerability_ids: 'CVE-2026-0001,CVE-2026-0002', vendor_only: 'false' }, ["Blacklisted vulnerabilities detected: ['CVE-2026-0001', 'CVE-2026-0002']"]],
  ])('%j', (params, expected) => {
    expect(messages(scanned, 'vulnerabilities', 'blacklist', params as Record<string, string>, { advisories })).toEqual(expected);
  });
});

describe('the state of the advisories', () => {
  const old = 'The vulnerability feed for this image distro is older than MAXAGE (7) days';
  const none = 'Distro-specific feed data not found for distro namespace: debian:12. Cannot perform CVE scan OS/distro packages';
  const used = { source: 'x', records: 1, newest: null, fetchedAt: null };
  test.each([
    ['fresh', answer(), [], []],
    ['old', answer({ used: { ...used, newest: '2026-11-01T00:00:00Z' }, newest: {} }), [old], []],
    ['of unknown age', answer({ used, newest: {} }), [old], []],
    ['of other systems', answer({ covered: ['Alpine:v3.18', 'npm'], newest: { npm: '2026-11-28T00:00:00Z' } }), [old], [none]],
    ['old for the distribution, though fresh for npm', answer({ used: { ...used, newest: '2026-11-28T00:00:00Z' }, newest: { 'Debian:12': '2026-11-01T00:00:00Z', npm: '2026-11-28T00:00:00Z' } }), [old], []],
  ])('%s', (_, advisories, stale, unavailable) => {
    expect(messages(scanned, 'vulnerabilities', 'stale_feed_data', { max_days_since_sync: '7' }, { advisories })).toEqual(stale);
    expect(messages(scanned, 'vulnerabilities', 'vulnerability_data_unavailable', {}, { advisories })).toEqual(unavailable);
  });

  test('without packages of a system the other ecosystems tell the age', () => {
    const aged = (date: string): readonly string[] => messages(image(), 'vulnerabilities', 'stale_feed_data', { max_days_since_sync: '7' }, { advisories: answer({ used, newest: { npm: date } }) });
    expect([aged('2026-11-28T00:00:00Z'), aged('2026-11-01T00:00:00Z')]).toEqual([[], [old]]);
  });

  test('an image without packages of a system needs no advisories for one', () => {
    expect(messages(image(), 'vulnerabilities', 'vulnerability_data_unavailable', {}, { advisories: { unavailable: 'off' } })).toEqual([]);
  });

  test('without advisories rules about vulnerabilities are not evaluated', () => {
    const triggers = [['package', { package_type: 'all' }], ['kev_list', {}], ['blacklist', { vulnerability_ids: 'CVE-1' }], ['stale_feed_data', { max_days_since_sync: '7' }], ['vulnerability_data_unavailable', {}]] as const;
    for (const [trigger, params] of triggers) {
      expect(messages(scanned, 'vulnerabilities', trigger, params, { advisories: { unavailable: 'switched off' } })).toEqual([]);
      expect(runRule(scanned, 'vulnerabilities', trigger, params, { advisories: { unavailable: 'switched off' } }).notEvaluated[0]?.why).toBe('there are no advisories: switched off');
    }
  });
});

describe('kev_list', () => {
  test('fires for what is known to be exploited', () => {
    const advisories = answer({ matches: [match({ knownExploited: true }), match({ id: 'CVE-2', knownExploited: false }), match({ id: 'CVE-3' })] });
    expect(only(runRule(scanned, 'vulnerabilities', 'kev_list', {}, { advisories }))).toMatchObject({ id: 'CVE-2026-0001+openssl', vulnerability: { knownExploited: true } });
  });

  test('without the list it is not evaluated', () => {
    expect(runRule(scanned, 'vulnerabilities', 'kev_list', {}, { advisories: answer({ hasKnownExploited: false }) }).notEvaluated).toHaveLength(1);
  });
});
