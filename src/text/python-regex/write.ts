import type { Category, CharacterSet, Opening, Place, PythonRegex, RegexToken, SetMember } from './tokens.js';

/** The linear-time engine, or JavaScript's own with the flag `u`. */
export type RegexEngine = 're2' | 'javascript';

/**
 * The expression as an engine reads it, not anchored; of the flags, those that are left to give are in `flags`.
 * Throws an Error of one sentence for what an engine cannot do.
 */
export function writeRegex(regex: PythonRegex, engine: RegexEngine): string {
  const writer: Writer = { engine, ascii: regex.ascii, multiline: regex.flags.includes('m'), dotAll: regex.flags.includes('s') };
  return regex.tokens.map((token) => writeToken(token, writer)).join('');
}

interface Writer {
  readonly engine: RegexEngine;
  readonly ascii: boolean;
  readonly multiline: boolean;
  readonly dotAll: boolean;
}

function writeToken(token: RegexToken, writer: Writer): string {
  switch (token.kind) {
    case 'literal': return writeLiteral(token.value, writer.engine);
    case 'any': return writer.engine === 're2' || writer.dotAll ? '.' : '[^\\n]';
    case 'set': return writeSet(token, writer);
    case 'place': return writer.engine === 're2' ? placeInRe2(token.place, writer.multiline) : placeInJavascript(token.place, writer);
    case 'reference': return /^\d/.test(token.group) ? `(?:\\${token.group})` : `\\k<${token.group}>`;
    case 'open': return writeOpening(token, writer.engine);
    case 'close': return ')';
    case 'or': return '|';
    case 'repeat': return `${writeCount(token)}${token.lazy ? '?' : ''}`;
  }
}

function writeCount({ minimum, maximum }: { readonly minimum: number; readonly maximum: number }): string {
  if (maximum === Infinity) return minimum === 0 ? '*' : minimum === 1 ? '+' : `{${minimum},}`;
  if (minimum === 0 && maximum === 1) return '?';
  return minimum === maximum ? `{${minimum}}` : `{${minimum},${maximum}}`;
}

function writeOpening({ look, name, flags }: Opening, engine: RegexEngine): string {
  if (look !== undefined) return `(?${look}`;
  if (flags !== undefined) {
    if (engine === 'javascript') throw new Error('flags within a group, lookaround and references are not supported in one expression');
    return `(?${flags}:`;
  }
  return name === undefined ? '(?:' : name === '' ? '(' : `(?<${name}>`;
}

const SPECIAL = /^[\\^$.*+?()[\]{}|/]$/;

function writeLiteral(value: string, engine: RegexEngine): string {
  if (SPECIAL.test(value)) return `\\${value}`;
  const code = value.codePointAt(0) as number;
  return code >= 0x20 && (code < 0xd800 || code > 0xdfff) && code !== 0x2028 && code !== 0x2029 ? value : writeCode(code, engine);
}

function writeCode(code: number, engine: RegexEngine): string {
  return engine === 're2' ? `\\x{${code.toString(16)}}` : `\\u{${code.toString(16)}}`;
}

function placeInRe2(place: Place, multiline: boolean): string {
  switch (place) {
    case '^': return '^';
    // Python's $ also stands before a newline that ends the text.
    case '$': return multiline ? '$' : '(?:\\n?\\z)';
    case 'A': return '\\A';
    case 'Z': return '\\z';
    // Of ASCII: no linear-time engine looks around.
    case 'b':
    case 'B': return `\\${place}`;
  }
}

/** JavaScript's ^ and $ take other ends of lines than Python's, and its \b is that of ASCII. */
function placeInJavascript(place: Place, { multiline, ascii }: Writer): string {
  const word = `[${category('w', ascii, 'javascript')}]`;
  switch (place) {
    case '^': return multiline ? '(?<![^\\n])' : '(?<![^])';
    case '$': return multiline ? '(?![^\\n])' : '(?=\\n?(?![^]))';
    case 'A': return '(?<![^])';
    case 'Z': return '(?![^])';
    case 'b': return `(?:(?<=${word})(?!${word})|(?<!${word})(?=${word}))`;
    case 'B': return `(?:(?<=${word})(?=${word})|(?<!${word})(?!${word}))`;
  }
}

function writeSet({ negated, members }: CharacterSet, { engine, ascii }: Writer): string {
  const [only] = members;
  // By itself the opposite of a category is exact.
  if (members.length === 1 && only !== undefined && 'category' in only && /[DSW]/.test(only.category)) {
    return `[${negated ? '' : '^'}${category(only.category.toLowerCase() as Category, ascii, engine)}]`;
  }
  return `[${negated ? '^' : ''}${members.map((member) => writeMember(member, ascii, engine)).join('')}]`;
}

function writeMember(member: SetMember, ascii: boolean, engine: RegexEngine): string {
  if ('category' in member) return category(member.category, ascii, engine);
  const [first, last] = [inClass(member.first, engine), inClass(member.last, engine)];
  return member.first === member.last ? first : `${first}-${last}`;
}

function inClass(code: number, engine: RegexEngine): string {
  const character = String.fromCodePoint(code);
  return /^[\w ]$/.test(character) ? character : writeCode(code, engine);
}

/** Code points, both ends included. */
type Ranges = readonly (readonly [first: number, last: number])[];

const ASCII: Readonly<Record<'d' | 's' | 'w', Ranges>> = {
  d: [[0x30, 0x39]],
  s: [[0x09, 0x0d], [0x20, 0x20]],
  w: [[0x30, 0x39], [0x41, 0x5a], [0x5f, 0x5f], [0x61, 0x7a]],
};
/** `str.isspace`. */
const SPACES: Ranges = [
  [0x09, 0x0d], [0x1c, 0x20], [0x85, 0x85], [0xa0, 0xa0], [0x1680, 0x1680], [0x2000, 0x200a], [0x2028, 0x2029], [0x202f, 0x202f], [0x205f, 0x205f], [0x3000, 0x3000],
];
/** `str.isalnum` and the underscore. */
const WORD = '\\p{L}\\p{N}_';
/** All else, for a class that has more than `\W`: every other category, and of the connectors those that are no underscore. */
const NO_WORD = '\\p{M}\\p{S}\\p{Z}\\p{C}\\p{Pd}\\p{Ps}\\p{Pe}\\p{Pi}\\p{Pf}\\p{Po}';
const CONNECTORS: Ranges = [[0x203f, 0x2040], [0x2054, 0x2054], [0xfe33, 0xfe34], [0xfe4d, 0xfe4f], [0xff3f, 0xff3f]];

/** A category as members of a class. */
function category(letter: Category, ascii: boolean, engine: RegexEngine): string {
  const write = (ranges: Ranges): string => ranges.map(([first, last]) => writeMember({ first, last }, ascii, engine)).join('');
  const kind = letter.toLowerCase() as 'd' | 's' | 'w';
  if (ascii) return write(letter === kind ? ASCII[kind] : complement(ASCII[kind]));
  switch (letter) {
    case 'd': return '\\p{Nd}';
    case 'D': return '\\P{Nd}';
    case 's': return write(SPACES);
    case 'S': return write(complement(SPACES));
    case 'w': return WORD;
    case 'W': return NO_WORD + write(CONNECTORS);
  }
}

function complement(ranges: Ranges): Ranges {
  const starts = [0, ...ranges.map(([, last]) => last + 1)];
  const ends = [...ranges.map(([first]) => first - 1), 0x10_ffff];
  return starts.map((start, index) => [start, ends[index] as number] as const).filter(([first, last]) => first <= last);
}
