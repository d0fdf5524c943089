import { RE2JS } from 're2js';
import { InputError } from '../../errors.js';
import { regexPieces, toLinear } from './python-regex.js';

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
  readonly pattern: string;
  readonly matcher: RE2JS;
  /** A piece of text that every match holds, in lower case; empty where none is known. */
  readonly literal: string;
}

const compiled = new WeakMap<SearchConfig, readonly Compiled[]>();

/**
 * The expression of `NAME=regex`, compiled for a linear-time engine.
 * Python's `re.match` on the bytes of each line (its line feed included), as Anchore does: anchored at the start alone.
 * @throws InputError where the expression is none, or needs more than a linear engine has.
 */
export function compilePattern(pattern: string): RE2JS {
  const equals = pattern.indexOf('=');
  const regex = /^[A-Za-z0-9_. -]+$/.test(pattern.slice(0, Math.max(0, equals))) ? pattern.slice(equals + 1) : pattern;
  // bytes of UTF-8 as Latin-1 characters, as `regex.encode('utf-8')` is matched against bytes
  const bytes = Buffer.from(toLinear(regex), 'utf8').toString('latin1');
  try {
    return RE2JS.compile(bytes);
  } catch (error) {
    throw new InputError(`The pattern ${JSON.stringify(pattern)} is no regular expression that runs in linear time (${error instanceof Error ? error.message : String(error)}). Write it without look-around and back-references.`, { cause: error });
  }
}

/** Pattern → lines from 0, for the patterns that match at the start of at least one line. */
export function searchLines(bytes: Buffer, config: SearchConfig, tell: (message: string) => void): readonly (readonly [string, readonly number[]])[] {
  if (config.patterns.length === 0 || bytes.length > config.maxFileBytes) return [];
  const patterns = compiledOf(config);
  const folded = patterns.some(({ literal }) => literal !== '') ? bytes.toString('latin1').toLowerCase() : '';
  const wanted = patterns.filter(({ literal }) => literal === '' || folded.includes(literal));
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

function compiledOf(config: SearchConfig): readonly Compiled[] {
  let patterns = compiled.get(config);
  if (patterns === undefined) {
    patterns = config.patterns.map(({ pattern }) => ({ pattern, matcher: compilePattern(pattern), literal: requiredLiteral(pattern.slice(pattern.indexOf('=') + 1)) }));
    compiled.set(config, patterns);
  }
  return patterns;
}

/** The longest run of plain letters, digits and `_` outside of groups, classes, alternatives and repetitions; lower case. */
export function requiredLiteral(regex: string): string {
  let depth = 0;
  let run = '';
  let best = '';
  for (const { text, inClass } of regexPieces(regex)) {
    if (!inClass && depth === 0 && text === '|') return '';
    if (!inClass && depth === 0 && /^[A-Za-z0-9_]$/.test(text)) {
      run += text;
      continue;
    }
    // what is repeated may be there no time at all
    const whole = /^[*?{]/.test(text) && !inClass ? run.slice(0, -1) : run;
    if (whole.length > best.length) best = whole;
    run = '';
    if (!inClass && text === '(') depth += 1;
    if (!inClass && text === ')') depth -= 1;
  }
  if (run.length > best.length) best = run;
  return best.length >= 3 ? best.toLowerCase() : '';
}
