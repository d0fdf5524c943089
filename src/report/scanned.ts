import type { HistoryRow, Healthcheck } from '../image/config.js';
import type { Problem } from '../image/layer.js';
import type { AnalysisReport } from './document.js';

/** Of regular files, by absolute path: lower-case hex, as the report has it. */
export interface Digests {
  get(path: string): string | undefined;
}

/**
 * What phase 2 knows of an image: a report, parsed once (report/read.ts). Also foreign reports of the seed's shape are read;
 * what only ours say is then `null` or empty, and said so in the field.
 */
export interface ScannedImage {
  /** 64 hex digits. */
  readonly id: string;
  /** `sha256:…`, or the empty string where the report has none. */
  readonly digest: string;
  /** The full tag: `docker.io/a/b:c`. */
  readonly name: string;
  readonly repoTags: readonly string[];
  readonly distro: { readonly id: string; readonly version: string; readonly like: readonly string[] };
  readonly architecture: string;
  readonly os: string;
  /** RFC 3339, or the empty string. */
  readonly created: string;
  readonly sizeBytes: number;
  /** The image's own config; null in a foreign report, whose history is then all there is. */
  readonly config: ScannedConfig | null;
  readonly history: readonly HistoryRow[];
  /** Layers and empty history rows in order, base first; empty in a foreign report. */
  readonly layers: readonly ScannedLayer[];
  readonly dockerfile: { readonly mode: 'Actual' | 'Guessed' | 'Unknown'; readonly contents: string };
  /** By absolute path. */
  readonly files: ReadonlyMap<string, ScannedFile>;
  readonly digests: { readonly md5: Digests; readonly sha1: Digests; readonly sha256: Digests };
  /** Path → octal, as `files.suids` has it. */
  readonly suids: ReadonlyMap<string, string>;
  readonly packages: readonly ScannedPackage[];
  /** `distro.pkgfilemeta`: path → records. */
  readonly verification: ReadonlyMap<string, readonly VerificationRecord[]>;
  /** Path → content of the files that were retrieved. */
  readonly retrieved: ReadonlyMap<string, Buffer>;
  readonly secrets: readonly PatternHit[];
  /** Secrets in files that a later layer deleted or replaced: ours. */
  readonly hiddenSecrets: readonly PatternHit[];
  /** Secrets in the config (ENV, LABEL, history, build arguments): ours; the path is `config:env:NAME` and the like. */
  readonly configSecrets: readonly PatternHit[];
  readonly contents: readonly PatternHit[];
  /** By scanner name; null where no scanner ran. */
  readonly malware: readonly { readonly scanner: string; readonly path: string; readonly signature: string }[] | null;
  readonly problems: readonly Problem[];
  /** Index of the layer that brought a path, as it is visible; undefined where the report does not say. */
  layerOf(path: string): number | undefined;
  /** The whole `analysis_report`, for the sections that only one rule reads. */
  readonly sections: AnalysisReport;
}

export interface ScannedConfig {
  readonly user: string;
  readonly exposedPorts: readonly string[];
  readonly env: readonly string[];
  readonly cmd: readonly string[];
  readonly entrypoint: readonly string[];
  readonly volumes: readonly string[];
  readonly workingDir: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly onBuild: readonly string[];
  readonly stopSignal: string;
  readonly healthcheck: Healthcheck | null;
}

/** A row of history, with the layer it brought unless it is empty. */
export interface ScannedLayer {
  /** Of the layers alone, from 0; -1 for an empty one. */
  readonly index: number;
  readonly diffId: string;
  readonly sizeBytes: number;
  /** History's `created_by` as written. */
  readonly createdBy: string;
  readonly emptyLayer: boolean;
}

export interface ScannedFile {
  readonly path: string;
  readonly size: number;
  /** With file-type bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly type: string;
  readonly linkTarget: string;
}

export interface ScannedPackage {
  /** As in analyzers/package.ts; foreign reports: by section. */
  readonly type: string;
  /** `os` for operating systems' packages. */
  readonly kind: 'os' | 'non-os';
  readonly name: string;
  /** Whole version, epoch and release included. */
  readonly version: string;
  /** Without the release where the seed splits it (rpm, apk). */
  readonly upstreamVersion: string;
  readonly architecture: string;
  readonly purl: string;
  /** Absolute path; empty for an operating system's package in a foreign report. */
  readonly path: string;
  /** Index of the layer that brought it, or -1. */
  readonly layer: number;
  readonly licenses: readonly string[];
  readonly source: { readonly name: string; readonly version: string };
  /** Names of packages that it says it needs. */
  readonly dependencies: readonly string[];
  /** Name of the operating system's package that owns `path`; such a package is matched by that one's advisories only. */
  readonly ownedBy: string;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface VerificationRecord {
  readonly package: string;
  readonly digest: string | null;
  readonly digestalgo: string | null;
  readonly mode: string | null;
  readonly size: string | null;
  readonly user: string | null;
  readonly group: string | null;
  readonly conffile: boolean;
}

export interface PatternHit {
  readonly path: string;
  /** The pattern's name. */
  readonly name: string;
  /** `NAME=regex`, as the key decodes. */
  readonly pattern: string;
  /** From 0, as the report has them. */
  readonly lines: readonly number[];
  /** Layer of the hit, or -1. */
  readonly layer: number;
}
