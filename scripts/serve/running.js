// A real `inline-scan serve`, built from src/ and run as a process of its own.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { bundle } from '../build.js';
import { readMembers } from './archives.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
export const API = '/api/scanning/v1';

/** Builds, analyses the sample, and gives what else is needed; everything below a folder that goes away at the end. */
export async function prepare() {
  const work = mkdtempSync(join(tmpdir(), 'inline-scan-serve-'));
  process.on('exit', () => rmSync(work, { recursive: true, force: true }));
  await bundle(join(work, 'dist'));
  const cli = join(work, 'dist/cli.js');
  const env = { PATH: process.env.PATH, HOME: work, INLINE_SCAN_CACHE_DIR: join(work, 'cache') };
  const run = (...args) => {
    const ran = spawnSync(process.execPath, [cli, ...args], { env, encoding: 'utf8' });
    if (ran.status !== 0) throw new Error(ran.stderr);
    return ran.stdout.trim();
  };
  run('analyze', join(root, 'examples/shop/shop.tar.gz'), '--archive', '--quiet', '--cache', 'false', '--output-directory', join(work, 'out'));
  return {
    work, env, cli,
    members: await readMembers(join(work, 'out/analysis-archive.tgz')),
    tokenOf: (database, account) => run('serve', '--database', database, '--add-token', account).split('\n').at(-1),
  };
}

/** Starts a server; resolves when it listens. `lines` gets what it logs. */
export async function start({ cli, env, work }, database, { advisories = 'none', onLine = () => undefined } = {}) {
  const server = spawn(process.execPath, [cli, 'serve', '--port', '0', '--database', database, '--advisories', advisories], { cwd: work, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let errors = '';
  server.stderr.on('data', (chunk) => { errors += chunk; });
  const ended = new Promise((resolve) => { server.once('exit', (code, signal) => resolve(signal ?? code)); });
  const url = await new Promise((resolve, reject) => {
    createInterface({ input: server.stdout }).on('line', (line) => {
      const event = JSON.parse(line);
      if (event.event === 'listening') resolve(event.url);
      onLine(event);
    });
    ended.then(() => reject(new Error(`The server ended: ${errors}`)));
  });
  // the server itself, and its workers
  const pids = () => [server.pid, ...readFileSync(`/proc/${server.pid}/task/${server.pid}/children`, 'utf8').split(' ').filter((pid) => pid.trim() !== '').map(Number)];
  return { url, pid: server.pid, pids, kill: (signal) => { server.kill(signal); return ended; } };
}
