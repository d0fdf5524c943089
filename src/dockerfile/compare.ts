import { withoutShell, type HistoryInstruction } from './history.js';
import type { Instruction } from './instruction.js';
import { assignments } from './scope.js';
import { jsonWords, splitFlags, splitWords, unquote } from './words.js';

/** How well a row of history and an instruction agree: the same, an edited one of the same kind, or not. */
export type Likeness = 'same' | 'alike' | 'other';

/** Share of words in common from which two RUN are one and its edited self. */
const ALIKE_FROM = 0.7;

/** An instruction of a Dockerfile, made ready to be compared with many rows. */
export interface Comparable {
  readonly keyword: string;
  /** The ways in which a builder may write its arguments. */
  readonly forms: readonly string[];
  readonly names: readonly string[];
  readonly destination: readonly string[];
}

/** @param shell the words of SHELL that hold where the instruction stands. */
export function comparable(instruction: Instruction, shell: readonly string[]): Comparable {
  const { keyword, args, resolved } = instruction;
  if (keyword === 'RUN') return { keyword, forms: commands(args, shell), names: [], destination: [] };
  if (keyword === 'ARG') return { keyword, forms: [], names: assignments('ARG', args, '\\').map(({ name }) => name), destination: [] };
  const texts = [...new Set([resolved, args])];
  if (keyword === 'COPY' || keyword === 'ADD') {
    const lists = texts.map((text) => copied(text));
    return { keyword, forms: lists.map((words) => words.join(' ')), names: [], destination: lists.map((words) => words.at(-1) ?? '') };
  }
  return { keyword, forms: texts.map((text) => plain(keyword, text)), names: [], destination: [] };
}

export function compare(row: HistoryInstruction, wanted: Comparable): Likeness {
  if (row.keyword === '') return wanted.keyword === 'RUN' && wanted.forms.includes(blanks(row.args)) ? 'same' : 'other';
  if (row.keyword !== wanted.keyword) return 'other';
  switch (row.keyword) {
    case 'RUN': return compareRun(row.args, wanted.forms);
    case 'COPY': case 'ADD': return compareCopy(row.args, wanted);
    case 'ARG': return sameArg(row.args, wanted.names) ? 'same' : 'other';
    // Builders write the struct of a health check; its keyword says enough.
    case 'HEALTHCHECK': return 'same';
    case 'EXPOSE': return wanted.forms.some((form) => samePorts(plain('EXPOSE', row.args), form)) ? 'same' : 'other';
    case 'WORKDIR': return wanted.forms.some((form) => samePath(row.args, form)) ? 'same' : 'other';
    case 'CMD': case 'ENTRYPOINT': return wanted.forms.some((form) => sameCommand(plain(row.keyword, row.args), form)) ? 'same' : 'other';
    default: return wanted.forms.some((form) => agrees(plain(row.keyword, row.args), form)) ? 'same' : 'other';
  }
}

function blanks(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}

/** RUN without its flags: as written, the words of its JSON form, the body alone of a heredoc that is all there is. */
function commands(args: string, shell: readonly string[]): readonly string[] {
  const command = splitFlags(args).rest;
  const json = jsonWords(command);
  if (json !== undefined) return [json.join(' '), withoutShell(json.join(' ')), command].map(blanks);
  const [, dash = '', , name = '', text] = /^<<(-?)(["']?)([\w.-]+)\2[ \t]*\n([^]*)\n[^\n]*$/.exec(command) ?? [];
  const body = dash === '-' ? text?.replace(/^\t+/gm, '') : text;
  // of a script with its own interpreter BuildKit tells the file that it mounts
  const forms = body === undefined ? [command] : body.startsWith('#!') ? [`/dev/pipes/${name}`, body, command] : [body, command];
  return [...forms, ...forms.map((form) => `${shell.join(' ')} ${form}`)].map(blanks);
}

function compareRun(row: string, forms: readonly string[]): Likeness {
  const text = blanks(jsonWords(row)?.join(' ') ?? row);
  // kaniko writes the flags, too
  if (forms.includes(text) || forms.includes(blanks(splitFlags(row).rest))) return 'same';
  return forms.some((form) => wordsInCommon(text, form) >= ALIKE_FROM) ? 'alike' : 'other';
}

/** Share of distinct words that two texts have in common. */
function wordsInCommon(a: string, b: string): number {
  const one = new Set(a.split(' '));
  const two = new Set(b.split(' '));
  let common = 0;
  for (const word of one) if (two.has(word)) common++;
  return common / (one.size + two.size - common);
}

/** Sources and destination, plain; heredoc bodies left out, and their names after the paths, where BuildKit writes them. */
function copied(text: string): readonly string[] {
  const head = splitFlags(text.split('\n', 1)[0] ?? '').rest;
  const words = jsonWords(head) ?? splitWords(head).map((word) => unquote(word).replace(/^<<-/, '<<'));
  const isHeredoc = (word: string): boolean => word.startsWith('<<');
  const sources = words.slice(0, -1);
  return [...sources.filter((word) => !isHeredoc(word)), ...sources.filter(isHeredoc), ...words.slice(-1)];
}

const CHECKSUMMED = /^(?:file|dir|multi):[0-9a-f]{64} in ([^]*)$/;

function compareCopy(args: string, wanted: Comparable): Likeness {
  const row = splitFlags(args).rest.trim();
  const destination = CHECKSUMMED.exec(row)?.[1];
  if (destination !== undefined) return wanted.destination.some((form) => agrees(destination.trim(), form)) ? 'same' : 'other';
  const words = copied(args);
  if (wanted.forms.some((form) => agrees(words.join(' '), form))) return 'same';
  return wanted.destination.some((form) => agrees(words.at(-1) ?? '', form)) ? 'alike' : 'other';
}

/** Those of proxies are known to every builder: buildah does not list them. Source: Dockerfile reference, "Predefined ARGs". */
const PREDEFINED = /^(?:https?|ftp|no|all)_proxy$/i;

/** Builders differ in what they write of the value, buildah lists all arguments so far. */
function sameArg(row: string, names: readonly string[]): boolean {
  const told = splitWords(row).map((word) => word.split('=', 1)[0] ?? '');
  return names.length > 0 && names.every((name) => told.includes(name) || PREDEFINED.test(name));
}

/** Without what builders add or leave out: quotes, commas, brackets, the old form of ENV. */
function plain(keyword: string, text: string): string {
  const written = (keyword === 'ENV' || keyword === 'LABEL') ? pairs(keyword, text) : text;
  return blanks(written.replace(/["'\\]/g, '').replace(/[[\],]/g, ' '));
}

function pairs(keyword: string, text: string): string {
  if (text.split(/\s/, 1)[0]?.includes('=') === true) return text;
  return assignments(keyword, text, '\\').map(({ name, value }) => `${name}=${value ?? ''}`).join(' ');
}

function samePorts(row: string, form: string): boolean {
  const list = (text: string): string => [...new Set(text.toLowerCase().split(' ').map((port) => port.replace(/\/tcp$/, '')))].sort().join(' ');
  return /\d-\d/.test(form) || agrees(list(row), list(form));
}

/** Newer builders write a relative directory as an absolute one. */
function samePath(row: string, form: string): boolean {
  const clean = (path: string): string => path.trim().replace(/^\.\//, '').replace(/(?<=.)\/$/, '');
  // a variable that is not set leaves nothing at the end: `/srv/${UNSET}`
  return agrees(clean(row), clean(form)) || agrees(`${clean(row)}/`, form) || (!form.startsWith('/') && agrees(clean(row), `*/${clean(form)}`));
}

/** The shell form is written with the shell before it. */
function sameCommand(row: string, form: string): boolean {
  return agrees(row, form) || row.endsWith(`-c ${form}`) || row.endsWith(`/C ${form}`) || row.endsWith(`/S /C ${form}`);
}

const UNKNOWN = /\$(?:\{[^}]{0,200}\}|[A-Za-z_][A-Za-z0-9_]*)/g;

/** Whether a text agrees with a form in which unknown variables stand for anything. Linear: every part is looked for once, from left to right. */
function agrees(text: string, form: string): boolean {
  if (text === form) return true;
  const parts = form.replace(UNKNOWN, '*').split('*');
  if (parts.length === 1) return false;
  const first = parts[0] ?? '';
  const last = parts.at(-1) ?? '';
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return at <= text.length - last.length;
}
