/** The kinds of packages; `dpkg`, `rpm` and `apk` … are operating systems', the others are languages' and applications'. */
export const OS_PACKAGE_TYPES = ['dpkg', 'rpm', 'apk', 'pacman', 'portage', 'opkg'] as const;
type OtherPackageType =
  | 'npm' | 'python' | 'conda' | 'gem' | 'java' | 'go' | 'rust' | 'php' | 'pear' | 'dotnet' | 'r' | 'perl' | 'hex' | 'dart' | 'swift' | 'cocoapods'
  | 'conan' | 'haskell' | 'lua' | 'wordpress' | 'binary' | 'linux-kernel' | 'linux-kernel-module' | 'jetbrains' | 'vscode' | 'bitnami' | 'sbom';

export type OsPackageType = (typeof OS_PACKAGE_TYPES)[number];
export type PackageType = OsPackageType | OtherPackageType;

/** What a package database says of one of a package's files; null where it does not say (analysis-report: distro.pkgfilemeta). */
export interface PackageFile {
  readonly path: string;
  readonly digest: string | null;
  readonly digestAlgorithm: 'md5' | 'sha1' | 'sha224' | 'sha256' | 'sha384' | 'sha512' | null;
  /** Python octal as the seed writes it, or null. */
  readonly mode: string | null;
  readonly user: string | null;
  readonly group: string | null;
  readonly size: number | null;
  readonly conffile: boolean;
}

/**
 * A package as one file of the image states it. Every field is always there; the empty string or list means "not said".
 */
export interface InstalledPackage {
  readonly type: PackageType;
  readonly name: string;
  /** As the ecosystem writes it, epoch and release included: `1:2.3-4`, `5.2.15-r5`, `2.25.0`. May be empty where a file names no version. */
  readonly version: string;
  /** Package URL, without version-less tricks: packageurl-js made it. */
  readonly purl: string;
  /** Absolute path of the file that states it; an archive within another as `outer.war:WEB-INF/lib/inner.jar`. */
  readonly location: string;
  /** Index of the layer that brought `location`; for databases of many packages the first layer in which this package, at this version, was listed. */
  readonly layer: number;
  readonly licenses: readonly string[];
  /** Author, maintainer or vendor. */
  readonly origin: string;
  readonly architecture: string;
  /** The source (origin) package and its own version, for operating systems; both empty where there is none. */
  readonly source: { readonly name: string; readonly version: string };
  /** Installed bytes as the database says, or null. */
  readonly size: number | null;
  /** Absolute paths of the files it owns. */
  readonly files: readonly string[];
  /** Names of packages that it says it needs. */
  readonly dependencies: readonly string[];
  /** What else the format says and a reader may want (`homepage`, `sourceUrl`, `groupId` …): strings only. */
  readonly metadata: Readonly<Record<string, string>>;
  /** File records for verification; operating systems only. */
  readonly verification: readonly PackageFile[];
}
