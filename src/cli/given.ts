import { stat } from 'node:fs/promises';
import { InputError } from '../errors.js';
import { OPTIONS, type RawOptions } from '../options.js';

/** What commander gives a command: by camel-case name. */
export type Given = Readonly<Record<string, unknown>>;

export const FORMATS = ['table', 'json', 'sarif', 'markdown'] as const;
export type Format = (typeof FORMATS)[number];

/** Commander's camel-case values as the options of the interface. A switch without a value is true. */
export function rawOptions(given: Given, env: NodeJS.ProcessEnv): RawOptions {
  const raw: RawOptions = {};
  for (const { name } of OPTIONS) {
    const value = given[name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())];
    if (typeof value === 'string') raw[name] = value;
    if (value === true) raw[name] = 'true';
  }
  // a token on a command line is seen by every user of the machine
  const token = env['INLINE_SCAN_BACKEND_TOKEN'];
  if (raw['backend-token'] === undefined && token !== undefined) raw['backend-token'] = token;
  return raw;
}

export function formatOf(given: Given): Format {
  const format = FORMATS.find((known) => known === given['format']);
  if (format === undefined) throw new InputError(`format cannot be ${JSON.stringify(given['format'])}. It may be ${FORMATS.join(', ')}.`);
  return format;
}

export function flagOf(given: Given, name: string): boolean {
  return given[name] === true;
}

/** IMAGE|ARCHIVE of the command line: `-` is standard input, an existing path an archive, anything else a name; a path that is not there is no name. */
export async function withTarget(raw: RawOptions, target: string | undefined): Promise<RawOptions> {
  const { archive, image, ...rest } = raw;
  if (target === undefined && archive === STANDARD_INPUT) return { ...rest, archive: standardInput() };
  if (target === undefined) return raw;
  if ((archive ?? image) !== undefined && archive !== 'true') throw new InputError(`${JSON.stringify(target)} and --${archive === undefined ? 'image' : 'archive'} contradict each other. Give one of them.`);
  if (target === STANDARD_INPUT) return { ...rest, archive: standardInput() };
  const exists = await stat(target).then(() => true, () => false);
  if (!exists && looksLikePath(target)) throw new InputError(`There is no archive ${target}. Give the path of a docker save or OCI archive or of an OCI layout directory, the name of an image, or - for an archive from standard input.`);
  return exists ? { ...rest, archive: target } : { ...rest, image: target };
}

const STANDARD_INPUT = '-';

function standardInput(): string {
  if (process.platform === 'win32') throw new InputError('Windows has no path for standard input. Save the archive to a file and give its path.');
  if (process.stdin.isTTY) throw new InputError('Standard input is a terminal, and no archive comes out of it. Pipe one into it: docker save IMAGE | inline-scan scan -');
  return '/dev/stdin';
}

function looksLikePath(target: string): boolean {
  return /^[./~]|\.(?:tar|tgz|tar\.\w+)$/.test(target);
}
