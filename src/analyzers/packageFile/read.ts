import { parse as parseToml } from 'smol-toml';
import { parse as parseYaml } from 'yaml';
import type { z } from 'zod';

/** A file is not what its name promises. The message is one sentence without a full stop; it becomes a problem. */
export class FormatError extends Error {}

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

/** Parses one YAML 1.2 document; aliases are bounded by the library (a billion laughs end as an error). */
export function readYaml(bytes: Buffer): unknown {
  return parsed('YAML', () => parseYaml(readText(bytes), { maxAliasCount: 100, logLevel: 'silent', uniqueKeys: false }) as unknown);
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
