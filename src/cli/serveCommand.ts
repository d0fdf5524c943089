import { join } from 'node:path';
import { mkdirSync } from 'node:fs';
import { cacheFolder } from '../cache/folder.js';
import { InputError } from '../errors.js';
import { openAdvisories } from '../evaluation/advisories/open.js';
import { LiveAdvisories } from '../serve/advisories.js';
import { openStore } from '../serve/store/open.js';
import type { Store } from '../serve/store/store.js';
import { serve } from '../serve/serve.js';
import { newToken, tokenHash } from '../serve/tokens.js';
import { flagOf, type Given } from './given.js';

const DEFAULT_PORT = 8080;

/** `inline-scan serve`: a backend of your own, until it is told to stop. */
export async function serveCommand(given: Given, env: NodeJS.ProcessEnv): Promise<number> {
  const store = await openStore(databaseOf(given, env));
  const done = await tokenCommand(store, given);
  if (done) {
    await store.close();
    return 0;
  }
  const cert = text(given, 'tlsCert');
  const key = text(given, 'tlsKey');
  if ((cert === '') !== (key === '')) throw new InputError('--tls-cert and --tls-key belong together. Give both, or neither.');
  const log = (line: string): void => { process.stdout.write(`${line}\n`); };
  const spec = text(given, 'advisories') || 'osv';
  const advisories = await LiveAdvisories.open({
    spec, now: () => new Date(), log: (event, fields) => { log(JSON.stringify({ at: new Date().toISOString(), event, ...fields })); },
    open: () => openAdvisories(spec, { cacheDir: cacheFolder(env, process.platform), env }),
  });
  const server = await serve({
    store, advisories, host: text(given, 'host') || '127.0.0.1', port: portOf(given), tls: cert === '' ? undefined : { cert, key }, privateWebhooks: flagOf(given, 'privateWebhooks'), workers: { cacheDir: cacheFolder(env, process.platform) }, log,
  });
  await new Promise<void>((resolve) => { for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => { resolve(); }); });
  await server.stop();
  return 0;
}

/** Makes, lists or revokes tokens; false where none of that was asked for. */
async function tokenCommand(store: Store, given: Given): Promise<boolean> {
  const account = text(given, 'addToken');
  if (account !== '') {
    const token = newToken();
    await store.addToken({ name: account, role: flagOf(given, 'readOnly') ? 'read' : 'scan' }, tokenHash(token), Date.now());
    process.stdout.write(`${token}\n`);
  }
  const revoked = text(given, 'revokeToken');
  if (revoked !== '') {
    const id = /^ils_/.test(revoked) ? tokenHash(revoked).slice(0, 12) : revoked;
    if (!await store.deleteToken(id, undefined)) throw new InputError('There is no such token. --list-tokens names those that there are.');
    process.stdout.write(`Revoked ${id}\n`);
  }
  if (flagOf(given, 'listTokens')) {
    for (const { id, name, role, createdAt } of await store.tokens(undefined)) process.stdout.write(`${id}  ${new Date(createdAt).toISOString()}  ${role}  ${name}\n`);
    return true;
  }
  return account !== '' || revoked !== '';
}

/** A connection string holds a password, so it may come by the environment. */
function databaseOf(given: Given, env: NodeJS.ProcessEnv): string {
  const named = text(given, 'database') || env['INLINE_SCAN_DATABASE'] || '';
  if (named !== '') return named;
  const folder = env['XDG_DATA_HOME'] ?? join(env['HOME'] ?? '.', '.local', 'share');
  mkdirSync(join(folder, 'inline-scan'), { recursive: true });
  return join(folder, 'inline-scan', 'serve.db');
}

function portOf(given: Given): number {
  const port = text(given, 'port');
  if (port === '') return DEFAULT_PORT;
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) throw new InputError(`--port cannot be ${JSON.stringify(port)}. It may be 0 (any that is free) to 65535.`);
  return Number(port);
}

function text(given: Given, name: string): string {
  const value = given[name];
  return typeof value === 'string' ? value : '';
}
