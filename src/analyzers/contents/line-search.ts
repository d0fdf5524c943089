import { RE2JS } from 're2js';
import { InputError } from '../../errors.js';
import { toLinear } from './python-regex.js';

/** A pattern of the user's. */
export interface UserPattern {
  /** `NAME=regex` as written; the whole is the regex where it has no name. */
  readonly pattern: string;
}

/** What is looked for line by line, and in how large files. */
export interface SearchConfig {
  readonly patterns: readonly UserPattern[];
  /** In bytes. */
  readonly maxFileBytes: number;
}

/** Longest part of a line that a pattern is tried on: the linear engine takes about a microsecond for ten characters. */
const MAX_LINE_BYTES = 1024 * 1024;

/** Most lines that one pattern tells of one file. */
const MAX_LINES = 1_000;

interface Compiled {
  readonly matcher: RE2JS;
  /** Of these (lower case) one is in every text that matches; null: nothing is known. */
  readonly required: readonly string[] | null;
}

const compiled = new WeakMap<SearchConfig, readonly (Compiled & UserPattern)[]>();

/**
 * The expression of `NAME=regex`, compiled for a linear-time engine.
 * Python's `re.match` on the bytes of each line (its line feed included), as Anchore does: anchored at the start alone.
 * @throws InputError where the expression is none, or needs more than a linear engine has.
 */
export function compilePattern(pattern: string): Compiled {
  const equals = pattern.indexOf('=');
  const regex = /^[A-Za-z0-9_. -]+$/.test(pattern.slice(0, Math.max(0, equals))) ? pattern.slice(equals + 1) : pattern;
  // bytes of UTF-8 as Latin-1 characters, as `regex.encode('utf-8')` is matched against bytes
  const { source, required } = toLinear(Buffer.from(regex, 'utf8').toString('latin1'));
  try {
    return { matcher: RE2JS.compile(source), required };
  } catch (error) {
    throw new InputError(`The pattern ${JSON.stringify(pattern)} is no regular expression that runs in linear time (${error instanceof Error ? error.message : String(error)}). Write it without look-around and back-references.`, { cause: error });
  }
}

/** Pattern → lines from 0, for the patterns that match at the start of at least one line. */
export function searchLines(bytes: Buffer, config: SearchConfig, tell: (message: string) => void): readonly (readonly [string, readonly number[]])[] {
  if (config.patterns.length === 0 || bytes.length > config.maxFileBytes) return [];
  const patterns = compiledOf(config);
  const folded = patterns.some(({ required }) => required !== null) ? bytes.toString('latin1').toLowerCase() : '';
  const wanted = patterns.filter(({ required }) => required === null || required.some((text) => folded.includes(text)));
  if (wanted.length === 0) return [];
  const lines = wanted.map((): number[] => []);
  let cut = false;
  let number = 0;
  for (let start = 0; start < bytes.length; number += 1) {
    const feed = bytes.indexOf(0x0a, start);
    const end = feed < 0 ? bytes.length : feed + 1;
    cut ||= end - start > MAX_LINE_BYTES;
    const line = bytes.toString('latin1', start, Math.min(end, start + MAX_LINE_BYTES));
    for (const [index, { matcher }] of wanted.entries()) {
      if ((lines[index]?.length ?? 0) < MAX_LINES && matcher.matcher(line).lookingAt()) lines[index]?.push(number);
    }
    start = end;
  }
  if (cut) tell(`It has a line of more than ${MAX_LINE_BYTES} bytes; patterns were tried on the beginning of it.`);
  return wanted.flatMap(({ pattern }, index) => ((lines[index]?.length ?? 0) === 0 ? [] : [[pattern, lines[index] ?? []] as const]));
}

function compiledOf(config: SearchConfig): readonly (Compiled & UserPattern)[] {
  let patterns = compiled.get(config);
  if (patterns === undefined) {
    patterns = config.patterns.map(({ pattern }) => ({ pattern, ...compilePattern(pattern) }));
    compiled.set(config, patterns);
  }
  return patterns;
}
