import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from './cache/folder.js';

type Enable = (folder: string) => unknown;

/** Of `node:module`, from Node.js 22.1 on. */
const { enableCompileCache } = nodeModule as { readonly enableCompileCache?: Enable };

/**
 * Keeps what V8 made of our own code, so that the next start does not compile it again: a third of the time until work begins.
 * Only below the user's own cache folder, where nobody else may write: whoever can change these files can run code.
 * A folder for each build; those of others go, since every build has other files.
 */
export function keepCompiled(words: readonly string[], env: NodeJS.ProcessEnv, enable: Enable | undefined = enableCompileCache): void {
  if (enable === undefined || keepsNothing(words)) return;
  const parent = join(cacheFolder(env, process.platform), 'compiled');
  try {
    const build = buildOf(fileURLToPath(import.meta.url));
    const folder = join(parent, build);
    forgetOthers(parent, build);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (isOurs(folder)) enable(folder);
  } catch {
    // a cache that cannot be written is no error
  }
}

/** `--cache false`, before anything reads options properly. */
function keepsNothing(words: readonly string[]): boolean {
  return words.includes('--cache=false') || words.some((word, index) => word === '--cache' && words[index + 1] === 'false');
}

/** The entry names the files that it loads, and their names tell their content. */
function buildOf(entry: string): string {
  return createHash('sha256').update(readFileSync(entry)).digest('hex').slice(0, 16);
}

/** What stands beside them is somebody else's. */
const BUILD = /^[0-9a-f]{16}$/;

function forgetOthers(parent: string, own: string): void {
  const kept = lstatSync(parent, { throwIfNoEntry: false })?.isDirectory() === true ? readdirSync(parent) : [];
  for (const other of kept) if (other !== own && BUILD.test(other)) rmSync(join(parent, other), { recursive: true, force: true });
}

function isOurs(folder: string): boolean {
  const { uid, mode } = statSync(folder);
  return process.platform === 'win32' || (uid === process.getuid?.() && (mode & 0o022) === 0);
}
