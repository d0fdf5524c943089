import { posix } from 'node:path';
import { agrees, ANYTHING, type Likeness } from './likeness.js';
import { withoutShell, type HistoryInstruction } from './history.js';
import type { Instruction } from './instruction.js';
import { assignments } from './scope.js';
import { jsonWords, splitFlags, splitWords, unquote } from './words.js';

/** An instruction of a Dockerfile, made ready to be compared with many rows. */
export interface Comparable {
  readonly keyword: string;
  /** The ways in which a builder may write its arguments. */
  readonly forms: readonly string[];
  /** Of ARG: the names, and those of them that the Dockerfile gives no value. */
  readonly names: readonly string[];
  readonly unset: readonly string[];
  readonly destination: readonly string[];
}

/** @param shell the words of SHELL that hold where the instruction stands. */
export function comparable(instruction: Instruction, shell: readonly string[]): Comparable {
  const { keyword, args, resolved } = instruction;
  const none = { keyword, forms: [], names: [], unset: [], destination: [] };
  if (keyword === 'RUN') return { ...none, forms: commands(args, shell) };
  if (keyword === 'ARG') {
    const given = assignments('ARG', args, '\\');
    return { ...none, names: given.map(({ name }) => name), unset: given.flatMap(({ name, value }) => (value === undefined ? [name] : [])) };
  }
  const texts = [...new Set([resolved, args])];
  if (keyword === 'COPY' || keyword === 'ADD') {
    const lists = texts.map((text) => copied(text));
    return { ...none, forms: lists.map((words) => words.join(' ')), destination: lists.map((words) => words.at(-1) ?? '') };
  }
  return { ...none, forms: texts.map((text) => plain(keyword, text)) };
}

/** Instructions ready to be compared, each with the shell and the directory that hold where it stands. */
export function inOrder(instructions: readonly Instruction[]): readonly Comparable[] {
  let shell: readonly string[] = ['/bin/sh', '-c'];
  let directory: string | undefined;
  return instructions.map((instruction) => {
    const form = comparable(instruction, shell);
    if (instruction.keyword === 'SHELL') shell = jsonWords(instruction.args) ?? shell;
    if (instruction.keyword !== 'WORKDIR') return form;
    directory = directoryAfter(directory, form.forms[0] ?? '');
    return directory === undefined ? form : { ...form, forms: [...form.forms, directory] };
  });
}

/** Where a WORKDIR leads from a directory; undefined where that one or a variable is not known. */
function directoryAfter(directory: string | undefined, path: string): string | undefined {
  if (path.includes('$') || (directory === undefined && !path.startsWith('/'))) return undefined;
  return posix.resolve(directory ?? '/', path);
}

/** What stands in a secret's place where a history comes out of a report. */
const HIDDEN = '***';

export function compare(row: HistoryInstruction, wanted: Comparable): Likeness {
  const found = compareTexts(row, wanted);
  if (found !== 'other' || row.keyword !== wanted.keyword || !row.args.includes(HIDDEN)) return found;
  const told = row.keyword === 'RUN' ? blanks(row.args) : plain(row.keyword, row.args);
  return wanted.forms.some((form) => agrees(form, told.replaceAll(HIDDEN, ANYTHING)) !== 'other') ? 'possible' : 'other';
}

function compareTexts(row: HistoryInstruction, wanted: Comparable): Likeness {
  if (row.keyword === '') return wanted.keyword === 'RUN' && wanted.forms.includes(blanks(row.args)) ? 'same' : 'other';
  if (row.keyword !== wanted.keyword) return 'other';
  const best = (one: (form: string) => Likeness): Likeness => {
    const found = wanted.forms.map(one);
    return found.includes('same') ? 'same' : found.includes('possible') ? 'possible' : 'other';
  };
  switch (row.keyword) {
    case 'RUN': return isRun(row.args, wanted.forms) ? 'same' : 'other';
    case 'COPY': case 'ADD': return compareCopy(row.args, wanted);
    case 'ARG': return sameArg(row, wanted);
    case 'HEALTHCHECK': return best((form) => sameCheck(row.args, form));
    case 'EXPOSE': return best((form) => samePorts(plain('EXPOSE', row.args), form));
    case 'WORKDIR': return best((form) => samePath(unquote(row.args), form));
    case 'CMD': case 'ENTRYPOINT': return best((form) => sameCommand(plain(row.keyword, row.args), form));
    // builders leave out quotes: a name with a blank looks like the old form
    case 'LABEL': return best((form) => (clean(row.args) === form ? 'same' : agrees(plain('LABEL', row.args), form)));
    default: return best((form) => agrees(plain(row.keyword, row.args), form));
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

function isRun(row: string, forms: readonly string[]): boolean {
  const text = blanks(jsonWords(row)?.join(' ') ?? row);
  // kaniko writes the flags, too
  return forms.includes(text) || forms.includes(blanks(splitFlags(row).rest));
}

/** Sources and destination, plain; heredoc bodies left out, and their names after the paths, where BuildKit writes them. */
function copied(text: string): readonly string[] {
  const head = splitFlags(text.split('\n', 1)[0] ?? '').rest;
  const words = jsonWords(head) ?? splitWords(head).map((word) => unquote(word).replace(/^<<-/, '<<'));
  const isHeredoc = (word: string): boolean => word.startsWith('<<');
  const sources = words.slice(0, -1);
  return [...sources.filter((word) => !isHeredoc(word)), ...sources.filter(isHeredoc), ...words.slice(-1)];
}

const CHECKSUMMED = /^(?:(?:file|dir|multi):)?[0-9a-f]{64} in ([^]*)$/;

/** The classic builder and buildah write a checksum for what they copied: what is left to compare is where it went. */
function compareCopy(args: string, wanted: Comparable): Likeness {
  const row = splitFlags(args).rest.trim();
  const destination = CHECKSUMMED.exec(row)?.[1];
  if (destination !== undefined) return wanted.destination.some((form) => agrees(destination.trim(), form) !== 'other') ? 'possible' : 'other';
  const words = copied(args).join(' ');
  const found = wanted.forms.map((form) => agrees(words, form));
  return found.includes('same') ? 'same' : found.includes('possible') ? 'possible' : 'other';
}

/** Those of proxies are known to every builder: buildah does not list them. Source: Dockerfile reference, "Predefined ARGs". */
const PREDEFINED = /^(?:https?|ftp|no|all)_proxy$/i;

/** Builders differ in what they write of the value; buildah lists all arguments so far that have one. */
function sameArg({ args, builder }: HistoryInstruction, { names, unset }: Comparable): Likeness {
  const told = splitWords(args).map((word) => word.split('=', 1)[0] ?? '');
  const missing = names.filter((name) => !told.includes(name) && !PREDEFINED.test(name));
  if (missing.length === 0) return names.length > 0 ? 'same' : 'other';
  return builder === 'classic' && missing.every((name) => unset.includes(name)) ? 'possible' : 'other';
}

/** Without what builders add or leave out: quotes, commas, brackets, the old form of ENV. */
function plain(keyword: string, text: string): string {
  const written = (keyword === 'ENV' || keyword === 'LABEL') ? pairs(keyword, text) : text;
  return clean(written);
}

function clean(text: string): string {
  return blanks(text.replace(/["'\\]/g, '').replace(/[[\],]/g, ' '));
}

function pairs(keyword: string, text: string): string {
  if (text.split(/\s/, 1)[0]?.includes('=') === true) return text;
  return assignments(keyword, text, '\\').map(({ name, value }) => `${name}=${value ?? ''}`).join(' ');
}

/** More ports than this nobody lists: such a range is not written out. */
const MAX_RANGE = 1_000;

function samePorts(row: string, form: string): Likeness {
  const list = (text: string): string => [...new Set(text.toLowerCase().split(' ').flatMap(portsOf))].sort().join(' ');
  return agrees(list(row), list(form));
}

/** `8000-8002/udp` as its ports; of `80/tcp` the port alone, since that is what a port is without a protocol. */
function portsOf(port: string): readonly string[] {
  const [range = '', protocol = 'tcp'] = port.split('/');
  const [first = '', last = first] = range.split('-');
  const count = Number(last) - Number(first) + 1;
  const numbers = count > 1 && count <= MAX_RANGE ? Array.from({ length: count }, (_, index) => String(Number(first) + index)) : [range];
  return protocol === 'tcp' ? numbers : numbers.map((number) => `${number}/${protocol}`);
}

/** Builders write the struct of a health check: the command is in it, the options are in nanoseconds. */
function sameCheck(row: string, form: string): Likeness {
  const command = splitFlags(form).rest.replace(/^(?:CMD|NONE) ?/i, '');
  return plain('HEALTHCHECK', row).includes(command) ? 'same' : 'other';
}

/** Newer builders write a relative directory as an absolute one. */
function samePath(row: string, form: string): Likeness {
  const path = (text: string): string => text.trim().replace(/^\.\//, '').replace(/(?<=.)\/$/, '');
  const found = agrees(path(row), path(form));
  if (found !== 'other') return found;
  // a variable that is not set leaves nothing at the end: `/srv/${UNSET}`
  const isPossible = agrees(`${path(row)}/`, form) !== 'other' || (!form.startsWith('/') && agrees(path(row), `${ANYTHING}/${path(form)}`) !== 'other');
  return isPossible ? 'possible' : 'other';
}

/** The shell form is written with the shell before it. */
function sameCommand(row: string, form: string): Likeness {
  return row.endsWith(`-c ${form}`) || row.endsWith(`/C ${form}`) || row.endsWith(`/S /C ${form}`) ? 'same' : agrees(row, form);
}
