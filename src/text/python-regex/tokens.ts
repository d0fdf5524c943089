/** What a regular expression in Python's syntax is made of. Source: docs.python.org/3/library/re.html. */

export type RegexToken =
  | { readonly kind: 'literal'; readonly value: string }
  /** `.` */
  | { readonly kind: 'any' }
  | CharacterSet
  | { readonly kind: 'place'; readonly place: Place }
  | { readonly kind: 'reference'; readonly group: string }
  | Opening
  | { readonly kind: 'close' }
  | { readonly kind: 'or' }
  | { readonly kind: 'repeat'; readonly minimum: number; /** Infinity where it has no end. */ readonly maximum: number; readonly lazy: boolean };

/** `^`, `$`, `\A`, `\Z`, `\b`, `\B`. */
export type Place = '^' | '$' | 'A' | 'Z' | 'b' | 'B';

/** `[…]`, or one of `\d \s \w` and their opposites by itself. */
export interface CharacterSet {
  readonly kind: 'set';
  readonly negated: boolean;
  readonly members: readonly SetMember[];
}

export type Category = 'd' | 'D' | 's' | 'S' | 'w' | 'W';
/** Code points, both included; or a category. */
export type SetMember = { readonly first: number; readonly last: number } | { readonly category: Category };

export interface Opening {
  readonly kind: 'open';
  /** What follows the question mark: nothing for a plain group. */
  readonly look?: '=' | '!' | '<=' | '<!';
  /** The name of a group; the empty string for one that has a number alone; undefined where nothing is captured. */
  readonly name?: string;
  /** `i-s` of `(?i-s:…)`. */
  readonly flags?: string;
}

export interface PythonRegex {
  /** Letters of leading `(?ims)`; `x` has been undone. */
  readonly flags: string;
  /** With `(?a)`: `\w`, `\d`, `\s` are those of ASCII. */
  readonly ascii: boolean;
  readonly tokens: readonly RegexToken[];
}

/** Whether there is lookaround or a reference to a group: what a linear-time engine cannot run. */
export function backtracks({ tokens }: PythonRegex): boolean {
  return tokens.some((token) => token.kind === 'reference' || (token.kind === 'open' && token.look !== undefined));
}
