// Sends a real `inline-scan serve` imports that were changed at random, the same for the same seed. A finding is a 5xx, an answer without a sentence, or a server that is gone. Exit status 1 when there is one.
//
//   node scripts/serve-fuzz.js [--runs 10000] [--seed 1]
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { request } from 'undici';
import { archiveOf } from './serve/archives.js';
import { mutations } from './serve/mutations.js';
import { API, prepare, start } from './serve/running.js';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '10000' }, seed: { type: 'string', default: '1' } } });
const prepared = await prepare();
const database = join(prepared.work, 'serve.db');
const token = prepared.tokenOf(database, 'fuzz');
const server = await start(prepared, database);
const image = await archiveOf(prepared.members, { account: 'fuzz', number: 1 });

const seen = {};
const findings = [];
let run = 0;
for (const { headers, body } of mutations(image, { seed: Number(values.seed), runs: Number(values.runs) })) {
  run += 1;
  try {
    const answer = await request(`${server.url}${API}/sync/import/images`, { method: 'POST', headers: { ...headers, authorization: `Bearer ${token}` }, body });
    const text = await answer.body.text();
    seen[answer.statusCode] = (seen[answer.statusCode] ?? 0) + 1;
    const isTold = answer.statusCode === 200 || /"message":"[A-Z].*[.…]"/.test(text);
    if (answer.statusCode >= 500 || !isTold) findings.push(`run ${run}: ${answer.statusCode} ${text.slice(0, 200)}`);
  } catch (error) {
    findings.push(`run ${run}: ${error.message}`);
  }
  if (run % 1000 === 0) console.log(`${run} imports, ${findings.length} findings, by status ${JSON.stringify(seen)}`);
}
const memory = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
for (const finding of findings.slice(0, 20)) console.log(finding);
console.log(`${run} imports, ${findings.length} findings, by status ${JSON.stringify(seen)}, memory at most ${memory.toFixed(0)} MB, ended with ${await server.kill('SIGTERM')}`);
process.exit(findings.length > 0 ? 1 : 0);
