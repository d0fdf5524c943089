// Measures the advisories: building the indexes of a directory of exports, opening them, matching packages.
//   node scripts/bench-advisories.js DIRECTORY [PACKAGES] [REPORT…]
// Packages are the records' own names, spread over the ecosystems of the directory, so that every one has something to be judged;
// one in ten is old and has everything that was ever found in it, the others are new: more than an image really has.
// With reports (report.json), theirs as well, over and over until they are as many.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ENTRY = `
  export { openAdvisories } from './src/evaluation/advisories/open.ts';
  export { openZip } from './src/evaluation/advisories/sources/zip.ts';
  export { parseReport } from './src/report/parse.ts';
  export { readReport } from './src/report/read.ts';
`;

const PHASE = '--phase';
const WOLFI = { id: 'wolfi', version: '', like: [] };

/** purl type and an installed version by ecosystem of the directory. */
const KINDS = { npm: ['npm', 'npm'], PyPI: ['pypi', 'python'], Go: ['golang', 'go'], 'crates.io': ['cargo', 'rust'], Maven: ['maven', 'java'], RubyGems: ['gem', 'gem'] };

function scanned(kind, type, purlType, name, version) {
  const purl = kind === 'os' ? `pkg:apk/wolfi/${encodeURIComponent(name)}@${version}` : `pkg:${purlType}/${name.split('/').map(encodeURIComponent).join('/')}@${version}`;
  return { type, kind, name, version, upstreamVersion: version, architecture: '', purl, path: '/x', layer: 0, licenses: [], source: { name: kind === 'os' ? name : '', version: '' }, ownedBy: '', dependencies: [], metadata: {} };
}

async function packagesOf(openZip, directory, count) {
  const packages = [];
  const ecosystems = readdirSync(directory).filter((name) => KINDS[name] || name === 'Wolfi');
  for (const ecosystem of ecosystems) {
    const names = new Set();
    const zip = await openZip(join(directory, ecosystem, 'all.zip'));
    for await (const { bytes } of zip.contents((entry) => entry.name.endsWith('.json'))) {
      for (const affected of JSON.parse(bytes.toString('utf8')).affected ?? []) if (affected.package) names.add(affected.package.name);
    }
    await zip.close();
    const share = Math.ceil(count / ecosystems.length);
    const list = [...names];
    for (let index = 0; index < share; index++) {
      const name = list[index] ?? `no-such-package-${index}`;
      const version = index % 10 === 0 ? '1.2.3' : '9000.1.2';
      packages.push(ecosystem === 'Wolfi' ? scanned('os', 'apk', '', name, `${version}-r0`) : scanned('non-os', KINDS[ecosystem][1], KINDS[ecosystem][0], name, version));
    }
  }
  return packages.slice(0, count);
}

/** The packages of stored reports, repeated, and the distribution of the first. */
function packagesIn(reports, { parseReport, readReport }, count) {
  const images = reports.map((path) => readReport(parseReport(readFileSync(path), path)));
  const all = images.flatMap((image) => image.packages);
  return { distro: images[0].distro, packages: Array.from({ length: count }, (_, index) => ({ ...all[index % all.length], path: `${all[index % all.length].path}#${index}` })) };
}

/** Seconds by the clock and of this process's own work: on a machine that does other things only the second says much. */
async function timed(work) {
  const start = process.hrtime.bigint();
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return [result, `${(Number(process.hrtime.bigint() - start) / 1e9).toFixed(3)} s, of which ${((user + system) / 1e6).toFixed(3)} s own work`];
}

/** Of this process alone: what the system counts for getrusage begins with the memory of the process that started it, which has a bundler in it. */
function peakMegabytes() {
  const own = existsSync('/proc/self/status') ? /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) : null;
  return Math.round((own === null ? process.resourceUsage().maxRSS : Number(own[1])) / 1024);
}

/** Each phase has a process of its own, so that its peak of memory is its own. */
const PHASES = {
  build: async ({ module, directory, cacheDir, probes, debian }) => {
    const { openAdvisories } = await import(module);
    const source = await openAdvisories(directory, { cacheDir });
    const [answers, seconds] = await timed(async () => [await source.match(probes, WOLFI), await source.match([debian], { id: 'debian', version: '11', like: [] })]);
    await source.close();
    return { records: answers.reduce((sum, { used }) => sum + used.records, 0), 'indexes, first build': seconds };
  },
  match: async ({ module, directory, cacheDir, probes, packages, distro = WOLFI }) => {
    const { openAdvisories } = await import(module);
    const source = await openAdvisories(directory, { cacheDir });
    const [, open] = await timed(() => source.match(probes.map((found) => ({ ...found, name: 'x', purl: found.purl.replace(/\/[^/]*$/, '/x@1') })), WOLFI));
    const [answer, match] = await timed(() => source.match(packages, distro));
    await source.close();
    return { open, packages: packages.length, match, matches: answer.matches.length };
  },
};

async function run(phase, input) {
  const path = join(scratch, `${phase}.json`);
  writeFileSync(path, JSON.stringify(input));
  const ran = spawnSync(process.execPath, [fileURLToPath(import.meta.url), PHASE, phase, path], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  if (ran.status !== 0) throw new Error(`the phase ${phase} ended with ${ran.status}`);
  return JSON.parse(ran.stdout);
}

const [directory, count = '3000', ...files] = process.argv.slice(2);
const [phaseInput] = files;
if (directory === PHASE) {
  // as the command line does (src/compiled.ts): what V8 compiled is kept for the next start
  enableCompileCache(join(dirname(phaseInput), 'compiled'));
  const result = await PHASES[count](JSON.parse(readFileSync(phaseInput, 'utf8')));
  console.log(JSON.stringify({ ...result, [`${count}: peak memory (MB)`]: peakMegabytes() }));
  process.exit();
}
if (directory === undefined) throw new Error('give a directory laid out as OSV’s exports');
const scratch = mkdtempSync(join(tmpdir(), 'bench-advisories-'));
try {
  // not in the phases, which do without a bundler
  const { bundleCode } = await import('./load.js');
  const module = await bundleCode(ENTRY, scratch);
  const code = await import(module);
  const cacheDir = join(scratch, 'cache');
  const packages = await packagesOf(code.openZip, directory, Number(count));
  const probes = [...new Map(packages.map((found) => [found.type, found])).values()];
  const debian = { ...scanned('os', 'dpkg', '', 'bash', '5.0-4'), purl: 'pkg:deb/debian/bash@5.0-4' };
  const input = { module, directory, cacheDir, probes, debian, packages };
  const built = await run('build', input);
  // twice, since people's first scan finds nothing compiled, and every other does
  const first = await run('match', input);
  const report = { ...built, 'match, first start': first.match, ...await run('match', input) };
  if (files.length > 0) {
    const { match, matches } = await run('match', { ...input, ...packagesIn(files, code, Number(count)) });
    Object.assign(report, { 'match, of reports': match, 'matches, of reports': matches });
  }
  // what this machine does in a second, so that figures of a busy one can be read
  let sum = 0;
  const [, loopSeconds] = await timed(async () => { for (let index = 0; index < 1e9; index++) sum = (sum + index) | 0; });
  for (const [key, value] of Object.entries({ ...report, 'a billion additions': loopSeconds })) console.log(`${key.padEnd(24)} ${value}`);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
