import { existsSync, realpathSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { parseDockerfile } from './dockerfile/parse.js';
import { isBorneOut, readAligned } from './dockerfile/read.js';
import { InputError } from './errors.js';
import type { Host } from './host.js';
import type { HistoryRow } from './image/config.js';

/** No Dockerfile is longer; a file that is, is something else. */
const LARGEST_DOCKERFILE = 1024 * 1024;

/** Where a Dockerfile stands when nobody says. */
const USUAL_PLACES = ['Dockerfile', 'Containerfile', 'docker/Dockerfile', '.docker/Dockerfile', 'build/Dockerfile'];

export interface WorkspaceDockerfile {
  /** Relative to the workspace, with `/`, as code scanning wants it; absolute where it lies outside. */
  readonly path: string;
  readonly contents: string;
  readonly target: string;
}

/**
 * The Dockerfile that the image was built from: the one that the user names, else one of the workspace whose instructions the image's history bears out.
 * @throws InputError where the one that the user names cannot be read or is none
 */
export async function findDockerfile(options: { readonly dockerfile: string; readonly target: string }, history: readonly HistoryRow[], host: Host): Promise<WorkspaceDockerfile | undefined> {
  const named = await namedDockerfile(options, host);
  if (named !== undefined) return named;
  for (const place of USUAL_PLACES) {
    const contents = await readDockerfile(join(host.workspace, place)).catch(() => undefined);
    if (contents !== undefined && bearsOut(contents, options.target, history)) return { path: place, contents, target: options.target };
  }
  if (options.target !== '') host.say(`No Dockerfile of the workspace has a stage ${JSON.stringify(options.target)} that the image's history bears out, so target is of no use. Name the file with dockerfile.`);
  return undefined;
}

/** The Dockerfile that the user names, if any. @throws InputError where it cannot be read or is none */
export async function namedDockerfile({ dockerfile, target }: { readonly dockerfile: string; readonly target: string }, host: Host): Promise<WorkspaceDockerfile | undefined> {
  if (dockerfile === '') return undefined;
  const contents = await readDockerfile(resolve(dockerfile, host));
  parseDockerfile(contents, { target: target || undefined });
  return { path: inWorkspace(dockerfile, host), contents, target };
}

function bearsOut(contents: string, target: string, history: readonly HistoryRow[]): boolean {
  try {
    const layers = history.filter(({ emptyLayer }) => !emptyLayer).length;
    return isBorneOut(readAligned(contents, history, layers, target || undefined));
  } catch (error) {
    // a Dockerfile that nobody named and that cannot be read is just not ours
    if (error instanceof InputError) return false;
    throw error;
  }
}

async function readDockerfile(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw new InputError(`There is no Dockerfile ${path}. Give its path, from the root of the workspace.`);
  if (!found.isFile()) throw new InputError(`${path} is not a file. Give the path of the Dockerfile itself.`);
  if (found.size > LARGEST_DOCKERFILE) throw new InputError(`${path} has ${found.size} bytes, and a Dockerfile may have ${LARGEST_DOCKERFILE}. Is it one?`);
  return readFile(path, 'utf8');
}

function resolve(path: string, host: Host): string {
  return isAbsolute(path) ? path : join(host.workspace, path);
}

function inWorkspace(path: string, host: Host): string {
  const absolute = resolve(path, host);
  // a workspace may be named through a link (/tmp of macOS), and the file not
  const below = [relative(host.workspace, absolute), relative(real(host.workspace), real(absolute))].find((one) => one !== '..' && !one.startsWith(`..${sep}`) && !isAbsolute(one));
  return (below ?? absolute).split(sep).join('/');
}

function real(path: string): string {
  return existsSync(path) ? realpathSync(path) : path;
}
