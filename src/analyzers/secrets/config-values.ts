import type { ImageConfig } from '../../image/config.js';

/** A value of the image's config that may hold a secret. */
export interface ConfigValue {
  /** `config:env:NAME` …: see sections.ts. */
  readonly place: string;
  /** What is searched: `NAME=value`, a command, an instruction. */
  readonly text: string;
  /** Index in history, or -1. */
  readonly history: number;
}

/** Everything of a config that a person may have put a secret in: its settings first, then what history alone remembers. */
export function configValues(config: ImageConfig): readonly ConfigValue[] {
  return [
    ...config.env.map((variable) => value(`config:env:${nameOf(variable)}`, variable)),
    ...Object.entries(config.labels).map(([name, text]) => value(`config:label:${name}`, `${name}=${text}`)),
    value('config:cmd', config.cmd.join(' ')),
    value('config:entrypoint', config.entrypoint.join(' ')),
    value('config:healthcheck', (config.healthcheck?.test ?? []).join(' ')),
    ...config.onBuild.map((text, index) => value(`config:onbuild:${index}`, text)),
    value('config:author', config.author),
    ...config.history.flatMap((row, index) => [
      ...buildArguments(row.createdBy).map((argument) => value(`config:arg:${nameOf(argument)}`, argument, index)),
      value(`config:history:${index}`, withoutBuildArguments(row.createdBy), index),
      value(`config:comment:${index}`, row.comment, index),
    ]),
  ].filter(({ text }) => text !== '');
}

function value(place: string, text: string, history = -1): ConfigValue {
  return { place, text, history };
}

function nameOf(variable: string): string {
  const equals = variable.indexOf('=');
  return equals < 0 ? variable : variable.slice(0, equals);
}

/**
 * The build arguments of a RUN as Docker writes them before the shell: `|2 TOKEN=x URL=y /bin/sh -c …` (and `RUN |1 …` with BuildKit).
 * Values may hold spaces, and nothing quotes them: an argument ends where the next name, or the shell, begins.
 */
export function buildArguments(createdBy: string): readonly string[] {
  const block = argumentBlock(createdBy);
  if (block === undefined) return [];
  const starts = [...block.text.matchAll(/(?:^| )(?=[A-Za-z_][A-Za-z0-9_]{0,200}=)/g)].map((match) => match.index + match[0].length);
  // fewer names than arguments: one is unset. More: a value holds something like a name; the last takes the rest
  const first = starts.slice(0, block.count);
  return first.map((start, index) => block.text.slice(start, first[index + 1] ?? block.text.length).trim());
}

/** The instruction without that block. */
export function withoutBuildArguments(createdBy: string): string {
  const block = argumentBlock(createdBy);
  return block === undefined ? createdBy : `${createdBy.startsWith('RUN ') ? 'RUN ' : ''}${createdBy.slice(block.end)}`;
}

function argumentBlock(createdBy: string): { readonly count: number; readonly text: string; readonly end: number } | undefined {
  const head = /^(?:RUN )?\|(\d{1,4}) /.exec(createdBy);
  if (head === null) return undefined;
  const shell = createdBy.slice(head[0].length).search(/(?:^| )(?:\/[\w./-]{1,100} -[a-z]*c |\/bin\/(?:ba|a|da|z)?sh )/);
  const end = shell < 0 ? createdBy.length : head[0].length + shell;
  return { count: Number(head[1]), text: createdBy.slice(head[0].length, end), end: Math.min(createdBy.length, end + (createdBy.charAt(end) === ' ' ? 1 : 0)) };
}
