import { splitWords, unquote, type Escape } from './words.js';

/** Variables that are known at a point of a stage: ENV wins over ARG, a build argument over ARG's default. */
export class Scope {
  private readonly envs: Map<string, string>;
  private readonly args: Map<string, string>;
  private readonly buildArgs: ReadonlyMap<string, string>;
  private readonly globals: Scope | undefined;

  constructor(buildArgs: ReadonlyMap<string, string>, globals?: Scope, envs = new Map<string, string>(), args = new Map<string, string>()) {
    this.buildArgs = buildArgs;
    this.globals = globals;
    this.envs = envs;
    this.args = args;
  }

  get(name: string): string | undefined {
    return this.envs.get(name) ?? this.args.get(name);
  }

  env(name: string, value: string): void {
    this.envs.set(name, value);
  }

  /** `ARG name` without a default takes the value of the ARG before the first FROM, if there is one. */
  arg(name: string, fallback: string | undefined): void {
    const value = this.buildArgs.get(name) ?? fallback ?? this.globals?.get(name);
    if (value !== undefined) this.args.set(name, value);
  }

  /** For a stage that starts from this one's. */
  child(): Scope {
    return new Scope(this.buildArgs, this.globals, new Map(this.envs), new Map(this.args));
  }
}

/** `A=b C="d e"`, or the old `A b c` of ENV and LABEL; values as written. ARG may have no value. */
export function assignments(keyword: string, args: string, escape: Escape): readonly { readonly name: string; readonly value: string | undefined }[] {
  const words = splitWords(args, escape);
  const first = words[0] ?? '';
  if (keyword !== 'ARG' && !first.includes('=')) {
    return [{ name: unquote(first, escape), value: args.trimStart().slice(first.length).trim() }];
  }
  return words.map((word) => {
    const equals = word.indexOf('=');
    if (equals === -1) return { name: unquote(word, escape), value: undefined };
    return { name: unquote(word.slice(0, equals), escape), value: word.slice(equals + 1) };
  });
}
