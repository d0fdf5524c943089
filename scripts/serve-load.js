// Loads a real `inline-scan serve` with clients that import and poll at once, then has everything evaluated again after a new advisory. Prints figures; asserts nothing but that no request fails.
//
//   node scripts/serve-load.js [--database postgres://…] [--reports 2000] [--clients 50]
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { strToU8, zipSync } from 'fflate';
import { Agent, request } from 'undici';
import { archiveOf, importOf } from './serve/archives.js';
import { API, prepare, start } from './serve/running.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { values } = parseArgs({ options: { database: { type: 'string' }, reports: { type: 'string', default: '2000' }, clients: { type: 'string', default: '50' } } });
const reports = Number(values.reports);
const clients = Number(values.clients);

const prepared = await prepare();
const database = values.database ?? join(prepared.work, 'serve.db');
const advisories = join(prepared.work, 'advisories');
cpSync(join(root, 'examples/advisories'), advisories, { recursive: true });
const account = `load-${process.pid}`;
const token = prepared.tokenOf(database, account);
const server = await start(prepared, database, { advisories });
const dispatcher = new Agent({ connections: clients });
const headers = { authorization: `Bearer ${token}` };

const times = { import: [], check: [] };
const failures = new Map();
let most = 0;

async function ask(kind, path, options = {}) {
  const begin = performance.now();
  const answer = await request(`${server.url}${API}${path}`, { dispatcher, headersTimeout: 600_000, bodyTimeout: 600_000, ...options, headers: { ...headers, ...options.headers } });
  const body = await answer.body.text();
  times[kind]?.push(performance.now() - begin);
  return { status: answer.statusCode, body };
}
const failed = (what) => failures.set(what, (failures.get(what) ?? 0) + 1);
/** Seconds of processor time of the server and its workers so far: tells more than the clock where others have the processors too. */
const cpu = () => server.pids().reduce((sum, pid) => {
  const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ').slice(11, 13);
  return sum + (Number(user) + Number(system)) / 100;
}, 0);
const rss = () => server.pids().reduce((sum, pid) => sum + Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024, 0);

/** Imports its share, asynchronously, and polls each until it is evaluated, as a scanner does. */
async function client(first) {
  for (let number = first; number < reports; number += clients) {
    const image = await archiveOf(prepared.members, { account, number });
    const sent = await ask('import', '/import/images', { method: 'POST', ...importOf(image) });
    if (sent.status !== 200) failed(`import ${sent.status} ${sent.body.slice(0, 100)}`);
    for (;;) {
      const check = await ask('check', `/anchore/images/${encodeURIComponent(image.digest)}/check?tag=${encodeURIComponent(image.name)}&detail=true`);
      if (check.status === 200) break;
      if (check.status !== 404) { failed(`check ${check.status} ${check.body.slice(0, 100)}`); break; }
      await delay(200);
    }
    most = Math.max(most, rss());
  }
}

const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
function tell(kind) {
  const sorted = times[kind].toSorted((a, b) => a - b);
  console.log(`${kind}: ${sorted.length} requests, p50 ${at(sorted, 0.5).toFixed(0)} ms, p99 ${at(sorted, 0.99).toFixed(0)} ms, longest ${(sorted.at(-1) ?? 0).toFixed(0)} ms`);
}

console.log(`${database.startsWith('postgres') ? 'PostgreSQL' : 'SQLite'}, ${clients} clients, ${reports} reports of ${(Buffer.byteLength(prepared.members.get('analysis')) / 1e3).toFixed(0)} kB; load of the machine before: ${loadavg()[0].toFixed(1)}, memory of the server ${rss().toFixed(0)} MB`);
const begin = performance.now();
await Promise.all(Array.from({ length: clients }, (_, first) => client(first).catch((error) => failed(error.message))));
console.log(`imported, evaluated and checked in ${((performance.now() - begin) / 1000).toFixed(1)} s, processor time of the server ${cpu().toFixed(1)} s`);
tell('import');
tell('check');
console.log(`memory at most ${most.toFixed(0)} MB, now ${rss().toFixed(0)} MB`);

// a new advisory: which of my images does it hit?
const zip = zipSync({ 'GHSA-test-test-test.json': strToU8(JSON.stringify({
  schema_version: '1.6.0', id: 'GHSA-test-test-test', aliases: ['CVE-2099-0001'], modified: '2026-11-01T00:00:00Z', published: '2026-11-01T00:00:00Z', summary: 'ms is dangerous',
  severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }],
  affected: [{ package: { ecosystem: 'npm', name: 'ms' }, ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '99.0.0' }] }] }],
})) });
rmSync(join(advisories, 'npm'), { recursive: true, force: true });
mkdirSync(join(advisories, 'npm'));
writeFileSync(join(advisories, 'npm/all.zip'), zip);
await delay(2500);
const again = performance.now();
const cpuBefore = cpu();
times.check = [];
const began = await ask('evaluate', '/evaluate', { method: 'POST' });
if (began.status !== 202) failed(`evaluate ${began.status} ${began.body}`);
const image = await archiveOf(prepared.members, { account, number: 0 });
for (;;) {
  const check = await ask('check', `/anchore/images/${encodeURIComponent(image.digest)}/check?tag=${encodeURIComponent(image.name)}&detail=true`);
  if (check.status !== 200) failed(`check ${check.status}`);
  const progress = JSON.parse((await ask('progress', '/evaluate')).body);
  if (progress.state !== 'running') {
    const seconds = (performance.now() - again) / 1000;
    console.log(`evaluated again: ${progress.done} of ${progress.images}, ${progress.changed} verdicts changed, ${progress.failed} failed, in ${seconds.toFixed(1)} s (${(progress.done / seconds).toFixed(0)} a second), processor time ${(cpu() - cpuBefore).toFixed(1)} s`);
    break;
  }
  await delay(50);
}
tell('check');
const hits = JSON.parse((await ask('hits', '/anchore/query/images/by_vulnerability?vulnerability_id=CVE-2099-0001')).body);
console.log(`CVE-2099-0001 hits ${hits.images.length} images`);
const stopping = performance.now();
console.log(`stopped by SIGTERM with ${await server.kill('SIGTERM')} after ${((performance.now() - stopping) / 1000).toFixed(1)} s; load of the machine after: ${loadavg()[0].toFixed(1)}`);
await dispatcher.close();
console.log(`${[...failures.values()].reduce((sum, count) => sum + count, 0)} errors ${JSON.stringify([...failures])}`);
process.exit(failures.size > 0 ? 1 : 0);
