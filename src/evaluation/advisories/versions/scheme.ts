/**
 * How one ecosystem writes and orders its versions. `parse` is as lenient as the ecosystem's own tool: it gives every text a place,
 * because the tool does. `reads` is the honest question, whether the text is a version at all: one that is not is matched by equality only.
 */
export interface VersionScheme<Parsed = unknown> {
  readonly name: string;
  parse(text: string): Parsed;
  /** Negative, zero or positive. */
  compare(a: Parsed, b: Parsed): number;
  reads(text: string): boolean;
}

/** Longest text that is taken for a version; real ones have at most some 100 characters, and a hostile one must not cost time. */
export const LONGEST_VERSION = 512;

/** Each scheme keeps what it read last: bounds of one record are mostly those of another, too, and a fix is looked for among all of them. */
const MOST_KNOWN = 4096;
/** A longer text may be a part of a much longer one, which would be kept with it. */
const LONGEST_KNOWN = 12;

/** A scheme with its type closed over, so that schemes of different kinds stand in one table. */
export interface AnyScheme {
  readonly name: string;
  compare(a: string, b: string): number;
  reads(text: string): boolean;
  /** For a version that is compared more than once. */
  place(text: string): Place;
}

/** A version in its scheme's order; what it takes to know that is found out once. */
export interface Place {
  readonly text: string;
  /** Whether its scheme reads it. */
  readonly isRead: boolean;
  /** Negative, zero or positive, as it is before, at or after another place of the same scheme. */
  to(other: Place): number;
}

export function closed<Parsed>(scheme: VersionScheme<Parsed>): AnyScheme {
  class Parsing implements Place {
    readonly text: string;
    private read: boolean | undefined = undefined;
    private value: Parsed | undefined = undefined;

    constructor(text: string) {
      this.text = text;
    }

    get isRead(): boolean {
      return (this.read ??= this.text.length <= LONGEST_VERSION && scheme.reads(this.text));
    }

    get parsed(): Parsed {
      return (this.value ??= scheme.parse(this.text.slice(0, LONGEST_VERSION)));
    }

    to(other: Place): number {
      return Math.sign(scheme.compare(this.parsed, (other instanceof Parsing ? other : new Parsing(other.text)).parsed));
    }
  }
  const known = new Map<string, Parsing>();
  const place = (text: string): Parsing => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const fresh = new Parsing(text);
    if (known.size >= MOST_KNOWN) known.clear();
    if (text.length <= LONGEST_KNOWN) known.set(text, fresh);
    return fresh;
  };
  return { name: scheme.name, place, compare: (a, b) => place(a).to(place(b)), reads: (text) => place(text).isRead };
}
