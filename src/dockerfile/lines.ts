import { InputError } from '../errors.js';
import { splitWords, unquote, type Escape } from './words.js';

/** An instruction as the file has it: continuations joined, comments inside dropped, heredocs taken in. */
export interface LogicalLine {
  /** Upper case. */
  readonly keyword: string;
  readonly args: string;
  readonly startLine: number;
  readonly endLine: number;
}

/** The largest Dockerfiles known (generated ones) have some 200 kB; more is no Dockerfile. */
export const MAX_DOCKERFILE_BYTES = 2 * 1024 * 1024;
/** Docker stops at 127 layers; generated files with many stages stay far below this. */
export const MAX_INSTRUCTIONS = 5_000;

/**
 * Parts a Dockerfile into its instructions as BuildKit's line parser does
 * (source: Dockerfile reference, "Format", "Parser directives", "Here-documents").
 * @throws InputError for a text past the limits or a heredoc without an end.
 */
export function logicalLines(text: string): { readonly lines: readonly LogicalLine[]; readonly escape: Escape } {
  if (text.length > MAX_DOCKERFILE_BYTES) {
    throw new InputError(`The Dockerfile has ${text.length} characters, more than the ${MAX_DOCKERFILE_BYTES} that one may have. Give the Dockerfile that the image was built from.`);
  }
  const rows = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const escape = escapeDirective(rows);
  const lines: LogicalLine[] = [];
  let at = 0;
  while (at < rows.length) {
    const joined = join(rows, at, escape);
    at = joined.next;
    if (joined.text === '') continue;
    const [, keyword = '', args = ''] = /^(\S+)\s*([^]*)$/.exec(joined.text) ?? [];
    const bodies = heredocs(rows, at, keyword, args, escape);
    at = bodies.next;
    lines.push({ keyword: keyword.toUpperCase(), args: args + bodies.text, startLine: joined.first, endLine: bodies.text === '' ? joined.last : at });
    if (lines.length > MAX_INSTRUCTIONS) {
      throw new InputError(`The Dockerfile has more than ${MAX_INSTRUCTIONS} instructions. Give the Dockerfile that the image was built from.`);
    }
  }
  return { lines, escape };
}

const DIRECTIVE = /^#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(\S.*)$/;

/** Directives stand at the very top; the first line that is none ends them. */
function escapeDirective(rows: readonly string[]): Escape {
  for (const row of rows) {
    const directive = DIRECTIVE.exec(row.trim());
    if (directive === null) break;
    if (directive[1]?.toLowerCase() === 'escape') return directive[2]?.trim() === '`' ? '`' : '\\';
  }
  return '\\';
}

function isCommentOrBlank(row: string): boolean {
  const start = row.trimStart();
  return start === '' || start.startsWith('#');
}

/** From row `at` one instruction's text, its lines (from 1) and the row after it. */
function join(rows: readonly string[], at: number, escape: Escape): { text: string; first: number; last: number; next: number } {
  const parts: string[] = [];
  let first = 0;
  let last = 0;
  for (; at < rows.length; at++) {
    const row = rows[at] ?? '';
    if (isCommentOrBlank(row)) {
      if (parts.length === 0) return { text: '', first: 0, last: 0, next: at + 1 };
      continue;
    }
    last = at + 1;
    const head = continued(row, escape);
    // A row of the escape character alone goes on before anything has begun.
    if (first === 0 && (head ?? row).trim() !== '') first = last;
    parts.push(parts.length === 0 ? (head ?? row).trimStart() : (head ?? row));
    if (head === undefined) return { text: parts.join('').trim(), first, last, next: at + 1 };
  }
  return { text: parts.join('').trim(), first, last, next: at };
}

/** What stands before the escape character at the end of a row, or undefined where the row goes not on; two of them protect each other. */
function continued(row: string, escape: Escape): string | undefined {
  const end = row.trimEnd();
  if (!end.endsWith(escape) || end.at(-2) === escape) return undefined;
  return end.slice(0, -1);
}

const TAKES_HEREDOC = new Set(['RUN', 'COPY', 'ADD']);
const HEREDOC = /^\d*<<(-?)([^<]+)$/;

/** The bodies of the heredocs that an instruction opens, each after a newline and with its end; from row `at`. */
function heredocs(rows: readonly string[], at: number, keyword: string, args: string, escape: Escape): { text: string; next: number } {
  const trigger = keyword.toUpperCase() === 'ONBUILD' ? (/^\S+/.exec(args)?.[0] ?? '') : keyword;
  if (!TAKES_HEREDOC.has(trigger.toUpperCase()) || !args.includes('<<')) return { text: '', next: at };
  const taken: string[] = [];
  for (const word of splitWords(args, escape)) {
    const opened = HEREDOC.exec(word);
    if (opened === null) continue;
    const name = unquote(opened[2] ?? '', escape);
    if (name === '') continue;
    const start = at;
    const isEnd = (row: string): boolean => (opened[1] === '-' ? row.replace(/^\t+/, '') : row) === name;
    while (at < rows.length && !isEnd(rows[at] ?? '')) taken.push(rows[at++] ?? '');
    if (at >= rows.length) throw new InputError(`Dockerfile, line ${start}: the heredoc <<${name} has no end. Close it with a line that holds ${name} alone.`);
    taken.push(rows[at++] ?? '');
  }
  return { text: taken.map((row) => `\n${row}`).join(''), next: at };
}
