/** What kind of file the bytes are from: decides which rules look at them. */
export type Place =
  /** Variables for a process: `.env`, the image's ENV, shell profiles. Names say what the values are. */
  | 'environment'
  /** Settings: YAML, JSON, INI, properties, `/etc`. */
  | 'settings'
  /** Program text and everything else that somebody of this image's own wrote. */
  | 'source'
  /** Program text from a registry or a distribution (node_modules, site-packages, /usr/lib …): tokens only, no names of variables. */
  | 'vendored';

/** Bytes around a hit, as Latin-1 text: one character a byte. */
export interface Window {
  readonly text: string;
  /** Index in `text` of the literal's first character. */
  readonly at: number;
  /** Index behind the literal. */
  readonly end: number;
  readonly place: Place;
  /** Absolute path; empty for what is no file. */
  readonly path: string;
  /** Known examples count too: where somebody masks, or where a value is certainly in use. */
  readonly strict: boolean;
}

/** Where the secret lies in a window, and, where one rule has several, the text of its pattern. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly pattern?: string;
}

export interface SecretRule {
  /** What policies name it by. */
  readonly name: string;
  readonly title: string;
  /** The regular expression that the report's key states (Python's syntax, from the line's start). */
  readonly regex: string;
  /** ASCII, lower case, three bytes at least: one of these is in every match. */
  readonly literals: readonly string[];
  /** Bytes of the window before the literal and behind its start; both bound the work a hit can cost. */
  readonly before: number;
  readonly behind: number;
  /** Among overlapping matches the highest wins: the seed's names 3, formats of their own 2, names of variables 1. */
  readonly rank: 1 | 2 | 3;
  /** Not asked in vendored text. */
  readonly ownTextOnly: boolean;
  /** Asked of the raw bytes first, where windows are long and hits are many: literal at `at`, ending before `end`. */
  readonly precheck?: (bytes: Buffer, at: number, end: number) => boolean;
  find(window: Window): Span | undefined;
}

/** `NAME=regex`: what the report's keys are the base64 of. */
export function patternOf(rule: SecretRule): string {
  return `${rule.name}=${rule.regex}`;
}
