import { parse as parseToml } from 'smol-toml';
import { parse as parseYaml } from 'yaml';
import type { z } from 'zod';
import type { Tell } from '../analyzer.js';

/** A file is not what its name promises. The message is one sentence without a full stop; it becomes a problem. */
export class FormatError extends Error {}

/** What `read` gives; undefined, and told, where the file is not what its name promises. */
export function readOrTell<Read>(read: () => Read, tell: Tell): Read | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    tell(`The file ${error.message}.`);
    return undefined;
  }
}

/**
 * Text of a file. Bytes that are no UTF-8 become U+FFFD: names of packages are ASCII in every format read here,
 * so only a description can lose a letter. A byte-order mark is dropped.
 */
export function readText(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/** Parses JSON. `JSON.parse` neither recurses nor sets prototypes: `__proto__` becomes an own property. */
export function readJson(bytes: Buffer): unknown {
  return parsed('JSON', () => JSON.parse(readText(bytes)) as unknown);
}

/**
 * Parses one YAML 1.2 document; aliases are bounded by the library (a billion laughs end as an error).
 * Maps are taken as maps first: to make an object the library writes a key that is itself a map as text, and a map in a
 * key in a key … (`{{{{`) takes exponential time. Such keys are left out.
 */
export function readYaml(bytes: Buffer): unknown {
  const text = readText(bytes);
  if (yamlDepth(text) > DEEPEST_YAML) throw new FormatError(`nests YAML deeper than ${DEEPEST_YAML} levels`);
  return parsed('YAML', () => asObjects(parseYaml(text, { maxAliasCount: 100, logLevel: 'error', uniqueKeys: false, prettyErrors: false, mapAsMap: true }), new Map()));
}

/**
 * The parser recurses, and a regular expression that is compiled at the end of the stack ends the whole process (V8),
 * where anything else would be an error to catch. Lock files nest five deep.
 */
const DEEPEST_YAML = 100;

/** The parser takes up to six seconds for a megabyte of anchors or of open quotes, so less than one for this. Lock files in YAML stay below 100 kB. */
export const LARGEST_YAML = 128 * 1024;

/** At least as deep as the parser will go: indentation, `- - -` on one line, and brackets, whatever they mean. One pass. */
export function yamlDepth(text: string): number {
  const indents: number[] = [];
  let brackets = 0;
  let deepest = 0;
  for (const line of text.split('\n')) {
    const marks = /^[ \t]*(?:[-?:][ \t]+)*/.exec(line)?.[0] ?? '';
    const indent = marks.length - marks.trimStart().length;
    while ((indents[indents.length - 1] ?? -1) >= indent) indents.pop();
    indents.push(indent);
    const base = indents.length + marks.replace(/[ \t]/g, '').length;
    deepest = Math.max(deepest, base + brackets);
    for (const [mark] of line.matchAll(/[[\]{}]/g)) {
      brackets = Math.max(0, brackets + (mark === '[' || mark === '{' ? 1 : -1));
      deepest = Math.max(deepest, base + brackets);
    }
  }
  return deepest;
}

/** Maps as objects; what several aliases share stays shared. */
function asObjects(value: unknown, seen: Map<unknown, unknown>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const known = seen.get(value);
  if (known !== undefined) return known;
  if (Array.isArray(value)) {
    const list: unknown[] = [];
    seen.set(value, list);
    for (const item of value) list.push(asObjects(item, seen));
    return list;
  }
  if (!(value instanceof Map)) return value;
  const entries: [string, unknown][] = [];
  for (const [key, item] of value) if (typeof key !== 'object' || key === null) entries.push([String(key), asObjects(item, seen)]);
  // fromEntries makes own properties, of `__proto__` as well.
  const object = Object.fromEntries(entries);
  seen.set(value, object);
  return object;
}

/** Parses TOML 1.0. */
export function readToml(bytes: Buffer): unknown {
  return parsed('TOML', () => parseToml(readText(bytes)) as unknown);
}

/** Checks against a schema; a difference is a FormatError that names the place. */
export function shaped<T extends z.ZodType>(schema: T, value: unknown): z.infer<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const at = issue === undefined || issue.path.length === 0 ? 'at the top' : `at ${issue.path.map(String).join('.').slice(0, 100)}`;
  throw new FormatError(`does not have the shape of its kind ${at}: ${(issue?.message ?? '').slice(0, 100)}`);
}

/** Whatever a parser throws, a stack that is too deep among it, says the same: this is not the format. */
function parsed(format: string, parse: () => unknown): unknown {
  try {
    return parse();
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : '';
    throw new FormatError(`is not readable as ${format}: ${reason.replace(/[^\x20-\x7e]/g, '?').slice(0, 120)}`);
  }
}
