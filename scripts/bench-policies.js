// Prints what policies cost: a bundle of 1,000 rules of every gate on an image of 100,000 files and 2,000 packages, and the built-in policies on 1,000 images.
//
//   node scripts/bench-policies.js
//
// Nothing is asserted.
import { performance } from 'node:perf_hooks';
import { load } from './load.js';

const { evaluate, readBundle, loadPolicies, answer, config, image, installed, layer, match } = await load(`
  export { evaluate } from './src/evaluation/evaluate.ts';
  export { readBundle } from './src/evaluation/policy/readBundle.ts';
  export { loadPolicies } from './src/evaluation/policy/loadPolicies.ts';
  export { answer, config, image, installed, layer, match } from './test/evaluation/scannedImage.ts';
`);

const FILES = 100_000;
const PACKAGES = 2_000;
const RULES = 1_000;

function bigImage() {
  const files = new Map();
  const verification = new Map();
  for (let index = 0; index < FILES; index++) {
    const path = `/usr/lib/python3/dist-packages/package${index % 977}/module_${index}.py`;
    files.set(path, { path, size: 10, mode: index % 10_000 === 0 ? 0o104755 : 0o100644, uid: 0, gid: 0, type: 'file', linkTarget: '' });
    verification.set(path, [{ package: `p${index % PACKAGES}`, digest: index % 5_000 === 0 ? 'b' : 'a', digestalgo: 'md5', mode: '0644', size: '10', user: null, group: null, conffile: false }]);
  }
  const digests = new Map([...files.keys()].map((path) => [path, 'a']));
  const packages = Array.from({ length: PACKAGES }, (_, index) => installed({ name: `p${index}`, version: `1.${index}-1`, licenses: ['MIT'] }));
  return image({ files, verification, packages, digests: { md5: digests, sha1: new Map(), sha256: digests }, layers: [layer(0, 'RUN make # buildkit')], config: config({ env: ['A=1'] }) });
}

const big = bigImage();
const matches = big.packages.map((found, index) => match({ id: `CVE-2026-${index}`, package: found, severity: ['low', 'medium', 'high', 'critical'][index % 4], fixedIn: index % 2 ? ['2'] : [] }));
const parameters = (values) => Object.entries(values).map(([name, value]) => ({ name, value }));
const KINDS = [
  (n) => ['files', 'name_match', { regex: `.*/secret${n}/.*\\.pem` }],
  (n) => ['files', 'name_match', { regex: `.*/module_${n}0\\.py$` }],
  (n) => ['files', 'name_match', { regex: `(?i).*/(id_rsa${n}|\\.netrc${n}|[^/]*\\.p12)$` }],
  (n) => ['files', 'attribute_match', { filename: `/usr/lib/${n}`, mode: '00644' }],
  (n) => ['packages', 'blacklist', { name: `p${n}` }],
  (n) => ['packages', 'verify', { only_packages: `p${n}`, check: 'changed' }],
  (n) => ['vulnerabilities', 'package', { package_type: 'all', severity: 'critical', severity_comparison: '=', fix_available: n % 2 ? 'true' : 'false', cvss_v3_base_score: '9.0' }],
  (n) => ['dockerfile', 'instruction', { instruction: 'RUN', check: 'like', value: `.*tool${n}` }],
  (n) => ['licenses', 'blacklist_exact_match', { licenses: `GPL-${n}` }],
  () => ['files', 'suid_or_guid_set', {}],
];

function rules(kinds) {
  return Array.from({ length: RULES }, (_, n) => {
    const [gate, trigger, values] = kinds[n % kinds.length](n);
    return { id: `r${n}`, gate, trigger, action: 'WARN', params: parameters(values) };
  });
}

function measure(what, run) {
  const start = performance.now();
  const cpu = process.cpuUsage();
  const result = run();
  const { user, system } = process.cpuUsage(cpu);
  console.log(`${what.padEnd(62)} ${((performance.now() - start) / 1000).toFixed(2)} s (CPU ${((user + system) / 1e6).toFixed(2)} s)   ${result}`);
}

const tool = { name: 'bench', version: '0' };
const none = { entries: [], notices: [] };
const context = (bundles, advisories) => ({ bundles, exceptions: none, vex: none, advisories, now: new Date('2026-11-28T12:00:00Z'), tool });

for (const [what, kinds] of [['every gate', KINDS], ['name_match alone', KINDS.slice(0, 3)]]) {
  const text = JSON.stringify({ id: 'bench', version: '1_0', rules: rules(kinds) });
  let bundle;
  measure(`read a bundle of ${RULES} rules (${what})`, () => { bundle = readBundle('bench.json', text); return `${(text.length / 1000).toFixed(0)} kB`; });
  measure(`evaluate it on ${FILES} files and ${PACKAGES} packages`, () => `${evaluate(big, context([bundle], answer({ matches }))).findings.length} findings`);
}

const builtIn = loadPolicies(['default', 'dockerfile-best-practices', 'nist-800-190', 'pci'], () => undefined);
const usual = image({
  files: new Map([...big.files].slice(0, 5_000)), packages: big.packages.slice(0, 300), config: config({ env: ['A=1', 'B_TOKEN=x'] }),
  layers: Array.from({ length: 15 }, (_, index) => layer(index, `RUN apt-get update && apt-get install -y tool${index} # buildkit`)),
});
measure('evaluate 1,000 images of 5,000 files with the built-in policies', () => {
  let findings = 0;
  for (let index = 0; index < Number(process.env.N ?? 1000); index++) findings += evaluate({ ...usual, name: `localbuild/shop:${index}` }, context(builtIn, answer({ matches: matches.slice(0, 200) }))).findings.length;
  return `${findings} findings, ${Math.round(process.memoryUsage().heapUsed / 1e6)} MB`;
});
