// Kills a real `inline-scan serve` by SIGKILL in the middle of imports, again and again, and looks at what is left:
// everything that was acknowledged must be there, whole, and nothing that is not whole may be seen.
//
//   node scripts/serve-crash.js [--database postgres://…] [--kills 20]
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Agent, request } from 'undici';
import { archiveOf, importOf } from './serve/archives.js';
import { API, prepare, start } from './serve/running.js';

const { values } = parseArgs({ options: { database: { type: 'string' }, kills: { type: 'string', default: '20' } } });
const CLIENTS = 4;
/** Milliseconds after the first import until the kill, at most. */
const LONGEST = 1500;

const prepared = await prepare();
const database = values.database ?? join(prepared.work, 'serve.db');
const account = `crash-${process.pid}`;
const token = prepared.tokenOf(database, account);
const dispatcher = new Agent();
const ask = async (url, path, options = {}) => {
  const answer = await request(`${url}${API}${path}`, { dispatcher, ...options, headers: { authorization: `Bearer ${token}`, ...options.headers } });
  return { status: answer.statusCode, body: await answer.body.text() };
};

const acknowledged = new Map();
const interrupted = new Map();
const problems = [];
let next = 0;

/** Imports until the server is gone. */
async function importer(url) {
  for (;;) {
    const image = await archiveOf(prepared.members, { account, number: next++ });
    try {
      const { status, body } = await ask(url, next % 2 === 0 ? '/import/images' : '/sync/import/images', { method: 'POST', ...importOf(image) });
      if (status === 200) acknowledged.set(image.digest, image.name);
      else problems.push(`import: ${status} ${body}`);
    } catch {
      interrupted.set(image.digest, image.name);
      return;
    }
  }
}

/** What is there after a restart must be as whole as if nothing had happened. */
async function verify(url) {
  const listed = [];
  for (let offset = 0; ; offset += 1000) {
    const page = JSON.parse((await ask(url, `/anchore/images?limit=1000&offset=${offset}`)).body);
    listed.push(...page);
    if (page.length < 1000) break;
  }
  const digests = new Set(listed.map(({ imageDigest }) => imageDigest));
  for (const digest of acknowledged.keys()) if (!digests.has(digest)) problems.push(`lost: ${digest} was acknowledged`);
  for (const { imageDigest: digest, image_detail } of listed) {
    const name = acknowledged.get(digest) ?? interrupted.get(digest);
    if (image_detail.length !== 1 || image_detail[0].fulltag !== name) problems.push(`half: ${digest} has the names ${JSON.stringify(image_detail)}`);
    if (checked.has(digest)) continue;
    const check = await ask(url, `/anchore/images/${digest}/check?tag=${encodeURIComponent(name)}`);
    const rows = check.status === 200 ? JSON.parse(check.body)[0][digest][name][0].detail.result.result : undefined;
    if (rows === undefined || Object.values(rows)[0].result.rows.length === 0) problems.push(`half: ${digest} cannot be evaluated: ${check.status} ${check.body.slice(0, 100)}`);
    checked.add(digest);
  }
  return listed.length;
}
const checked = new Set();

for (let kill = 1; kill <= Number(values.kills); kill += 1) {
  const server = await start(prepared, database);
  const before = acknowledged.size;
  const importing = Promise.all(Array.from({ length: CLIENTS }, () => importer(server.url)));
  while (acknowledged.size === before) await delay(5);
  await delay(randomInt(LONGEST));
  await server.kill('SIGKILL');
  await importing;
  const again = await start(prepared, database);
  const there = await verify(again.url);
  await again.kill('SIGTERM');
  console.log(`kill ${kill}: ${acknowledged.size} acknowledged, ${interrupted.size} interrupted, ${there} there, ${problems.length} problems`);
}
for (const problem of problems) console.log(problem);
console.log(`${values.kills} kills, ${acknowledged.size} acknowledged imports, ${problems.filter((one) => one.startsWith('lost')).length} lost, ${problems.filter((one) => one.startsWith('half')).length} half stored, ${problems.length} problems in all`);
await dispatcher.close();
process.exit(problems.length > 0 ? 1 : 0);
