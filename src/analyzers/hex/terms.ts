import { FormatError } from '../packageFile/read.js';

/**
 * Reads Erlang terms as `file:consult` does: atoms, strings, binaries, numbers, tuples, lists, maps. One pass, no recursion.
 * Source: Erlang reference manual, "Data Types". Atoms and strings both become text: who reads them knows which is which.
 */
export type Term = string | readonly Term[];

/** Applications nest five deep. */
const DEEPEST = 100;
const TOKEN = /\s+|%[^\n]*|<<|>>|[{}[\],|.:=]|#\{|=>|"(?:[^"\\]|\\[^])*"|'(?:[^'\\]|\\[^])*'|\$(?:\\.|[^])|[-+]?\d[\d_]*(?:[.#]\w+)?(?:e[-+]?\d+)?|[A-Za-z_][\w@/]*|[^]/gy;
const OPENING = new Set(['{', '[', '<<', '#{']);
const CLOSING = new Set(['}', ']', '>>']);

/** All top-level terms of a file. A binary `<<"text"/utf8>>` is the text; a list or tuple, its elements; a map, keys and values in turn. */
export function readTerms(text: string): readonly Term[] {
  const root: Term[] = [];
  const open: { readonly items: Term[]; readonly binary: boolean }[] = [{ items: root, binary: false }];
  for (const [token] of text.matchAll(TOKEN)) {
    const inner = open[open.length - 1] as { items: Term[]; binary: boolean };
    if (OPENING.has(token)) {
      if (open.length > DEEPEST) throw new FormatError('nests Erlang terms too deep');
      open.push({ items: [], binary: token === '<<' });
    } else if (CLOSING.has(token)) {
      if (open.length === 1) throw new FormatError('closes an Erlang term that was not opened');
      open.pop();
      (open[open.length - 1] as { items: Term[] }).items.push(inner.binary ? (inner.items[0] ?? '') : inner.items);
    } else if (/^["'A-Za-z_\d$+-]/.test(token)) {
      inner.items.push(/^["']/.test(token) ? unquoted(token) : token);
    }
  }
  if (open.length !== 1) throw new FormatError('has an Erlang term that is cut off');
  return root;
}

function unquoted(token: string): string {
  return token.length < 2 ? '' : token.slice(1, -1).replace(/\\([^])/g, '$1');
}

/** The element of a list or tuple, or undefined. */
export function element(term: Term | undefined, index: number): Term | undefined {
  return typeof term === 'string' ? undefined : term?.[index];
}

/** Text of a term; the empty string for a list. */
export function textOf(term: Term | undefined): string {
  return typeof term === 'string' ? term : '';
}
