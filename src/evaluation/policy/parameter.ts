import { didYouMean } from '../../text/suggest.js';
import { compilePattern, type Pattern } from './regex.js';

/**
 * A trigger's parameter, described once: what is valid, what the documentation says and what an editor's schema allows all
 * come from here. In a bundle every value is a string; `read` turns it into what the trigger works with.
 */
export interface Parameter<Value = unknown> {
  readonly description: string;
  readonly example: string;
  readonly required: boolean;
  /** As a bundle would write it; for the documentation, and used where the parameter is not given. */
  readonly default?: string;
  /** Other names that are understood: those of older and newer releases. */
  readonly aliases: readonly string[];
  /** For people: `comma-separated list`. */
  readonly type: string;
  /** The values allowed, where they can be listed. */
  readonly oneOf?: readonly string[];
  /** Other spellings of them that are understood. */
  readonly synonyms?: Readonly<Record<string, string>>;
  /** A regular expression of the values allowed, for the schema. */
  readonly pattern?: string;
  /** Ours alone: other engines do not know it. */
  readonly extension: boolean;
  /** Throws an Error of one sentence for a value that is none. */
  read(text: string): Value;
}

export type Parameters = Readonly<Record<string, Parameter>>;
/** What a trigger gets: by name, undefined where not given and without default. */
export type Values<Definitions extends Parameters> = {
  readonly [Name in keyof Definitions]: Definitions[Name] extends Parameter<infer Value> ? Value : never;
};

interface Optional {
  readonly description: string;
  readonly example: string;
  readonly default?: string;
  readonly aliases?: readonly string[];
  readonly extension?: boolean;
}

/** What sets the kinds of parameters apart; `define` adds the rest. */
interface Kind<Value> {
  readonly type: string;
  readonly oneOf?: readonly string[];
  readonly synonyms?: Readonly<Record<string, string>>;
  readonly pattern?: string;
  read(text: string): Value;
}

function define<Value>(kind: Kind<Value>, required: boolean, about: Optional): Parameter<Value> {
  return { aliases: [], extension: false, ...about, ...kind, required };
}

/** Any text. */
export const STRING: Kind<string> = { type: 'string', read: (text) => text };

/** Items separated by commas, trimmed. None is empty: an empty text is a part of every name, and an empty user is root. */
export const LIST: Kind<readonly string[]> = {
  type: 'comma-separated list',
  pattern: '^\\s*[^,\\s][^,]*(,\\s*[^,\\s][^,]*)*$',
  read: (text) => {
    const items = text.split(',').map((item) => item.trim());
    if (items.includes('')) throw new Error(text.trim() === '' ? 'the list is empty' : `${quote(text)} has an empty item: write a,b`);
    return items;
  },
};

export const INTEGERS: Kind<readonly number[]> = {
  type: 'comma-separated list of integers',
  pattern: '^\\s*\\d+\\s*(,\\s*\\d+\\s*)*$',
  read: (text) => text.split(',').map(readInteger),
};

export const INTEGER: Kind<number> = { type: 'integer', pattern: '^\\s*\\d+\\s*$', read: readInteger };

export const FLOAT: Kind<number> = {
  type: 'number',
  pattern: '^\\s*-?(\\d+\\.?\\d*|\\.\\d+)\\s*$',
  read: (text) => {
    if (!/^\s*-?(?:\d+\.?\d*|\.\d+)\s*$/.test(text)) throw new Error(`${quote(text)} is no number such as 7.5`);
    return Number(text);
  },
};

export const BOOLEAN: Kind<boolean> = {
  type: 'true or false',
  pattern: '^\\s*([Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])\\s*$',
  read: (text) => {
    const word = text.trim().toLowerCase();
    if (word !== 'true' && word !== 'false') throw new Error(`${quote(text)} is neither true nor false`);
    return word === 'true';
  },
};

/** Permission bits, in octal: `00644`. */
export const OCTAL: Kind<number> = {
  type: 'octal mode',
  pattern: '^(0o)?[0-7]{1,7}$',
  read: (text) => {
    if (!/^(?:0o)?[0-7]{1,7}$/.test(text)) throw new Error(`${quote(text)} is no octal mode such as 00644`);
    return parseInt(text.replace('0o', ''), 8);
  },
};

export const REGEX: Kind<Pattern> = {
  type: "regular expression (Python's, matched from the start)",
  read: (text) => {
    try {
      return compilePattern(text);
    } catch (error) {
      throw new Error(`${quote(text)} is no regular expression: ${(error as Error).message}`, { cause: error });
    }
  },
};

/** One of a few words. `synonyms` are other spellings of them. */
export function oneOf<const Word extends string>(words: readonly Word[], synonyms: Readonly<Record<string, Word>> = {}): Kind<Word> {
  return {
    type: 'one of',
    oneOf: words,
    synonyms,
    read: (text) => {
      const word = (Object.hasOwn(synonyms, text) ? synonyms[text] : text) as Word;
      if (!words.includes(word)) throw new Error(`${quote(text)} is none of ${words.join(', ')}`);
      return word;
    },
  };
}

/** Both vocabularies: `whitelist` and `blacklist` (Anchore Engine), `allowlist` and `denylist` (Anchore Enterprise). */
export const LIST_TYPE = oneOf(['whitelist', 'blacklist'], { allowlist: 'whitelist', denylist: 'blacklist' });

export const COMPARISONS = ['=', '!=', '<', '>', '<=', '>='] as const;
export type Comparison = (typeof COMPARISONS)[number];

export function required<Value>(kind: Kind<Value>, about: Omit<Optional, 'default'>): Parameter<Value> {
  return define(kind, true, about);
}

export function optional<Value>(kind: Kind<Value>, about: Omit<Optional, 'default'>): Parameter<Value | undefined> {
  return define<Value | undefined>(kind, false, about);
}

export function defaulted<Value>(kind: Kind<Value>, value: string, about: Omit<Optional, 'default'>): Parameter<Value> {
  return define(kind, false, { ...about, default: value });
}

/** Compares two numbers as a parameter says. */
export function compare(comparison: Comparison, left: number, right: number): boolean {
  switch (comparison) {
    case '=': return left === right;
    case '!=': return left !== right;
    case '<': return left < right;
    case '>': return left > right;
    case '<=': return left <= right;
    case '>=': return left >= right;
  }
}

function readInteger(text: string): number {
  if (!/^\s*\d{1,15}\s*$/.test(text)) throw new Error(`${quote(text)} is no integer`);
  return Number(text);
}

function quote(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
}

/** What is wrong with the parameters of a rule, in a sentence. */
export class ParameterError extends Error {
  /** Which of those given it is about, from 0; -1 for one that is not given. */
  readonly index: number;

  constructor(message: string, index: number, options?: ErrorOptions) {
    super(message, options);
    this.index = index;
  }
}

/**
 * Reads what a rule gives. Throws a ParameterError that says what is wrong and what is allowed.
 * Names are in whatever case; null counts as not given, the empty string does not.
 */
export function readParameters(definitions: Parameters, given: readonly { readonly name: string; readonly value: string | null }[]): Readonly<Record<string, unknown>> {
  const places = placesOf(definitions, given);
  const values: Record<string, unknown> = {};
  for (const [name, definition] of Object.entries(definitions)) {
    const index = places.get(name) ?? -1;
    const text = given[index]?.value ?? definition.default;
    if (text === undefined && definition.required) throw new ParameterError(`the parameter ${quote(name)} is missing: ${definition.description}`, -1);
    try {
      values[name] = text === undefined ? undefined : definition.read(text);
    } catch (error) {
      throw new ParameterError(`the parameter ${quote(name)} cannot be read: ${(error as Error).message}`, index, { cause: error });
    }
  }
  return values;
}

/** By the name of a parameter, which of those given it is. */
function placesOf(definitions: Parameters, given: readonly { readonly name: string; readonly value: string | null }[]): ReadonlyMap<string, number> {
  const names = new Map(Object.entries(definitions).flatMap(([name, { aliases }]) => [name, ...aliases].map((known) => [known, name] as const)));
  const places = new Map<string, number>();
  given.forEach(({ name: written, value }, index) => {
    const name = names.get(written.toLowerCase());
    if (name === undefined) {
      const allowed = Object.keys(definitions);
      throw new ParameterError(`the parameter ${quote(written)} is not known${didYouMean(written, allowed)}; allowed: ${allowed.join(', ') || 'none'}`, index);
    }
    if (value === null) return;
    if (places.has(name)) throw new ParameterError(`the parameter ${quote(name)} is given twice`, index);
    places.set(name, index);
  });
  return places;
}
