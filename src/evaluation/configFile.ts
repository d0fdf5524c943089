import { LineCounter, parseDocument, type Node } from 'yaml';
import { InputError } from '../errors.js';

/** A file that the user wrote, in JSON (with comments) or YAML. */
export interface ConfigFile {
  readonly file: string;
  readonly value: unknown;
  /** Line of what is at a path, or of the nearest thing around it; from 1. */
  lineOf(path: readonly PropertyKey[]): number;
}

/** A bundle of a thousand rules has 0.5 MB. */
const MAXIMUM_CHARACTERS = 20_000_000;
/** Anchors are for repeating a few things; more would be a bomb. */
const MAXIMUM_ALIASES = 100;

/** Reads the text of a file. Throws InputError with the line of what cannot be read. */
export function readConfigFile(file: string, content: string): ConfigFile {
  if (content.length > MAXIMUM_CHARACTERS) throw new InputError(`${file} has ${content.length} characters, and ${MAXIMUM_CHARACTERS} is the limit. Split it.`);
  const bare = content.replace(/^\uFEFF/, '');
  const json = /^\s*(?:\/\/[^\n]*\s*|\/\*[^]*?\*\/\s*)*[[{]/.test(bare);
  const text = json ? blankComments(bare) : bare;
  const value = json ? plainJson(text) : undefined;
  // Positions are for messages alone: they are read when one is needed.
  let read: Positions | undefined;
  const positions = (): Positions => (read ??= readPositions(file, text));
  return { file, value: value === undefined ? positions().value() : value, lineOf: (path) => positions().lineOf(path) };
}

interface Positions {
  value(): unknown;
  lineOf(path: readonly PropertyKey[]): number;
}

function readPositions(file: string, text: string): Positions {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, logLevel: 'silent' });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line } = lines.linePos(error.pos[0]);
    const why = /call stack/.test(error.message) ? 'it is nested too deeply' : (error.message.split('\n')[0] as string).replace(/ at line .*$/, '');
    throw new InputError(`${file}, line ${line}: this is neither JSON nor YAML: ${why}. Mend the syntax.`);
  }
  const value = (): unknown => {
    try {
      return document.toJS({ maxAliasCount: MAXIMUM_ALIASES });
    } catch (cause) {
      throw new InputError(`${file} repeats anchors more than ${MAXIMUM_ALIASES} times. Write out what they stand for.`, { cause });
    }
  };
  const lineOf = (path: readonly PropertyKey[]): number => {
    for (let length = path.length; length >= 0; length--) {
      const node = (length === 0 ? document.contents : document.getIn(path.slice(0, length), true)) as Node | null | undefined;
      if (node?.range) return lines.linePos(node.range[0]).line;
    }
    return 1;
  };
  return { value, lineOf };
}

/** The value of JSON, undefined for what is none, or has a key twice: the slower reader then says where. */
function plainJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
  let keys = 0;
  for (const [, colon] of text.matchAll(/"(?:[^"\\]|\\.)*"\s*(:)?/g)) if (colon !== undefined) keys += 1;
  return countKeys(value) === keys ? value : undefined;
}

/** Iterative, since the depth is the file's. */
function countKeys(value: unknown): number {
  const open: unknown[] = [value];
  let count = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next !== 'object' || next === null) continue;
    if (!Array.isArray(next)) count += Object.keys(next).length;
    for (const inner of Object.values(next)) if (typeof inner === 'object' && inner !== null) open.push(inner);
  }
  return count;
}

/** JSON with `//` and block comments: they become blanks, so that every position stays. */
function blankComments(text: string): string {
  return text.replace(/"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|\/\*[^]*?\*\//g, (part) => (
    part.startsWith('"') ? part : part.replace(/[^\n]/g, ' ')
  ));
}
