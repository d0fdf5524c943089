import type { AdvisoryAnswer } from '../../evaluation/vulnerability.js';
import type { Claimed } from '../api/importedImage.js';
import type { EvaluationRow } from '../store/store.js';

/** Work that takes the processor, as plain data: it goes to another process. */
export type Job = ImportJob | EvaluateJob | MatchJob;

/** Reads an archive's members, holds them against what the sender claims, and packs the report. */
export interface ImportJob {
  readonly kind: 'import';
  readonly claimed: Claimed;
  readonly account: string;
  readonly members: ReadonlyMap<string, Uint8Array>;
}

/** Evaluates a stored report under each of its names. */
export interface EvaluateJob {
  readonly kind: 'evaluate';
  /** The report, packed. */
  readonly report: Uint8Array;
  readonly digest: string;
  readonly names: readonly string[];
  /** The account's policy; undefined for the built-in default. */
  readonly policy: { readonly id: string; readonly text: string } | undefined;
  /** Milliseconds since 1970: ages and expiries count from here. */
  readonly now: number;
}

/** What advisories say of a stored report's packages, whatever a policy makes of it. */
export interface MatchJob {
  readonly kind: 'match';
  readonly report: Uint8Array;
  readonly digest: string;
}

export interface Imported {
  readonly distro: string;
  readonly sizeBytes: number;
  /** The report, packed. */
  readonly report: Uint8Array;
}

export interface Evaluated {
  readonly row: EvaluationRow;
  /** evaluation.json, packed. */
  readonly body: Uint8Array;
  /** Every name of every vulnerability that the image has. */
  readonly vulnerabilities: readonly string[];
  readonly counts: Readonly<Record<string, unknown>>;
}

/** Undefined where this server has no advisories. */
export type Matched = AdvisoryAnswer | undefined;

export interface Results {
  readonly import: Imported;
  readonly evaluate: readonly Evaluated[];
  readonly match: Matched;
}

export type ResultOf<Asked extends Job> = Results[Asked['kind']];

/** Whoever does jobs: processes of their own, or the thread that answers. */
export interface Workers {
  /** @throws Fault, BackendError, InputError as the job itself; Overtaxed where it took more than a job may */
  run<Asked extends Job>(job: Asked): Promise<ResultOf<Asked>>;
  /** How many jobs wait, and how many are worked on. */
  readonly load: { readonly waiting: number; readonly working: number };
  /** How many processes there may be, beside the one that answers. */
  readonly most: number;
  close(): Promise<void>;
}

/** A job took more memory or time than one may; its process was ended, and is replaced. */
export class Overtaxed extends Error {
  /** False where the process had other jobs too, and it may have been one of those. */
  readonly isCertain: boolean;

  constructor(message: string, isCertain: boolean) {
    super(message);
    this.isCertain = isCertain;
    this.name = 'Overtaxed';
  }
}
