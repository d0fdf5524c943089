import { readClass } from './class.js';
import { readEscape } from './escape.js';
import type { Opening, Place, PythonRegex, RegexToken } from './tokens.js';

const LEADING_FLAGS = /^\(\?([aiLmsux]+)\)/;
const GROUP = /\(\?(?:P<([^>]*)>|P=([^)]*)\)|(#)[^)]*\)|(<?[=!])|([aiLmsux]*(?:-[imsx]+)?):)|\((?!\?)/y;
const REPEAT = /(?:[*+?]|\{(\d*)(,?)(\d*)\})\??/y;
const IDENTIFIER = /^[\p{L}_][\p{L}\p{N}_]*$/u;

/**
 * Reads a regular expression in Python's syntax. Two engines run such expressions here, and they write a few things in another way:
 * `write.ts` writes what this has read. Throws an Error of one sentence when it is none, or uses what is not supported.
 */
export function readPythonRegex(pattern: string): PythonRegex {
  const leading = LEADING_FLAGS.exec(pattern);
  const flags = leading?.[1] ?? '';
  const reader = new Reader(pattern, leading?.[0].length ?? 0, flags.includes('x'));
  return { flags: flags.replace(/[aLux]/g, ''), ascii: flags.includes('a'), tokens: reader.read() };
}

class Reader {
  private readonly tokens: RegexToken[] = [];
  private readonly pattern: string;
  /** With `(?x)` blanks and comments mean nothing. */
  private readonly verbose: boolean;
  private at: number;
  /** For each group that is open, its number; 0 for one that captures nothing. */
  private readonly open: number[] = [];
  /** Names of the groups so far, by number less one; the empty string for those without. */
  private readonly groups: string[] = [];

  constructor(pattern: string, at: number, verbose: boolean) {
    this.pattern = pattern;
    this.at = at;
    this.verbose = verbose;
  }

  read(): readonly RegexToken[] {
    while (this.at < this.pattern.length) this.step();
    if (this.open.length > 0) throw new Error('a ( is not closed');
    return this.tokens;
  }

  private step(): void {
    const character = String.fromCodePoint(this.pattern.codePointAt(this.at) as number);
    if (this.verbose && /\s/.test(character)) this.at += 1;
    else if (this.verbose && character === '#') this.at = this.endOfLine();
    else if (character === '\\') this.escape();
    else if (character === '[') this.set();
    else if (character === '(') this.group();
    else if (character === ')') this.close();
    else if (/[*+?{]/.test(character)) this.repeat();
    else {
      this.tokens.push(single(character));
      this.at += character.length;
    }
  }

  private endOfLine(): number {
    const end = this.pattern.indexOf('\n', this.at);
    return end < 0 ? this.pattern.length : end;
  }

  private escape(): void {
    const escape = readEscape(this.pattern, this.at, false);
    if (escape.kind === 'category') this.tokens.push({ kind: 'set', negated: false, members: [{ category: escape.category }] });
    else if (escape.kind === 'literal') this.tokens.push({ kind: 'literal', value: escape.value });
    else if (escape.kind === 'place') this.tokens.push({ kind: 'place', place: escape.place });
    else this.reference(Number(escape.group));
    this.at += escape.length;
  }

  private set(): void {
    const { set, end } = readClass(this.pattern, this.at);
    this.tokens.push(set);
    this.at = end;
  }

  private group(): void {
    GROUP.lastIndex = this.at;
    const found = GROUP.exec(this.pattern);
    if (found === null) throw new Error(`the group at character ${this.at + 1} is of a kind that is not supported${this.hint()}`);
    this.at += found[0].length;
    const [, name, referred, comment, look, flags] = found;
    if (comment !== undefined) return;
    if (referred !== undefined) return this.reference(this.groups.indexOf(referred) + 1, referred);
    if (name !== undefined && !IDENTIFIER.test(name)) throw new Error(`${JSON.stringify(name)} is no name of a group`);
    if (name !== undefined && this.groups.includes(name)) throw new Error(`there are two groups of the name ${JSON.stringify(name)}`);
    const captures = look === undefined && flags === undefined;
    if (captures) this.groups.push(name ?? '');
    this.open.push(captures ? this.groups.length : 0);
    this.tokens.push(opening(look as Opening['look'], flags, name));
  }

  private hint(): string {
    return /^\(\?[aiLmsux]+\)/.test(this.pattern.slice(this.at, this.at + 20)) ? '; flags stand at the very beginning' : '';
  }

  private reference(group: number, name = String(group)): void {
    if (group === 0 || group > this.groups.length) throw new Error(`there is no group ${JSON.stringify(name)} to refer to`);
    if (this.open.includes(group)) throw new Error(`the group ${JSON.stringify(name)} is referred to within itself`);
    this.tokens.push({ kind: 'reference', group: this.groups[group - 1] || String(group) });
  }

  private close(): void {
    if (this.open.pop() === undefined) throw new Error(`the ) at character ${this.at + 1} closes nothing`);
    this.tokens.push({ kind: 'close' });
    this.at += 1;
  }

  private repeat(): void {
    REPEAT.lastIndex = this.at;
    const found = REPEAT.exec(this.pattern);
    // A brace that counts nothing is a brace.
    if (found === null || found[0].startsWith('{}')) {
      this.tokens.push({ kind: 'literal', value: '{' });
      this.at += 1;
      return;
    }
    const before = this.tokens.at(-1);
    if (before === undefined || before.kind === 'or' || before.kind === 'open' || before.kind === 'repeat') {
      throw new Error(`there is nothing to repeat at character ${this.at + 1}${before === undefined && found[0].startsWith('*') ? '; for "anything", write .*' : ''}`);
    }
    this.tokens.push(repeatOf(found, this.at));
    this.at += found[0].length;
  }
}

function single(character: string): RegexToken {
  if (character === '.') return { kind: 'any' };
  if (character === '|') return { kind: 'or' };
  if (character === '^' || character === '$') return { kind: 'place', place: character satisfies Place };
  return { kind: 'literal', value: character };
}

function opening(look: Opening['look'], flags: string | undefined, name: string | undefined): Opening {
  if (look !== undefined) return { kind: 'open', look };
  if (flags === undefined) return { kind: 'open', name: name ?? '' };
  const kept = flags.replace(/[aLu]/g, '');
  if (kept.includes('x')) throw new Error('the flag x is supported at the very beginning alone');
  return kept === '' ? { kind: 'open' } : { kind: 'open', flags: kept };
}

function repeatOf([text, from, comma, to]: RegExpExecArray, at: number): RegexToken {
  const lazy = text.length > 1 && text.endsWith('?');
  if (!text.startsWith('{')) return { kind: 'repeat', minimum: text.startsWith('+') ? 1 : 0, maximum: text.startsWith('?') ? 1 : Infinity, lazy };
  const minimum = Number(from);
  const maximum = to !== '' ? Number(to) : comma === '' ? minimum : Infinity;
  if (maximum < minimum) throw new Error(`the repeat at character ${at + 1} has a minimum above its maximum`);
  return { kind: 'repeat', minimum, maximum, lazy };
}
