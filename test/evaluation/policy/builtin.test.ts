import { describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { evaluate } from '../../../src/evaluation/evaluate.js';
import type { Evaluation } from '../../../src/evaluation/evaluation.js';
import { BUILT_IN } from '../../../src/evaluation/policy/builtin/index.js';
import { readBundle } from '../../../src/evaluation/policy/readBundle.js';
import { withTrustedRegistries } from '../../../src/evaluation/policy/trustedRegistries.js';
import type { AdvisoryAnswer, VulnerabilityMatch } from '../../../src/evaluation/vulnerability.js';
import type { ScannedImage } from '../../../src/report/scanned.js';
import { context } from '../judge.js';
import { answer, config, files, hit, image, installed, match, withDockerfile } from '../scannedImage.js';

interface RawRule {
  readonly id: string;
  readonly gate: string;
  readonly trigger: string;
  readonly action: string;
  readonly control?: string;
  readonly recommendation?: string;
  readonly params: readonly { readonly name: string; readonly value: string }[];
}

const RULES = BUILT_IN.flatMap(({ name, text }) => (
  (JSON.parse(text) as { policies: [{ rules: RawRule[] }] }).policies[0].rules.map((rule) => ({ policy: name, rule }))
));

/** What a rule is shown: an image, advisories. */
type Case = readonly [scanned: ScannedImage, advisories?: AdvisoryAnswer | { readonly unavailable: string }];

const BUNDLES = new Map(BUILT_IN.map(({ name, text }) => [
  name, withTrustedRegistries([readBundle(name, text)], '(?:registry\\.example\\.com|docker\\.io/library)/'),
]));

/** Evaluates a built-in policy, or one rule of it. */
function run(policy: string, [scanned, advisories = answer()]: Case, ruleId?: string): Evaluation {
  const bundles = (BUNDLES.get(policy) ?? []).map((bundle) => ({ ...bundle, mappings: bundle.mappings.map((mapping) => ({
    ...mapping, policies: mapping.policies.map((one) => ({ ...one, rules: one.rules.filter(({ id }) => ruleId === undefined || id === ruleId) })),
  })) }));
  return evaluate(scanned, context({ bundles, advisories }));
}

const withPackage = image({ packages: [installed()] });
const vulnerable = (parts: Partial<VulnerabilityMatch>): Case => [withPackage, answer({ matches: [match(parts)] })];
const line = (text: string): Case => [withDockerfile(`FROM docker.io/library/debian:12@sha256:${'a'.repeat(64)}\n${text}`)];
const CVSS = { version: '3.1', vector: 'CVSS:3.1/AV:N', base: 9.8, exploitability: 3.9, impact: 5.9, by: 'nvd' } as const;

/** By rule id where parameters alone do not say it. */
const VULNERABILITY_CASES: Readonly<Record<string, readonly [fires: Partial<VulnerabilityMatch>, silent: Partial<VulnerabilityMatch>]>> = {
  'default.1': [{ severity: 'high' }, { severity: 'high', fixedIn: [] }],
  'default.2': [{ severity: 'critical', fixedIn: [] }, { severity: 'critical' }],
  'default.3': [{ severity: 'medium' }, { severity: 'low' }],
  'default.4': [{ severity: 'unknown' }, { severity: 'unknown', fixedIn: [] }],
  'nist-800-190.1': [{ severity: 'medium' }, { severity: 'low' }],
  'nist-800-190.2': [{ severity: 'medium', fixedIn: [], wontFix: 'no-dsa' }, { severity: 'medium' }],
  'nist-800-190.3': [{ severity: 'negligible' }, { severity: 'medium' }],
  'pci.1': [{ severity: 'critical' }, { severity: 'high' }],
  'pci.2': [{ severity: 'high', fixedAt: '2026-10-01T00:00:00Z' }, { severity: 'high', fixedAt: '2026-11-20T00:00:00Z' }],
  'pci.3': [{ severity: 'high', fixedAt: '2026-11-20T00:00:00Z' }, { severity: 'high', fixedIn: [] }],
  'pci.4': [{ severity: 'high', fixedIn: [], wontFix: 'ignored' }, { severity: 'high' }],
  'pci.5': [{ severity: 'medium' }, { severity: 'high' }],
  'pci.6': [{ severity: 'low', cvss: [CVSS] }, { severity: 'low', cvss: [{ ...CVSS, base: 8.9 }] }],
};

/** Lines for `INSTRUCTION like`: what a secret looks like and what does not, and so on; by a word of the pattern. */
const LINES: readonly (readonly [instruction: string, word: string, fires: readonly string[], silent: readonly string[]])[] = [
  ['ENV', 'passwd', ['DB_PASSWORD=x1', 'A=1 API_KEY="abc"', 'TOKEN abc'], ['GPG_KEY=ABC', 'DB_PASSWORD_FILE=/run/x', 'DB_PASSWORD=', 'DB_PASSWORD=${X}', 'DB_PASSWORD=/run/secret', 'A=1', 'PUBLIC_KEY_TOKEN']],
  ['ARG', 'passwd', ['NPM_TOKEN=abc'], ['NPM_TOKEN', 'VERSION=1']],
  ['LABEL', 'passwd', ['db.password=abc password=abc'], ['org.title="x"']],
  ['ADD', 'https?', ['https://example.com/a.tgz /', '--chown=a http://example.com/a /'], ['a.tgz /']],
  ['RUN', 'makecache', ['apt-get update', 'sudo apt-get -q update', 'apk update', 'yum makecache'], ['apt-get update && apt-get install -y a']],
  ['RUN', 'dist-upgrade', ['apt-get update && apt-get -y upgrade', 'yum update -y', 'apk --no-cache upgrade'], ['apt-get install -y a', 'yum update-minimal']],
  ['RUN', 'wget', ['curl -fsSL https://x.sh | sh', 'wget -qO- https://x | sudo bash'], ['curl -o a https://x', 'curl https://x | tar xz']],
  ['RUN', 'sudo', ['sudo make install', 'a && sudo b'], ['apt-get install -y sudo']],
  ['RUN', '777', ['chmod 777 /app', 'chmod -R 0777 /app', 'chmod a+rwx /app'], ['chmod 755 /app']],
  ['VOLUME', 'proc', ['/etc', '["/var/run"]', '/root/x'], ['/data']],
];

/** Two cases for a rule: one in which it fires, and one in which it does not. Several of each where the rule is a pattern. */
function cases({ policy, rule }: { readonly policy: string; readonly rule: RawRule }): { readonly fires: readonly Case[]; readonly silent: readonly Case[] } {
  const value = (name: string): string => rule.params.find((param) => param.name === name)?.value ?? '';
  const nothing: Case = [image({ packages: [], created: '2026-11-27T00:00:00Z', config: config({ user: 'app', healthcheck: { test: ['CMD', 'x'] } }) })];
  switch (`${rule.gate}.${rule.trigger}`) {
    case 'vulnerabilities.package': {
      const [fires, silent] = VULNERABILITY_CASES[rule.id] as (typeof VULNERABILITY_CASES)[string];
      return { fires: [vulnerable(fires)], silent: [vulnerable(silent), nothing] };
    }
    case 'vulnerabilities.kev_list': return { fires: [vulnerable({ knownExploited: true })], silent: [vulnerable({ knownExploited: false })] };
    case 'vulnerabilities.stale_feed_data': {
      const used = { source: 'x', records: 1, fetchedAt: null };
      const old = Number(value('max_days_since_sync')) === 2 ? '2026-11-25T00:00:00Z' : '2026-11-20T00:00:00Z';
      return { fires: [[withPackage, answer({ used: { ...used, newest: old }, newest: {} })]], silent: [[withPackage, answer()]] };
    }
    case 'vulnerabilities.vulnerability_data_unavailable': return { fires: [[withPackage, answer({ covered: [] })]], silent: [[withPackage, answer()]] };
    case 'secret_scans.content_regex_checks': return { fires: [[image({ secrets: [hit('/a')] })], [image({ configSecrets: [hit('config:env:A')] })]], silent: [nothing] };
    case 'dockerfile.exposed_ports': return {
      fires: value('ports').split(',').map((port): Case => [image({ config: config({ exposedPorts: [`${port}/tcp`] }) })]),
      silent: [[image({ config: config({ exposedPorts: ['8080/tcp'] }) })]],
    };
    case 'dockerfile.effective_user': return { fires: ['', '0', 'root:root'].map((user): Case => [image({ config: config({ user }) })]), silent: [[image({ config: config({ user: 'app' }) })]] };
    case 'dockerfile.no_dockerfile_provided': return { fires: [nothing], silent: [line('')] };
    case 'dockerfile.instruction': return instructionCases(value('instruction'), value('check'), value('value'), nothing);
    case 'files.suid_or_guid_set': return { fires: [[image({ files: files(['/usr/bin/find', 0o104755]) })]], silent: [[image({ files: files('/usr/bin/find') })]] };
    case 'files.attribute_match': return { fires: [[image({ files: files([value('filename'), 0o100666]) })]], silent: [[image({ files: files([value('filename'), value('filename') === '/etc/passwd' ? 0o100644 : 0o100600]) })], nothing] };
    case 'files.name_match': return {
      fires: ['/root/.ssh/id_rsa', '/app/.netrc', '/root/.aws/credentials', '/app/key.p12'].map((path): Case => [image({ files: files(path) })]),
      silent: [[image({ files: files('/root/.ssh/id_rsa.pub', '/etc/ssl/certs/a.pem') })]],
    };
    case 'packages.blacklist': return { fires: [[image({ packages: [installed({ name: value('name') })] })]], silent: [[withPackage]] };
    case 'packages.verify': {
      const record = { package: 'p', digest: 'b', digestalgo: 'md5', mode: null, size: null, user: null, group: null, conffile: false };
      const digests = { md5: new Map([['/usr/bin/a', 'a'], ['/opt/a', 'a']]), sha1: new Map(), sha256: new Map() };
      const at = (path: string): Case => [image({ files: files(path), digests, verification: new Map([[path, [record]]]) })];
      return { fires: [at('/usr/bin/a')], silent: [at('/opt/a')] };
    }
    case 'metadata.attribute': return value('attribute') === 'distro'
      ? { fires: [[image({ distro: { id: 'ownix', version: '1', like: [] } })]], silent: [nothing] }
      : { fires: [[image({ created: '2026-01-01T00:00:00Z' })]], silent: [nothing] };
    case 'distro.end_of_life': return { fires: [[image({ distro: { id: 'debian', version: '8', like: [] } })]], silent: [nothing] };
    case 'malware.scans': return { fires: [[image({ malware: [{ scanner: 'clamav', path: '/a', signature: 'x' }] })]], silent: [[image({ malware: [] })]] };
    case 'malware.scan_not_run': return { fires: [nothing], silent: [[image({ malware: [] })]] };
    case 'passwd_file.blacklist_usernames': return { fires: [passwd('guest:x:5:5::/:/bin/sh')], silent: [passwd('app:x:5:5::/:/bin/sh')] };
    case 'retrieved_files.content_regex': return { fires: [passwd('app::5:5::/:/bin/sh', value('path'))], silent: [passwd('app:x:5:5::/:/bin/sh', value('path'))] };
    default: throw new Error(`${policy}: there is no case for ${rule.id} (${rule.gate}.${rule.trigger})`);
  }
}

function passwd(content: string, path = '/etc/passwd'): Case {
  return [image({ files: files(path), retrieved: new Map([[path, Buffer.from(`root:x:0:0:root:/root:/bin/bash\n${content}\n`)]]) })];
}

function instructionCases(instruction: string, check: string, value: string, nothing: Case): ReturnType<typeof cases> {
  if (instruction === 'HEALTHCHECK') return { fires: [[image()]], silent: [nothing] };
  if (instruction === 'FROM') {
    const from = (text: string): Case => [withDockerfile(`FROM ${text}\nRUN x`)];
    return check === 'like'
      ? { fires: [from('debian'), from('debian:latest'), from('a/b:latest AS x')], silent: [from('debian:12'), from('scratch'), from(`a@sha256:${'a'.repeat(64)}`)] }
      : { fires: [from('docker.io/somebody/x:1')], silent: [from('docker.io/library/debian:12'), from('registry.example.com/a:1')] };
  }
  if (check === 'exists') return { fires: [line(`${instruction} x /y`)], silent: [line('COPY x /y')] };
  if (check === 'not_like') return { fires: [line(`${instruction} app`)], silent: [line(`${instruction} /app`), line(`${instruction} $HOME`), line(`${instruction} C:/app`)] };
  const found = LINES.find(([keyword, word]) => keyword === instruction && value.includes(word));
  if (found === undefined) throw new Error(`there are no lines for ${instruction} ${check} ${value}`);
  return { fires: found[2].map((text) => line(`${instruction} ${text}`)), silent: found[3].map((text) => line(`${instruction} ${text}`)) };
}

/** The registries' lists of all packages are not available: these rules say so, and never fire. */
const NEVER_EVALUATED = new Set(['nist-800-190.16', 'nist-800-190.16.2']);

describe.each(RULES.filter(({ rule }) => !NEVER_EVALUATED.has(rule.id)))('$rule.id ($rule.gate.$rule.trigger)', ({ policy, rule }) => {
  const of = (evaluation: Evaluation): number => evaluation.findings.filter((finding) => finding.rule === rule.id).length;

  test('fires', () => {
    for (const one of cases({ policy, rule }).fires) {
      const evaluation = run(policy, one, rule.id);
      expect({ case: one[0].dockerfile.contents, found: of(evaluation) }).toEqual({ case: one[0].dockerfile.contents, found: 1 });
      expect(evaluation.findings.find((finding) => finding.rule === rule.id)).toMatchObject({
        action: rule.action.toLowerCase(), control: rule.control, remediation: rule.recommendation,
      });
    }
  });

  test('does not fire', () => {
    for (const one of cases({ policy, rule }).silent) expect({ case: one[0].dockerfile.contents, found: of(run(policy, one, rule.id)) }).toEqual({ case: one[0].dockerfile.contents, found: 0 });
  });
});

test('rules that need the list of a registry say so', () => {
  const scanned = image({ packages: [installed({ type: 'npm', name: 'a' }), installed({ type: 'gem', name: 'b' })] });
  expect(run('nist-800-190', [scanned]).notEvaluated.map(({ rule }) => rule)).toEqual(expect.arrayContaining([...NEVER_EVALUATED]));
});

test.each(BUILT_IN)('$name is a bundle that can be copied', ({ name, text }) => {
  const bundle = readBundle(`${name}.json`, text);
  expect(bundle.id).toBe(name);
  expect(text).not.toMatch(/is compliant|is PCI compliant/);
  const ids = bundle.mappings.flatMap(({ policies }) => policies.flatMap(({ rules }) => rules.map(({ id }) => id)));
  expect(new Set(ids).size).toBe(ids.length);
  for (const { rule } of RULES.filter(({ policy }) => policy === name)) {
    expect(rule.control).toBeTruthy();
    expect(rule.recommendation).toMatch(/^[A-Z].*\.$|@sha256:…$/);
  }
});

test('the allow list of standard SUID files has the ids of what its comments say', () => {
  for (const { name, text } of BUILT_IN) {
    const { whitelists } = JSON.parse(text) as { whitelists: { items: { trigger_id: string; comment: string }[] }[] };
    expect(whitelists).toHaveLength(name === 'default' ? 0 : 1);
    for (const { trigger_id: id, comment } of whitelists[0]?.items ?? []) {
      const [, path, mode] = /^(\/\S+) (0o\d+) \(/.exec(comment) ?? [];
      expect(createHash('md5').update(`filessuid_or_guid_setSUID or SGID found set on file ${path}. Mode: ${mode}`).digest('hex')).toBe(id);
    }
  }
});

test('what a distribution ships is allowed, and stays to be seen', () => {
  const { findings, counts } = run('pci', [image({ files: files(['/usr/bin/chage', 0o104755], ['/usr/bin/find', 0o104755]) })]);
  const [chage, find] = ['/usr/bin/chage', '/usr/bin/find'].map((path) => findings.find(({ location }) => location?.path === path));
  expect(chage).toMatchObject({ action: 'go', suppressed: { by: 'allow list' } });
  expect(find).toMatchObject({ action: 'warn' });
  expect(find?.suppressed).toBeUndefined();
  expect(counts.suppressed).toBe(1);
});
