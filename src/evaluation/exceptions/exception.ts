/** A finding that somebody accepted. Every field that is given has to match; lists match by any of their items. */
export interface Exception {
  /** For people: its id, or where it stands in its file. */
  readonly id: string;
  /** `.inline-scan.yaml, line 4`. */
  readonly source: string;
  readonly by: 'exception' | 'vex';
  /** Ids of vulnerabilities (in any of their names) or of triggers. */
  readonly ids?: readonly string[];
  /** Whether `*` stands for any run of characters in them, and `regexp:` for an expression; other people's formats mean what they write. */
  readonly wildcards?: boolean;
  /** Whether other names of a vulnerability count. */
  readonly aliases: boolean;
  readonly gate?: string;
  readonly trigger?: string;
  readonly policy?: string;
  readonly rule?: string;
  readonly package?: PackageSelector;
  /** Globs of paths in the image. */
  readonly paths?: readonly string[];
  /** Of image names, with or without tag; `*` stands for any run of characters. */
  readonly images?: readonly string[];
  /** VEX: what it is a statement about; one has to be there. */
  readonly products?: readonly Product[];
  readonly fixState?: 'fixed' | 'not-fixed' | 'wont-fix';
  /** Names of secret patterns or of licenses: what the message has to speak of. */
  readonly mentions?: readonly string[];
  readonly reason: string;
  /** RFC 3339 or a date; undefined where it does not expire. */
  readonly expires?: string;
  /** VEX: a later statement that the vulnerability does affect takes the exception back. */
  readonly revokes?: boolean;
}

/** What a VEX statement is about: an image, or a package in it, and optionally packages within. */
export interface Product {
  /** Package URL of an image (`pkg:oci/…`) or of a package; or an image's name. */
  readonly id: string;
  /** Package URLs. Empty: the statement is about whatever is in the product. */
  readonly subcomponents: readonly string[];
}

export interface PackageSelector {
  readonly names?: readonly string[];
  readonly types?: readonly string[];
  /** `>=1.2 <2 || 3.0`: in the order of the package's ecosystem. */
  readonly version?: string;
  readonly purls?: readonly string[];
  /** The source package's name. */
  readonly sources?: readonly string[];
}

/** What was read, and what of it could not be used and why. */
export interface Exceptions {
  readonly entries: readonly Exception[];
  readonly notices: readonly string[];
}

export const NO_EXCEPTIONS: Exceptions = { entries: [], notices: [] };
