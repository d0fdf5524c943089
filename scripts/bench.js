// Prints what a scan costs, as ratios to md5sum + sha256sum of the same archive in the same run, and its peak memory.
//
//   npm run bench -- ARCHIVE [--runs N] [--analyzers] [--curve]
//
// --analyzers: what each analyzer adds, alone. --curve: 1,000 to 1,000,000 small files. BENCH_ADVISORIES: a directory other than examples/advisories.
// Nothing is asserted.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, copyFileSync, createWriteStream, existsSync, ftruncateSync, mkdtempSync, openSync, readFileSync, readSync, rmSync, writeFileSync, writeSync, constants } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { finished } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createHash } from 'node:crypto';
import tar from 'tar-stream';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
/** BENCH_DIST: another bundle than the committed one. */
const dist = process.env.BENCH_DIST ?? join(root, 'dist');
const cli = join(dist, 'cli.js');
const words = process.argv.slice(2);
const archive = words.find((word) => !word.startsWith('--') && existsSync(word));
const runs = Number(words[words.indexOf('--runs') + 1] ?? 3) || 3;
const work = mkdtempSync(join(tmpdir(), 'inline-scan-bench-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));

/** Tells what a process used, at its end. Required, not imported: an import would load what a scan may do without. */
const probe = join(work, 'probe.cjs');
writeFileSync(probe, "process.on('exit', () => require('node:fs').writeFileSync(process.env.BENCH_USAGE, JSON.stringify(process.resourceUsage())));");

/** Seconds of wall and CPU, and peak resident MB, of a node process with its threads. */
function node(args, env = {}) {
  const usage = join(work, 'usage.json');
  const start = process.hrtime.bigint();
  const ran = spawnSync(process.execPath, ['--require', probe, ...args], {
    cwd: work, env: { PATH: process.env.PATH, HOME: work, INLINE_SCAN_CACHE_DIR: join(work, 'cache'), BENCH_USAGE: usage, ...env }, stdio: ['ignore', 'ignore', 'pipe'],
  });
  const wall = Number(process.hrtime.bigint() - start) / 1e9;
  if (ran.status !== 0 && ran.status !== 1) throw new Error(ran.stderr.toString());
  const { maxRSS, userCPUTime, systemCPUTime } = JSON.parse(readFileSync(usage, 'utf8'));
  return { wall, cpu: (userCPUTime + systemCPUTime) / 1e6, megabytes: maxRSS / 1024 };
}

function sum(program) {
  const start = process.hrtime.bigint();
  spawnSync(program, [archive]);
  return Number(process.hrtime.bigint() - start) / 1e9;
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const repeat = (times, step) => {
  const results = Array.from({ length: times }, step);
  return { wall: median(results.map(({ wall }) => wall)), cpu: median(results.map(({ cpu }) => cpu)), megabytes: Math.max(...results.map(({ megabytes }) => megabytes)) };
};
const row = (what, { wall, cpu, megabytes }, yardstick) => console.log(
  `${what.padEnd(44)} ${wall.toFixed(2).padStart(7)} s ${yardstick ? `${(wall / yardstick).toFixed(2).padStart(6)} Y` : ' '.repeat(8)} ${cpu.toFixed(2).padStart(7)} s CPU ${String(Math.round(megabytes)).padStart(5)} MB`);

/** As many as a nightly run may have. */
const REPORTS = 1_000;
const advisories = process.env.BENCH_ADVISORIES ?? join(root, 'examples/advisories');

const scan = (target, ...more) => ['scan', target, '--advisories', 'none', '--fail-on', 'never', '--quiet', '--output-directory', join(work, 'out'), ...more];

if (archive) {
  spawnSync('cat', [archive], { stdio: 'ignore' }); // both start from the page cache
  const yardstick = median(Array.from({ length: runs }, () => sum('md5sum') + sum('sha256sum')));
  console.log(`Y = md5sum + sha256sum of ${archive}: ${yardstick.toFixed(2)} s\n`);
  row('whole scan, nothing kept', repeat(runs, () => node([cli, ...scan(archive, '--cache', 'false')])), yardstick);
  rmSync(join(work, 'cache'), { recursive: true, force: true });
  row('whole scan, first with a cache', node([cli, ...scan(archive)]), yardstick);
  row('again, nothing changed', repeat(runs, () => node([cli, ...scan(archive)])), yardstick);
  row('again, only the top layer changed', await topLayerChanged(runs), yardstick);
  const report = join(work, 'out/report.json');
  const evaluate = (reports, source) => node([cli, 'evaluate', ...reports, '--advisories', source, '--fail-on', 'never', '--quiet', '--output-directory', join(work, 'out2')]);
  row('its report, evaluated again', repeat(runs, () => evaluate([report], 'none')), yardstick);
  const many = Array.from({ length: REPORTS }, () => report);
  row(`${REPORTS.toLocaleString('en')} like it, in one call`, evaluate(many, 'none'));
  row('the same, with advisories', evaluate(many, advisories));
  if (words.includes('--analyzers')) {
    const base = repeat(runs, () => node([cli, 'analyze', archive, '--cache', 'false', '--quiet', '--analyzers', 'file-list', '--output-directory', join(work, 'out')]));
    row('\nreading and the list of files alone', base);
    const list = spawnSync(process.execPath, [cli, 'analyze', '--list'], { encoding: 'utf8' }).stdout.trim().split('\n').map((line) => line.split(/\s/)[0]);
    for (const name of list.filter((one) => one !== 'file-list')) {
      const { cpu } = repeat(1, () => node([cli, 'analyze', archive, '--cache', 'false', '--quiet', '--analyzers', `file-list,${name}`, '--output-directory', join(work, 'out')]));
      console.log(`  ${name.padEnd(42)} ${(cpu - base.cpu).toFixed(2).padStart(7)} s CPU more`);
    }
  }
}
console.log(`action to its first line: ${(await firstLine()).toFixed(3)} s`);

/** Seconds until the action has said something. */
async function firstLine() {
  const start = process.hrtime.bigint();
  const action = spawn(process.execPath, [join(dist, 'action.js')], { env: { PATH: process.env.PATH }, stdio: ['ignore', 'pipe', 'ignore'] });
  const [chunk] = await once(action.stdout, 'data');
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  if (!chunk.toString().startsWith('Inline Scan')) throw new Error('the action said something else first');
  await once(action, 'close');
  return seconds;
}

if (words.includes('--curve')) {
  console.log('');
  for (const count of [1_000, 10_000, 100_000, 1_000_000]) {
    const path = join(work, `${count}.tar`);
    await manyFiles(path, count);
    row(`${count.toLocaleString('en')} small files`, node([cli, ...scan(path, '--cache', 'false')]));
    rmSync(path);
  }
}

/** Scans the image with one more small layer, another one each time; the others are known. Nothing of it is copied twice. */
async function topLayerChanged(times) {
  const path = join(work, 'changed.tar');
  copyFileSync(archive, path, constants.COPYFILE_FICLONE);
  const file = openSync(path, 'r+');
  const { end, at } = membersOf(file);
  const read = (name) => {
    const { start, size } = at.get(name);
    const bytes = Buffer.alloc(size);
    readSync(file, bytes, 0, size, start);
    return bytes;
  };
  if (!at.has('manifest.json')) return { wall: NaN, cpu: NaN, megabytes: NaN };
  const [image] = JSON.parse(read('manifest.json').toString('utf8'));
  const config = JSON.parse(read(image.Config).toString('utf8'));
  const results = [];
  for (let run = 0; run < times; run += 1) {
    const layer = await packed([['srv/release', `number ${run}\n`]]);
    const changed = Buffer.from(JSON.stringify({
      ...config,
      history: [...config.history, { created: config.created, created_by: 'COPY release /srv/ # buildkit' }],
      rootfs: { ...config.rootfs, diff_ids: [...config.rootfs.diff_ids, `sha256:${createHash('sha256').update(layer).digest('hex')}`] },
    }));
    const name = `${createHash('sha256').update(changed).digest('hex')}.json`;
    const manifest = JSON.stringify([{ ...image, Config: name, Layers: [...image.Layers, 'top/layer.tar'] }]);
    // of two members of one name the later one counts, as for tar
    const tail = await packed([['top/layer.tar', layer], [name, changed], ['manifest.json', manifest]]);
    ftruncateSync(file, end);
    writeSync(file, tail, 0, tail.length, end);
    results.push(node([cli, ...scan(path)]));
  }
  closeSync(file);
  rmSync(path);
  return repeat(times, (_, run) => results[run]);
}

/** Where a tar's members stand, and where they end. */
function membersOf(file) {
  const at = new Map();
  const header = Buffer.alloc(512);
  let end = 0;
  for (; readSync(file, header, 0, 512, end) === 512 && header[0] !== 0;) {
    const name = header.toString('utf8', 0, 100).replace(/\0.*$/s, '');
    const size = Number.parseInt(header.toString('latin1', 124, 136), 8);
    at.set(name, { start: end + 512, size });
    end += 512 + Math.ceil(size / 512) * 512;
  }
  return { at, end };
}

async function packed(files) {
  const pack = tar.pack();
  for (const [name, content] of files) pack.entry({ name }, content);
  pack.finalize();
  const chunks = [];
  for await (const chunk of pack) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** An archive of one layer with many files of 100 bytes. */
async function manyFiles(path, count) {
  const layerPath = `${path}.layer`;
  const write = async (to, fill) => {
    const pack = tar.pack();
    const out = createWriteStream(to);
    pack.pipe(out);
    await fill(pack);
    pack.finalize();
    await finished(out);
  };
  await write(layerPath, async (pack) => {
    for (let file = 0; file < count; file += 1) {
      // one after the other: a queue of a million entries would be slower than the scan
      await new Promise((resolve) => pack.entry({ name: `srv/${Math.floor(file / 1000)}/${file}.txt` }, `file number ${file} `.padEnd(100, 'x'), resolve));
    }
  });
  const layer = readFileSync(layerPath);
  rmSync(layerPath);
  const diffId = `sha256:${createHash('sha256').update(layer).digest('hex')}`;
  const config = JSON.stringify({ architecture: 'amd64', os: 'linux', config: {}, rootfs: { type: 'layers', diff_ids: [diffId] }, history: [{ created_by: 'COPY . /srv # buildkit' }] });
  const id = createHash('sha256').update(config).digest('hex');
  await write(path, async (pack) => {
    pack.entry({ name: 'layer.tar' }, layer);
    pack.entry({ name: `${id}.json` }, config);
    pack.entry({ name: 'manifest.json' }, JSON.stringify([{ Config: `${id}.json`, RepoTags: [`many:${count}`], Layers: ['layer.tar'] }]));
  });
}
