import { countFindings, sortFindings } from '../../src/evaluation/verdict.js';
import type { ScannedImage, ScannedPackage } from '../../src/report/scanned.js';
import { SEVERITIES, type Evaluation, type Finding, type Severity, type Verdict } from '../../src/evaluation/evaluation.js';

/** Evaluations as scans make them, for the tests of what people see. */

const sha = (digit: string): string => `sha256:${digit.repeat(64)}`;

export const LAYERS: Evaluation['image']['layers'] = [
  { index: 0, diffId: sha('0'), digest: sha('0'), sizeBytes: 79_400_000, instruction: '/bin/sh -c #(nop) ADD file:1 in / ', emptyLayer: false },
  { index: -1, diffId: '', digest: '', sizeBytes: 0, instruction: '/bin/sh -c #(nop)  CMD ["bash"]', emptyLayer: true },
  { index: -1, diffId: '', digest: '', sizeBytes: 0, instruction: 'ENV NODE_ENV=production', emptyLayer: true },
  { index: 1, diffId: sha('1'), digest: sha('1'), sizeBytes: 214_000_000, instruction: 'RUN /bin/sh -c apt-get update  && apt-get install -y --no-install-recommends nodejs ca-certificates curl openssh-server  && rm -rf /var/lib/apt/lists/* # buildkit', emptyLayer: false },
  { index: 2, diffId: sha('2'), digest: sha('2'), sizeBytes: 1_200, instruction: 'COPY deploy_key /root/.ssh/id_rsa # buildkit', emptyLayer: false },
  { index: 3, diffId: sha('3'), digest: sha('3'), sizeBytes: 31_800_000, instruction: 'COPY node_modules ./node_modules # buildkit', emptyLayer: false },
];

const LINES = [[2, 2], [6, 8], [10, 10], [12, 12]] as const;

export function at(layer: number, path?: string): NonNullable<Finding['location']> {
  const [startLine, endLine] = LINES[layer] ?? [1, 1];
  const { index, diffId, instruction } = LAYERS.find((one) => one.index === layer) ?? { index: 0, diffId: '', instruction: '' };
  return { ...(path === undefined ? {} : { path }), layer: { index, diffId, instruction }, dockerfile: { file: 'Dockerfile', startLine, endLine }, fromBase: layer === 0 };
}

export function vulnerable(id: string, severity: Severity, name: string, version: string, fixedIn: readonly string[], layer: number, more: Partial<Finding> = {}, extra: Partial<NonNullable<Finding['vulnerability']>> = {}): Finding {
  const type = layer === 3 ? 'npm' : 'dpkg';
  const path = layer === 3 ? `/srv/webshop/node_modules/${name}/package.json` : '/var/lib/dpkg/status';
  const action = severity === 'critical' ? 'stop' : severity === 'high' ? 'warn' : 'go';
  return {
    id: `${id}+${name}`, policy: 'default', rule: `vulnerabilities-${severity}`, gate: 'vulnerabilities', trigger: 'package', action,
    message: `${severity.toUpperCase()} Vulnerability found in ${type} package - ${name} (${id})`,
    vulnerability: {
      id, aliases: [], severity, package: { name, version, type, purl: `pkg:${type === 'npm' ? 'npm' : 'deb/debian'}/${name}@${version}`, path }, fixedIn,
      url: `https://osv.dev/vulnerability/${id}`, summary: `A flaw in ${name}`, published: '2024-03-01T00:00:00Z', ...extra,
    },
    location: at(layer, path), ...more,
  };
}

export const SHOP_FINDINGS: readonly Finding[] = [
  vulnerable('CVE-2019-10744', 'critical', 'lodash', '4.17.11', ['4.17.12'], 3, {}, { cvss: { vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:H/A:H', score: 9.1 }, aliases: ['GHSA-jf85-cpcp-j695'], summary: 'Prototype Pollution in lodash' }),
  vulnerable('CVE-2020-8203', 'high', 'lodash', '4.17.11', ['4.17.19'], 3, {}, { epss: 0.021, summary: 'Prototype pollution in lodash' }),
  vulnerable('CVE-2021-23337', 'high', 'lodash', '4.17.11', ['4.17.21'], 3, {}, { summary: 'Command Injection in lodash', knownExploited: true }),
  vulnerable('CVE-2021-44906', 'critical', 'minimist', '1.2.0', ['1.2.6'], 3, { new: true }, { summary: 'Prototype Pollution in minimist' }),
  vulnerable('CVE-2023-38408', 'critical', 'openssh-client', '1:9.2p1-2', ['1:9.2p1-2+deb12u1'], 1, {}, { summary: 'Remote code execution in the ssh-agent' }),
  vulnerable('CVE-2024-2961', 'high', 'libc6', '2.36-9', ['2.36-9+deb12u6'], 0, {}, { summary: 'The iconv() function may overflow the output buffer' }),
  vulnerable('CVE-2011-3374', 'negligible', 'apt', '2.6.1', [], 0),
  vulnerable('CVE-2023-4911', 'high', 'libc-bin', '2.36-9', ['2.36-9+deb12u3'], 0, { suppressed: { by: 'exception', id: 'CVE-2023-4911', reason: 'No set-user-ID program is run here', expires: '2027-01-31' }, action: 'go' }),
  {
    id: '1'.repeat(32), policy: 'default', rule: 'secrets', gate: 'secret_scans', trigger: 'content_regex_checks', action: 'stop',
    message: 'Secret content search analyzer found regexp match in container: file=/root/.ssh/id_rsa regexp=PRIV_KEY=(?i)-+BEGIN(.*)PRIVATE KEY-+', location: { ...at(2, '/root/.ssh/id_rsa'), line: 1 },
    remediation: 'Take the file out of the build context, and give it to the build with RUN --mount=type=secret.',
  },
  {
    id: '2'.repeat(32), policy: 'default', rule: 'ssh-port', gate: 'dockerfile', trigger: 'exposed_ports', action: 'warn', message: 'Dockerfile exposes port (22) which is in policy file DENIEDPORTS list',
    location: { dockerfile: { file: 'Dockerfile', startLine: 17, endLine: 17 } }, control: 'CIS 4.1',
  },
  {
    id: '3'.repeat(32), policy: 'default', rule: 'root', gate: 'dockerfile', trigger: 'effective_user', action: 'warn', message: 'User root found as effective user, which is explicity not allowed',
    location: { dockerfile: { file: 'Dockerfile', startLine: 2, endLine: 2 } },
  },
];

export function evaluation(findings: readonly Finding[], more: Partial<Evaluation> = {}): Evaluation {
  const sorted = sortFindings(findings);
  const active = sorted.filter(({ suppressed }) => suppressed === undefined);
  const verdict: Verdict = active.some(({ action }) => action === 'stop') ? 'stop' : active.some(({ action }) => action === 'warn') ? 'warn' : 'go';
  return {
    schema: 1, tool: { name: 'inline-scan', version: '1.0.0' }, evaluatedAt: '2026-11-28T12:00:00Z',
    image: { id: 'a'.repeat(64), digest: sha('d'), name: 'localbuild/webshop:1.0', distro: { id: 'debian', version: '12' }, sizeBytes: 325_201_200, layers: LAYERS },
    backend: 'embedded', verdict, reason: 'policy_evaluation', status: verdict === 'stop' ? 'fail' : 'pass',
    policies: [{ id: 'default', name: 'Default', verdict, stops: active.filter(({ action }) => action === 'stop').length, warnings: active.filter(({ action }) => action === 'warn').length }],
    findings: sorted, counts: countFindings(sorted),
    advisories: { source: 'https://api.osv.dev', records: 214, newest: '2026-11-27T08:00:00Z', fetchedAt: '2026-11-28T11:59:00Z' },
    notEvaluated: [{ policy: 'default', rule: 'kev', gate: 'vulnerabilities', trigger: 'kev_list', why: 'no list of known exploited vulnerabilities was given' }],
    problems: [{ path: '/opt/odd.jar', analyzer: 'java', message: 'The archive ends early.' }],
    ...more,
  };
}

/** As many findings as asked for, of all gravities, in all layers. */
export function many(count: number): Finding[] {
  return Array.from({ length: count }, (_, number) => vulnerable(`CVE-2024-${10_000 + number}`, SEVERITIES[(number * 7) % 6] ?? 'low', `package-${number % 700}`, `1.${number % 9}.0`, number % 3 === 0 ? [] : [`2.${number % 5}.0`], number % 4, {}, { summary: `Flaw number ${number}: ${'a long explanation of what goes wrong '.repeat(number % 5)}` }));
}

/** What an image may call its things, to break the reports about it. */
export const HOSTILE = [
  '| a | b |\n|---|---|', '`code`', '``` fence', '<script>alert(1)</script>', '<img src=x onerror=alert(1)>', '</details>', '@octocat and @org/team', '![x](https://evil.example/x.png)', '[x](javascript:alert(1))',
  'https://evil.example/ www.evil.example', '# heading', '- item', '1. item', '> quote', '**bold** __bold__ ~~gone~~', '$x^2$ $$y$$', '\u202egnp.exe', 'a\r\nb\u2028c', '\u0000\u001b[31m', '"];end\nclick A "javascript:alert(1)"', '<!-- comment', '&lt;b&gt;', '\ud800', 'x'.repeat(5_000), '%00%ff ${{ secrets.X }}', '::error::x', '\\| \\` \\', 'a\\|b', '#123 GH-12 owner/repo#3', ':bomb: a:tada:b', 'lod\u200bash\u00ad\u2060\ufeff', `Z${'\u0351\u036b'.repeat(40)}`, '[^1] {0} %%{init: {}}%%', 'someone@example.com mailto:a@b.c',
];

export const hostileFindings: Finding[] = HOSTILE.flatMap((text, number) => [
  vulnerable(`CVE-${text}`, 'critical', text, text, [text], 3, {
    location: { path: `/${text}`, layer: { index: 3, diffId: text, instruction: `COPY ${text} # buildkit` }, dockerfile: { file: `dir/${text}/Dockerfile`, startLine: 12, endLine: 12 }, fromBase: false },
    suppressed: number % 3 === 0 ? { by: 'exception' as const, id: text, reason: text, expires: text } : undefined,
  } as Partial<Finding>, { summary: text, url: `https://x.example/${text}`, aliases: [text] }),
  { id: `${number}`, policy: text, rule: text, gate: 'files', trigger: text, action: 'stop' as const, message: text, control: text, remediation: text, location: { path: text } },
]).map(({ suppressed, ...finding }) => (suppressed === undefined ? finding : { ...finding, suppressed }));

const PACKAGES: readonly ScannedPackage[] = [
  installed('npm', 'lodash', '4.17.11', 3, '/srv/webshop/node_modules/lodash/package.json', ['MIT']),
  installed('npm', 'minimist', '1.2.0', 3, '/srv/webshop/node_modules/minimist/package.json', ['MIT']),
  installed('npm', 'mkdirp', '0.5.1', 3, '/srv/webshop/node_modules/mkdirp/package.json', ['(MIT OR Apache-2.0)'], ['minimist']),
  installed('npm', 'minimist', '0.0.8', 3, '/srv/webshop/node_modules/mkdirp/node_modules/minimist/package.json', ['Do what you like']),
  installed('dpkg', 'openssh-client', '1:9.2p1-2', 1, '/var/lib/dpkg/status', ['BSD-2-Clause', 'public domain', 'GPL-2+ or Artistic'], ['libc6']),
  installed('dpkg', 'libc6', '2.36-9', 0, '/var/lib/dpkg/status', ['LGPL-2.1+']),
  installed('dpkg', 'libc-bin', '2.36-9', 0, '/var/lib/dpkg/status', []),
  installed('dpkg', 'apt', '2.6.1', 0, '/var/lib/dpkg/status', []),
  installed('java', 'log4j-core', '2.14.1', 3, '/srv/lib/log4j-core-2.14.1.jar', ['Apache License 2.0']),
  installed('binary', '', '', 3, '/srv/odd', ['']),
];

function installed(type: string, name: string, version: string, layer: number, path: string, licenses: readonly string[], dependencies: readonly string[] = []): ScannedPackage {
  const purl = name === '' ? '' : `pkg:${type === 'dpkg' ? 'deb/debian' : type === 'java' ? 'maven/org.apache.logging.log4j' : type}/${name}@${version}`;
  return { type, kind: type === 'dpkg' ? 'os' : 'non-os', name, version, upstreamVersion: version, architecture: '', purl, path, layer, licenses, source: { name: '', version: '' }, dependencies, ownedBy: '', metadata: {} };
}

/** The image that SHOP_FINDINGS are about. */
export function image(more: Partial<ScannedImage> = {}): ScannedImage {
  const { id, digest, name, sizeBytes, layers } = evaluation([]).image;
  return {
    id, digest, name, repoTags: ['webshop:1.0'], distro: { id: 'debian', version: '12', like: [] }, architecture: 'amd64', os: 'linux', created: '', sizeBytes, config: null,
    history: layers.map(({ instruction, emptyLayer }) => ({ created: '', createdBy: instruction, comment: '', emptyLayer })),
    layers: layers.map(({ index, diffId, sizeBytes: size, instruction, emptyLayer }) => ({ index, diffId, sizeBytes: size, createdBy: instruction, emptyLayer })),
    dockerfile: { mode: 'Unknown', contents: '' }, files: new Map(), suids: new Map(), packages: PACKAGES, verification: new Map(), retrieved: new Map(),
    digests: { md5: new Map(), sha1: new Map(), sha256: new Map([['/srv/lib/log4j-core-2.14.1.jar', 'b'.repeat(64)], ['/var/lib/dpkg/status', 'c'.repeat(64)]]) },
    secrets: [], hiddenSecrets: [], configSecrets: [], contents: [], malware: null, problems: [], sections: {},
    layerOf: (path) => PACKAGES.find((one) => one.path === path)?.layer, ...more,
  };
}
