import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** The bundle under test; another one's folder by INLINE_SCAN_DIST, to try what is not committed. */
export const DIST = process.env['INLINE_SCAN_DIST'] ?? join(ROOT, 'dist');
export const SHOP = join(ROOT, 'examples/shop/shop.tar.gz');
export const SHOP_DOCKERFILE = join(ROOT, 'examples/shop/context/Dockerfile');
export const ADVISORIES = join(ROOT, 'examples/advisories');

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function run(program: string, words: readonly string[], env: NodeJS.ProcessEnv, cwd: string): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    const texts = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => { texts.stdout += chunk.toString('utf8'); });
    child.stderr.on('data', (chunk: Buffer) => { texts.stderr += chunk.toString('utf8'); });
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, ...texts }));
  });
}

/** A fresh place for one test. */
export function freshFolder(): string {
  return mkdtempSync(join(tmpdir(), 'inline-scan-e2e-'));
}

/** The command line of dist/, with a cache of its own. */
export function commandLine(words: readonly string[], options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {}): Promise<Ran> {
  const cwd = options.cwd ?? freshFolder();
  return run(process.execPath, [join(DIST, 'cli.js'), ...words], { PATH: process.env['PATH'], HOME: cwd, INLINE_SCAN_CACHE_DIR: join(cwd, '.cache'), ...options.env }, cwd);
}

export interface ActionRan extends Ran {
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly folder: string;
}

/**
 * The action as a runner runs it: INPUT_*, and files for outputs, summary, state and environment.
 * @param place where the temporary folder is, which a job finds empty
 */
export async function action(inputs: Readonly<Record<string, string>>, env: NodeJS.ProcessEnv = {}, workspace = freshFolder(), place = freshFolder()): Promise<ActionRan> {
  const folder = freshFolder();
  const temporary = join(place, 'temp');
  const file = (name: string): string => {
    const path = join(folder, name);
    writeFileSync(path, '');
    return path;
  };
  const files = { GITHUB_OUTPUT: file('output'), GITHUB_STEP_SUMMARY: file('summary'), GITHUB_STATE: file('state'), GITHUB_ENV: file('env') };
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(temporary);
  const given = Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]));
  const ran = await run(process.execPath, [join(DIST, 'action.js')], {
    PATH: process.env['PATH'], HOME: folder, ...files, GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: workspace, RUNNER_TEMP: temporary, ...given, ...env,
  }, workspace);
  return { ...ran, outputs: parseOutputs(readFileSync(files.GITHUB_OUTPUT, 'utf8')), summary: readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8'), folder };
}

/** `name<<DELIMITER`, the value, `DELIMITER`. */
function parseOutputs(text: string): Record<string, string> {
  const rows = [...text.matchAll(/^([^\n<]+)<<(ghadelimiter_\S+)\n([^]*?)\n\2$/gm)];
  return Object.fromEntries(rows.map(([, name = '', , value = '']) => [name, value]));
}

/** A PATH that begins with a `docker` of our own, as a script for node. */
export function dockerOnPath(script: string): string {
  const folder = freshFolder();
  const program = join(folder, 'docker');
  writeFileSync(program, `#!${process.execPath}\n${script}`);
  chmodSync(program, 0o755);
  return `${folder}${delimiter}${process.env['PATH'] ?? ''}`;
}
