/**
 * A program known by its file's name and by a version that stands in its bytes.
 * The names, strings and CPEs are facts about these programs, collected from their sources and from
 * anchore/syft's classifiers (syft/pkg/cataloger/binary, Apache-2.0).
 */
export interface Classifier {
  /** The package's name, and the last part of its package URL. */
  readonly product: string;
  /** Type and namespace of the package URL: `generic`, `generic/oracle`, `golang/helm.sh`. */
  readonly purl: string;
  /** `part:vendor:product` of the CPEs by which NVD knows it. */
  readonly cpes: readonly string[];
  /** The file's base name: exactly, or a pattern. */
  readonly file: string | RegExp;
  /** What the whole path must match as well. */
  readonly path?: RegExp;
  /** In order of trust: the first that is found anywhere in the file gives the version. */
  readonly versions: readonly VersionPattern[];
  /** Bytes without which the file is something else. */
  readonly requires?: string;
}

/** A version in its surroundings. Bytes are characters of Latin 1 here. */
export interface VersionPattern {
  /** Stands in every match, and is searched for first, at the speed of memory; empty: the expression is tried everywhere. */
  readonly literal: string;
  /** Has the group `version`. Must be linear: no repetition within a repetition, no long run of what may also come before. */
  readonly expression: RegExp;
  /** Bytes before the literal that the expression may need. */
  readonly before: number;
  /** Bytes from the start of the literal on that the expression may need. */
  readonly after: number;
}

/** The widest window around a literal: envoy's version stands a kilobyte away from its name. */
export const WIDEST = 1200;

/** A version beside a text that every such program holds. `window`: bytes before the text and from its start on; 64 and 160 are enough for nearly all. */
export function near(literal: string, expression: RegExp, window: { readonly before?: number; readonly after?: number } = {}): VersionPattern {
  return { literal, expression, before: window.before ?? 64, after: window.after ?? 160 };
}

/** An expression without a literal, tried on every byte: for programs whose version stands alone. */
export function anywhere(expression: RegExp): VersionPattern {
  return { literal: '', expression: new RegExp(expression.source, `${expression.flags.replace('g', '')}g`), before: 64, after: 160 };
}
