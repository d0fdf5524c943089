/**
 * The analysis report: the shape of Anchore Engine's (v0.8.1 to v1.1.0), as Sysdig Secure's inline scan submits it.
 * Every `base` is a flat map string → string; structured values are JSON inside the string.
 */
export type Base = Record<string, string>;
export type AnalysisReport = Record<string, Record<string, Output>>;

export interface Output {
  readonly base: Base;
  /** One row, where it can be had without parsing all of them. */
  rowOf?(key: string): string | undefined;
}

export interface DockerHistoryRow {
  readonly Created: string;
  readonly CreatedBy: string;
  readonly Comment: string;
  readonly Id: string;
  readonly Size: number;
  readonly Tags: readonly string[];
}

export interface ImageReport {
  readonly meta: {
    readonly imageId: string;
    readonly shortId: string;
    readonly imagename: string;
    readonly humanname: string;
    readonly sizebytes: number;
    readonly shortname: string;
    readonly parentId: '';
    readonly shortparentId: '';
    readonly usertype: null;
  };
  readonly docker_history: readonly DockerHistoryRow[];
  readonly dockerfile_mode: 'Actual' | 'Guessed';
  readonly dockerfile_contents: string;
  /** `sha256:…` diff IDs, base first. */
  readonly layers: readonly string[];
  readonly familytree: readonly string[];
  readonly docker_data: Readonly<Record<string, unknown>>;
}
