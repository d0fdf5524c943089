/**
 * What a row of an image's history says: `created_by` as each builder writes it.
 * Sources: moby `builder/dockerfile` (the classic builder), moby/buildkit `frontend/dockerfile/dockerfile2llb`, containers/buildah
 * `add.go`, kaniko, jib, ko, bazel rules_oci; and histories of images built for test/fixtures/dockerfile.
 */
export interface HistoryInstruction {
  /** Upper case; the empty string where the row tells no instruction (`Imported from -`, jib, ko, bazel …). */
  readonly keyword: string;
  /** As a Dockerfile would have it: without the shell, build arguments and the builder's mark. */
  readonly args: string;
  /** `NAME=value` of the build arguments that a RUN saw. They may hold secrets. */
  readonly buildArgs: readonly string[];
  readonly builder: 'classic' | 'buildkit' | 'other';
}

const KEYWORDS = new Set(['ADD', 'ARG', 'CMD', 'COPY', 'ENTRYPOINT', 'ENV', 'EXPOSE', 'FROM', 'HEALTHCHECK', 'LABEL', 'MAINTAINER', 'ONBUILD', 'RUN', 'SHELL', 'STOPSIGNAL', 'USER', 'VOLUME', 'WORKDIR']);
/** A shell's name and its options up to the one that takes the command: `/bin/sh -c `, `/bin/bash -o pipefail -c `, `cmd /S /C `, `powershell -Command `. */
const SHELL = /^(?:(?:\/[\w./+-]{1,200}\/)?(?:sh|ash|bash|dash|ksh|zsh|busybox)(?: +(?:--?\w{1,20}|pipefail|errexit|nounset|sh)){0,12}? +-[a-zA-Z]{0,8}c|(?:\S{1,200}\\)?cmd(?:\.exe)?(?: +\/[A-Za-z]){0,4}? +\/[Cc]|(?:\S{1,200}[\\/])?(?:powershell|pwsh)(?:\.exe)?(?: +-\w{1,30}(?: +Bypass| +Unrestricted)?){0,6}? +-[Cc]ommand) +/;
const NOP = '#(nop) ';
/** The mark stands right after the shell; further in it is part of a command. */
const NOP_WITHIN = 200;
const MARK = / # buildkit\s*$/;
const MARK_COMMENT = /^buildkit\./;

/**
 * @param createdBy history's `created_by`, as written, of any origin.
 * @param comment history's `comment`: BuildKit signs there.
 */
export function parseHistory(createdBy: string, comment = ''): HistoryInstruction {
  const text = createdBy.trim();
  const nop = text.slice(0, NOP_WITHIN).indexOf(NOP);
  if (nop !== -1 && isShellAlone(text.slice(0, nop))) return classic(text.slice(nop + NOP.length).trim());
  const [, word = '', rest = ''] = /^(\S+)\s*([^]*)$/.exec(text) ?? [];
  if (KEYWORDS.has(word)) return named(word, rest, comment);
  if (/^\|\d+ /.test(text)) return { ...run(text), builder: 'classic' };
  const shell = SHELL.exec(text);
  if (shell !== null) return { keyword: 'RUN', args: text.slice(shell[0].length).trim(), buildArgs: [], builder: MARK.test(text) ? 'buildkit' : 'classic' };
  // RUN in exec form, as the classic builder writes it; or whatever another tool wrote.
  if (text.startsWith('/')) return { keyword: 'RUN', args: text, buildArgs: [], builder: 'classic' };
  return { keyword: '', args: text, buildArgs: [], builder: 'other' };
}

/** A command without the shell that it is given to. */
export function withoutShell(text: string): string {
  return text.replace(SHELL, '').trim();
}

/** Whether nothing but a shell stands there, or what Windows images put at the head of every command. */
function isShellAlone(text: string): boolean {
  const command = withoutShell(text);
  return command === '' || /^\$(?:ErrorActionPreference|ProgressPreference)\b[^#]*;$/i.test(command);
}

/** After `#(nop)`. */
function classic(text: string): HistoryInstruction {
  // Buildah writes the keyword as the Dockerfile has it.
  const [, word = '', args = ''] = /^(\S+)\s*([^]*)$/.exec(text) ?? [];
  const keyword = word.toUpperCase();
  if (!KEYWORDS.has(keyword)) return { keyword: '', args: text, buildArgs: [], builder: 'classic' };
  return { keyword, args: tidy(keyword, args), buildArgs: [], builder: 'classic' };
}

/** Rows that begin with the keyword: BuildKit's, kaniko's, and buildah's newer ones. */
function named(keyword: string, rest: string, comment: string): HistoryInstruction {
  const marked = MARK.test(rest);
  const args = rest.replace(MARK, '').trim();
  // BuildKit marks what makes layers; the rest it only signs in the comment, which not every reader has.
  const buildkit = marked || MARK_COMMENT.test(comment) || (comment === '' && keyword !== 'RUN' && keyword !== 'COPY' && keyword !== 'ADD');
  const builder = buildkit ? 'buildkit' : 'other';
  if (keyword === 'RUN') return { ...run(args), builder };
  return { keyword, args: tidy(keyword, args), buildArgs: [], builder };
}

/** `|2 A=b C=d /bin/sh -c command`: how many build arguments, they, the shell, the command. */
function run(text: string): Omit<HistoryInstruction, 'builder'> {
  const { buildArgs, command } = takeBuildArgs(text);
  return { keyword: 'RUN', args: withoutShell(command), buildArgs };
}

const ASSIGNMENT = /^[A-Za-z_][A-Za-z0-9_.-]*=/;

/** Values are not quoted there: one ends where the next name begins, the last one at the shell or else at its first blank. */
function takeBuildArgs(text: string): { buildArgs: readonly string[]; command: string } {
  const counted = /^\|(\d{1,4}) /.exec(text);
  if (counted === null) return { buildArgs: [], command: text };
  const count = Number(counted[1]);
  const words = text.slice(counted[0].length).split(' ');
  const found: string[] = [];
  let at = 0;
  for (; at < words.length; at++) {
    const word = words[at] ?? '';
    if (ASSIGNMENT.test(word) && found.length < count) found.push(word);
    // buildah counts arguments without a value, and leaves them out
    else if (found.length === 0 || found.length === count || isShellAt(words, at)) break;
    else found[found.length - 1] += ` ${word}`;
  }
  const shellAt = wordOfShell(words, at);
  if (shellAt > at && found.length > 0) {
    found[found.length - 1] += ` ${words.slice(at, shellAt).join(' ')}`;
    at = shellAt;
  }
  return { buildArgs: found, command: words.slice(at).join(' ') };
}

/** How many words a build argument's value may have before its shell: keeps a hostile row linear. */
const MAX_VALUE_WORDS = 64;

function wordOfShell(words: readonly string[], from: number): number {
  for (let at = from; at < Math.min(words.length, from + MAX_VALUE_WORDS); at++) {
    if (isShellAt(words, at)) return at;
  }
  return from;
}

function isShellAt(words: readonly string[], at: number): boolean {
  return /(?:sh|busybox|cmd|cmd\.exe|powershell\.exe)$/i.test(words[at] ?? '') && SHELL.test(words.slice(at, at + 14).join(' ') + ' ');
}

/** Undoes what builders do to arguments: Go's maps and slices, and the blank that the classic builder leaves out after `--chown=x`. */
function tidy(keyword: string, args: string): string {
  if (keyword === 'EXPOSE') return ports(args);
  if (keyword === 'COPY' || keyword === 'ADD') return args.replace(/^(--\S*?)((?:(?:file|dir|multi):)?[0-9a-f]{64}(?:\s|$))/, '$1 $2');
  return args;
}

/** `map[8080/tcp:{} 53/udp:{}]` and `[8080/tcp]`, as ports beside each other. */
function ports(args: string): string {
  const listed = /^(?:map)?\[([^\]]*)\]$/.exec(args)?.[1];
  return listed === undefined ? args : listed.split(' ').filter((port) => port !== '').map((port) => port.replace(/:\{\}$/, '')).join(' ');
}
