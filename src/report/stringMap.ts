import { endianness } from 'node:os';

/**
 * Where a JSON object ends that has strings only: RFC 8259's grammar as a table of states.
 * A report is hardly anything else, some ten megabytes of it, of which a policy reads a few. So the table takes two bytes a step:
 * that is twice as quick as one, and five times as quick as to parse them.
 */

/** The first three end the search, which one comparison tells. `before`: the object ended one byte before the last. */
const STATES = [
  'wrong', 'done', 'before', 'open', 'first', 'colon', 'value', 'next', 'nextKey',
  'key', 'keyEscape', 'key4', 'key3', 'key2', 'key1', 'text', 'textEscape', 'text4', 'text3', 'text2', 'text1',
] as const;
type State = (typeof STATES)[number];

const SPACE = ' \t\n\r';
const HEX = 'abcdefABCDEF0123456789';
/** `~` stands for all that are named nowhere. */
const CONTENT = `${HEX}nrtu/ :,{}~`;

/** From a state by one of some bytes to another; what is not here is wrong. */
const GRAMMAR: readonly (readonly [State, string, State])[] = [
  ['open', '{', 'first'],
  ['first', SPACE, 'first'], ['first', '"', 'key'], ['first', '}', 'done'],
  ...inString('key', 'colon'),
  ['colon', SPACE, 'colon'], ['colon', ':', 'value'],
  ['value', SPACE, 'value'], ['value', '"', 'text'],
  ...inString('text', 'next'),
  ['next', SPACE, 'next'], ['next', ',', 'nextKey'], ['next', '}', 'done'],
  ['nextKey', SPACE, 'nextKey'], ['nextKey', '"', 'key'],
];

function inString(string: 'key' | 'text', after: State): [State, string, State][] {
  return [
    [string, CONTENT, string], [string, '"', after], [string, '\\', `${string}Escape`],
    [`${string}Escape`, '"\\/bfnrt', string], [`${string}Escape`, 'u', `${string}4`],
    [`${string}4`, HEX, `${string}3`], [`${string}3`, HEX, `${string}2`], [`${string}2`, HEX, `${string}1`], [`${string}1`, HEX, string],
  ];
}

/** Bytes that the grammar does not tell apart: sixteen kinds at most, so that two of them fit into a byte. */
const KINDS: readonly string[] = ['~', '"', '\\', ' ', ':', ',', '{', '}', '/', 'u', 'bf', 'nrt', 'acdeABCDEF0123456789', '\t\n\r', controls()];

function controls(): string {
  return Array.from({ length: 0x20 }, (_, code) => String.fromCharCode(code)).filter((control) => !'\t\n\r'.includes(control)).join('');
}

const OPEN_BRACE = 0x7b;
const [DONE, BEFORE, OPEN, FIRST] = [times256('done'), times256('before'), times256('open'), times256('first')];
let tables: Tables | undefined;

/**
 * The position after an object of strings that begins at `from`; -1 where there is none, or nothing comes after it.
 * Which bytes make up a character is not looked at: all of them are content, as for a decoder that replaces what is wrong.
 */
export function endOfStringMap(bytes: Uint8Array, from: number): number {
  if (bytes[from] !== OPEN_BRACE) return -1;
  const { pairs, steps } = tables ??= makeTables();
  // 16 bits can be read at even addresses only
  const isEven = (bytes.byteOffset + from) % 2 === 0;
  const start = isEven ? from : from + 1;
  const twos = new Uint16Array(bytes.buffer, bytes.byteOffset + start, (bytes.length - start) >> 1);
  let state = isEven ? OPEN : FIRST;
  for (let index = 0; index < twos.length; index += 1) {
    state = steps[state | (pairs[twos[index] as number] as number)] as number;
    if (state > BEFORE) continue;
    if (state === DONE) return start + index * 2 + 2;
    return state === BEFORE ? start + index * 2 + 1 : -1;
  }
  return -1;
}

interface Tables {
  /** Two bytes, as the machine reads them at once → their kinds, four bits each. */
  readonly pairs: Uint8Array;
  /** 256 times a state, and the kinds of two bytes → 256 times the state after them. */
  readonly steps: Uint16Array;
}

function makeTables(): Tables {
  const kinds = new Uint8Array(256);
  for (const [kind, members] of KINDS.entries()) for (const member of members) kinds[member.charCodeAt(0)] = kind;
  const kindOf = (byte: number): number => kinds[byte] ?? 0;
  const after = new Uint16Array(STATES.length * 16);
  for (const [from, bytes, to] of GRAMMAR) for (const byte of bytes) after[times256(from) / 16 + kindOf(byte.charCodeAt(0))] = times256(to);
  const step = (state: number, kind: number): number => after[state / 16 + kind] ?? 0;

  const steps = new Uint16Array(STATES.length * 256);
  for (let from = 0; from < steps.length; from += 1) {
    const between = step(from & 0xff00, (from >> 4) & 15);
    steps[from] = between === DONE ? BEFORE : step(between, from & 15);
  }
  // the first of two bytes is the low one of 16 bits, but for machines of the other kind
  const [shift, shiftOther] = endianness() === 'LE' ? [4, 0] : [0, 4];
  const rows = KINDS.map((_, other) => kinds.map((kind) => kind << shift | other << shiftOther));
  const pairs = new Uint8Array(0x1_0000);
  for (const [byte, other] of kinds.entries()) pairs.set(rows[other] as Uint8Array, byte * 256);
  return { pairs, steps };
}

function times256(state: State): number {
  return STATES.indexOf(state) << 8;
}
