import { linesOf } from '../../../text/lines.js';
import { FormatError } from '../../packageFile/read.js';

/** Lines of a lock file: the largest that are known have 150,000. */
const MOST_LINES = 1_000_000;

/** A block of an indented file: a key with what stands behind it on its line, and its own lines one level below. */
export interface Block {
  readonly key: string;
  /** What follows the key on its line. */
  readonly value: string;
  readonly indent: number;
}

/**
 * Lines of yarn's and pnpm's lock files, which are YAML of one plain kind (or yarn v1's, nearly YAML): a key and a value a line,
 * no anchors, no multi-line values. Read line by line, so that no file can be a bomb or take longer than its length.
 */
export function* indentedLines(text: string): Generator<Block> {
  let count = 0;
  for (const line of linesOf(text)) {
    if ((count += 1) > MOST_LINES) throw new FormatError(`has more than ${MOST_LINES} lines`);
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#') || trimmed.startsWith('- ') || trimmed === '---') continue;
    const indent = line.length - line.trimStart().length;
    yield { ...keyAndValue(trimmed), indent };
  }
}

/** `"key": value`, `key: value`, `key "value"` (yarn v1), `key:`. */
function keyAndValue(line: string): { readonly key: string; readonly value: string } {
  const quote = line[0] === '"' || line[0] === "'" ? line[0] : '';
  if (quote !== '') {
    const end = line.indexOf(quote, 1);
    // yarn v1 joins several quoted keys with commas
    if (end > 0 && !line.startsWith(',', end + 1)) return { key: line.slice(1, end), value: unquoted(line.slice(end + 1).replace(/^:/, '').trim()) };
    if (end > 0) return { key: line.replace(/:$/, ''), value: '' };
  }
  if (line.endsWith(':')) return { key: line.slice(0, -1), value: '' };
  const separator = line.search(/: | /);
  return separator < 0 ? { key: line, value: '' } : { key: line.slice(0, separator), value: unquoted(line.slice(separator + 1).trim()) };
}

/** Without the quotes around it, of either kind; escapes stand as they are. */
export function unquoted(value: string): string {
  const quote = value[0];
  return (quote === '"' || quote === "'") && value.length > 1 && value.endsWith(quote) ? value.slice(1, -1) : value;
}
