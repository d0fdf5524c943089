import { InputError } from '../errors.js';
import { expand, type Lookup } from './expand.js';
import type { Dockerfile, Instruction, Stage } from './instruction.js';
import { logicalLines, type LogicalLine } from './lines.js';
import { assignments, Scope } from './scope.js';
import { splitFlags, splitWords, unquote, type Escape } from './words.js';

export interface ParseOptions {
  /** Name or index of the stage that was built (`--target`); the last one where it is not given. */
  readonly target?: string | undefined;
  /** Build arguments that are known, by name: they win over the defaults of ARG. */
  readonly buildArgs?: Readonly<Record<string, string>> | undefined;
}

/** Instructions whose arguments the builder substitutes; in RUN, CMD, ENTRYPOINT and HEALTHCHECK that is the shell's work, so they stay as written. */
const SUBSTITUTED = new Set(['ADD', 'ARG', 'COPY', 'ENV', 'EXPOSE', 'FROM', 'LABEL', 'STOPSIGNAL', 'USER', 'VOLUME', 'WORKDIR']);
/** Those of a single plain value: `resolved` has it without its quotes. */
const UNQUOTED = new Set(['EXPOSE', 'FROM', 'STOPSIGNAL', 'USER', 'WORKDIR']);

/**
 * Reads a Dockerfile. Every stage's instructions begin with its FROM.
 * @param text the file's content, of any origin.
 * @throws InputError where it has no FROM, a heredoc without an end, a target that is none of its stages, or is past the limits of lines.ts.
 */
export function parseDockerfile(text: string, options: ParseOptions = {}): Dockerfile {
  const { lines, escape } = logicalLines(text);
  const reader = new StageReader(escape, new Map(Object.entries(options.buildArgs ?? {})));
  for (const line of lines) reader.take(line);
  const stages = reader.stages();
  if (stages.length === 0) throw new InputError('The Dockerfile has no FROM. Give the Dockerfile that the image was built from.');
  return { stages, globalArgs: reader.globalArgs, leading: leadingStages(stages, options.target) };
}

/** Takes instructions one by one; holds the stages so far and what is known of variables. */
class StageReader {
  readonly globalArgs: Instruction[] = [];
  private readonly open: { index: number; name: string; base: string; baseStage: number; instructions: Instruction[]; scope: Scope }[] = [];
  private readonly globals: Scope;
  private readonly escape: Escape;
  private readonly buildArgs: ReadonlyMap<string, string>;

  constructor(escape: Escape, buildArgs: ReadonlyMap<string, string>) {
    this.escape = escape;
    this.buildArgs = buildArgs;
    this.globals = new Scope(buildArgs);
  }

  take(line: LogicalLine): void {
    if (line.keyword === 'FROM') return this.from(line);
    const stage = this.open.at(-1);
    if (stage !== undefined) {
      stage.instructions.push(this.instruction(line, stage.scope, stage.index));
      this.define(line, stage.scope);
    } else if (line.keyword === 'ARG') {
      this.globalArgs.push(this.instruction(line, this.globals, -1));
      this.define(line, this.globals);
    } else {
      throw new InputError(`Dockerfile, line ${line.startLine}: ${line.keyword.slice(0, 40)} stands before the first FROM. Give the Dockerfile that the image was built from.`);
    }
  }

  stages(): readonly Stage[] {
    return this.open.map(({ index, name, base, baseStage, instructions }) => ({ index, name, base, baseStage, instructions }));
  }

  private from(line: LogicalLine): void {
    const index = this.open.length;
    const instruction = this.instruction(line, this.globals, index);
    const words = splitWords(splitFlags(instruction.resolved).rest, this.escape).map((word) => unquote(word, this.escape));
    const base = words[0] ?? '';
    const name = words[1]?.toLowerCase() === 'as' ? (words[2] ?? '') : '';
    const baseStage = this.open.findLastIndex((stage) => stage.name !== '' && stage.name.toLowerCase() === base.toLowerCase());
    const scope = this.open[baseStage]?.scope.child() ?? new Scope(this.buildArgs, this.globals);
    this.open.push({ index, name, base, baseStage, instructions: [instruction], scope });
  }

  private instruction(line: LogicalLine, scope: Scope, stage: number): Instruction {
    const { keyword, args, startLine, endLine } = line;
    return { keyword, args, resolved: this.resolve(keyword, args, (name) => scope.get(name)), startLine, endLine, stage };
  }

  private resolve(keyword: string, args: string, lookup: Lookup): string {
    if (!SUBSTITUTED.has(keyword)) return args;
    // The bodies of COPY's heredocs follow the first newline: their own quoting says whether they are substituted; nobody needs it here.
    const body = args.indexOf('\n');
    const head = body === -1 ? args : args.slice(0, body);
    const resolved = expand(head, lookup, this.escape);
    const plain = UNQUOTED.has(keyword) ? splitWords(resolved, this.escape).map((word) => unquote(word, this.escape)).join(' ') : resolved;
    return plain + args.slice(head.length);
  }

  private define({ keyword, args }: LogicalLine, scope: Scope): void {
    if (keyword !== 'ARG' && keyword !== 'ENV') return;
    const value = (text: string): string => unquote(expand(text, (name) => scope.get(name), this.escape), this.escape);
    const given = assignments(keyword, args, this.escape);
    if (keyword === 'ARG') {
      for (const { name, value: fallback } of given) scope.arg(name, fallback === undefined ? undefined : value(fallback));
      return;
    }
    // All values of one ENV see what was known before it.
    const values = given.map(({ name, value: text }) => [name, value(text ?? '')] as const);
    for (const [name, text] of values) scope.env(name, text);
  }
}

function leadingStages(stages: readonly Stage[], target: string | undefined): readonly Stage[] {
  let stage = target === undefined || target === '' ? stages.at(-1) : findStage(stages, target);
  if (stage === undefined) {
    const names = stages.map(({ name, index }) => (name === '' ? String(index) : name)).slice(0, 20).join(', ');
    throw new InputError(`The Dockerfile has no stage ${JSON.stringify(target)}. Its stages are: ${names}.`);
  }
  const leading: Stage[] = [];
  for (; stage !== undefined; stage = stages[stage.baseStage]) leading.unshift(stage);
  return leading;
}

function findStage(stages: readonly Stage[], target: string): Stage | undefined {
  const byName = stages.findLast(({ name }) => name.toLowerCase() === target.toLowerCase());
  return byName ?? (/^\d{1,5}$/.test(target) ? stages[Number(target)] : undefined);
}
