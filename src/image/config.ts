/**
 * The image's config, as far as the scan uses it.
 * Source: OCI image specification 1.1, config.md; Docker image specification 1.2 (Healthcheck, history).
 */

export interface HistoryRow {
  /** RFC 3339, or the empty string. */
  readonly created: string;
  readonly createdBy: string;
  readonly comment: string;
  /** True where the instruction brought no layer. */
  readonly emptyLayer: boolean;
}

export interface Healthcheck {
  /** `['NONE']` switches an inherited one off. */
  readonly test: readonly string[];
}

export interface ImageConfig {
  /** 64 hex digits: sha256 of the config's bytes. */
  readonly imageId: string;
  /** Bytes of the config's JSON. */
  readonly sizeBytes: number;
  readonly architecture: string;
  readonly variant: string;
  readonly os: string;
  /** RFC 3339, or the empty string. */
  readonly created: string;
  readonly author: string;
  /** As written: `name`, `uid`, `name:group` …; the empty string is root. */
  readonly user: string;
  /** `8080/tcp` …, as written. */
  readonly exposedPorts: readonly string[];
  /** `NAME=value`. */
  readonly env: readonly string[];
  readonly cmd: readonly string[];
  readonly entrypoint: readonly string[];
  readonly shell: readonly string[];
  readonly onBuild: readonly string[];
  readonly volumes: readonly string[];
  readonly workingDir: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly stopSignal: string;
  readonly healthcheck?: Healthcheck;
  /** `sha256:…` of each layer's uncompressed tar, base first. */
  readonly diffIds: readonly string[];
  readonly history: readonly HistoryRow[];
  /** The config as it stands in the archive, for those who want the rest. */
  readonly raw: Readonly<Record<string, unknown>>;
}
