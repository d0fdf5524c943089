import { gunzipSync } from 'node:zlib';
import { lines } from '../deb822.js';
import { textOf } from '../paths.js';

/**
 * pacman's `desc` and `files`: `%KEY%`, values a line each, an empty line.
 * Source: libalpm, lib/libalpm/be_local.c.
 */
export type Blocks = Readonly<Record<string, readonly string[]>>;

/** A key that comes again starts anew; lines before the first key are nobody's. */
export function readBlocks(text: string): Blocks {
  const blocks = new Map<string, string[]>();
  let current: string[] | undefined;
  for (const line of lines(text)) {
    const key = /^%([A-Z0-9]{1,40})%$/.exec(line)?.[1];
    if (key !== undefined) {
      current = [];
      blocks.set(key, current);
    } else if (line.trim() !== '') {
      current?.push(line);
    }
  }
  return Object.fromEntries(blocks);
}

/** A file as a package's mtree has it. */
export interface MtreeFile {
  readonly path: string;
  readonly digest: string | null;
  readonly algorithm: 'sha256' | 'md5' | null;
  readonly mode: string | null;
  readonly uid: string | null;
  readonly gid: string | null;
  readonly size: number | null;
}

/** The mtree of a kernel's headers has some 10 MB when unpacked. */
const LONGEST_MTREE = 64 * 1024 * 1024;

/** Files of a gzipped mtree; undefined where it is none. Source: mtree(5). */
export function readMtree(bytes: Buffer): MtreeFile[] | undefined {
  let text: string;
  try {
    text = textOf(gunzipSync(bytes, { maxOutputLength: LONGEST_MTREE }));
  } catch {
    return undefined;
  }
  const files: MtreeFile[] = [];
  let defaults = new Map<string, string>();
  for (const line of lines(text)) {
    const [name = '', ...words] = line.split(' ');
    if (name === '/set') defaults = keywords(words, defaults);
    else if (name.startsWith('./') && !/^\.\/\.[A-Z]+$/.test(name)) files.push(fileOf(unescaped(name.slice(1)), keywords(words, defaults)));
  }
  return files;
}

function keywords(words: readonly string[], defaults: ReadonlyMap<string, string>): Map<string, string> {
  const values = new Map(defaults);
  for (const word of words) {
    const equals = word.indexOf('=');
    if (equals > 0) values.set(word.slice(0, equals), word.slice(equals + 1));
  }
  return values;
}

function fileOf(path: string, values: ReadonlyMap<string, string>): MtreeFile {
  const sha256 = values.get('sha256digest');
  const md5 = values.get('md5digest');
  const size = values.get('size') ?? '';
  return {
    path,
    digest: sha256 ?? md5 ?? null,
    algorithm: sha256 !== undefined ? 'sha256' : md5 !== undefined ? 'md5' : null,
    mode: values.get('mode')?.padStart(4, '0') ?? null,
    uid: values.get('uid') ?? null,
    gid: values.get('gid') ?? null,
    size: /^\d{1,15}$/.test(size) ? Number(size) : null,
  };
}

/** `\040` is a space; several in a row may be the bytes of one letter. */
function unescaped(name: string): string {
  return name.replace(/(?:\\[0-7]{3})+/g, (run) => textOf(Buffer.from(run.slice(1).split('\\').map((octal) => Number.parseInt(octal, 8)))));
}
