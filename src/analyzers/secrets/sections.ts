/**
 * What `secret_search` writes. `regexp_matches.all` is the seed's: path → `{base64("NAME=regex"): [lines from 0]}`.
 * The other two are ours; a backend ignores outputs it does not know. The secret itself is in none of them.
 *
 * `hidden_regexp_matches.all`: path (as it was in its layer) → JSON list of HiddenSecret, for files that a later layer
 * deleted or replaced: whoever pulls the image can still read them.
 * `config_regexp_matches.all`: place in the config (`config:env:NAME`, `config:label:NAME`, `config:cmd`, `config:entrypoint`,
 * `config:healthcheck`, `config:onbuild:N`, `config:author`, `config:comment:N`, `config:history:N` for a RUN or a value that a later instruction replaced,
 * `config:arg:NAME` for a build argument) → JSON list of ConfigSecret.
 */

export interface HiddenSecret {
  readonly name: string;
  /** `NAME=regex`, as the key of the seed's output decodes. */
  readonly pattern: string;
  /** From 0. */
  readonly lines: readonly number[];
  /** Index of the layer that holds it, from 0. */
  readonly layer: number;
  /** Index of the layer that hid it. */
  readonly hiddenBy: number;
  /** The instruction that brought it, as history has it, secrets masked; or the empty string. */
  readonly instruction: string;
}

export interface ConfigSecret {
  readonly name: string;
  readonly pattern: string;
  /** Always `[0]`: a value has one line. */
  readonly lines: readonly number[];
  /** Index of the layer of the instruction, or -1 where it brought none. */
  readonly layer: number;
  /** Index in the config's history, or -1. */
  readonly history: number;
  /** The instruction, secrets masked; or the empty string. */
  readonly instruction: string;
}

/** The key of `regexp_matches.all`: without the line breaks that Python's `encodebytes` puts in, which no reader needs. */
export function patternKey(pattern: string): string {
  return Buffer.from(pattern, 'utf8').toString('base64');
}

/** The name in `NAME=regex`; the whole where there is none. */
export function patternName(pattern: string): string {
  const equals = pattern.indexOf('=');
  return equals < 0 ? pattern : pattern.slice(0, equals);
}
