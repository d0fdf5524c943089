/** evaluation.json: what was found, and whether the image may go on. Keys and values are the interface. */

import type { Agreement } from '../dockerfile/origin.js';

export type Action = 'stop' | 'warn' | 'go';
export type Verdict = Action;

/** In order of gravity, least first: `unknown` sorts below `negligible`, as in Anchore. */
export const SEVERITIES = ['unknown', 'negligible', 'low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

export interface VulnerablePackage {
  readonly name: string;
  readonly version: string;
  readonly type: string;
  readonly purl: string;
  readonly path?: string;
}

export interface Vulnerability {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly severity: Severity;
  readonly cvss?: { readonly vector: string; readonly score: number };
  readonly package: VulnerablePackage;
  readonly fixedIn: readonly string[];
  readonly knownExploited?: boolean;
  readonly epss?: number;
  readonly published?: string;
  readonly url: string;
  readonly summary: string;
}

export interface LayerReference {
  readonly index: number;
  readonly diffId: string;
  readonly instruction: string;
}

export interface DockerfileLines {
  readonly file: string;
  /** From 1. */
  readonly startLine: number;
  readonly endLine: number;
}

export interface Location {
  /** Absolute path in the image. */
  readonly path?: string;
  /** Line of that file, from 1. */
  readonly line?: number;
  readonly layer?: LayerReference;
  readonly dockerfile?: DockerfileLines;
  readonly fromBase?: boolean;
  /** A secret in a file that a later layer deletes or replaces: it is in the image still. */
  readonly hidden?: boolean;
}

export interface Suppression {
  readonly by: 'allow list' | 'exception' | 'vex';
  readonly id: string;
  readonly reason: string;
  readonly expires?: string;
}

export interface Finding {
  /** The trigger id. */
  readonly id: string;
  readonly policy: string;
  readonly rule: string;
  readonly gate: string;
  readonly trigger: string;
  readonly action: Action;
  readonly message: string;
  readonly control?: string;
  readonly remediation?: string;
  readonly vulnerability?: Vulnerability;
  readonly location?: Location;
  readonly suppressed?: Suppression;
  readonly new?: boolean;
}

export interface EvaluatedLayer {
  readonly index: number;
  readonly diffId: string;
  readonly digest: string;
  readonly sizeBytes: number;
  readonly instruction: string;
  readonly emptyLayer: boolean;
  /** The Dockerfile's lines that made it, where they are known. */
  readonly dockerfile?: DockerfileLines;
  readonly fromBase?: boolean;
}

export interface EvaluatedImage {
  readonly id: string;
  readonly digest: string;
  readonly name: string;
  readonly distro: { readonly id: string; readonly version: string };
  readonly sizeBytes: number;
  readonly layers: readonly EvaluatedLayer[];
  /** The Dockerfile that findings point at, where there is one, and how far the image's history bears it out: see dockerfile/origin.ts. */
  readonly dockerfile?: { readonly file: string; readonly agreement: Agreement; /** 0 to 1. */ readonly confidence: number };
}

export interface AdvisoriesUsed {
  readonly source: string;
  readonly records: number;
  /** RFC 3339 of the newest record, or null. */
  readonly newest: string | null;
  readonly fetchedAt: string | null;
}

export interface NotEvaluated {
  readonly policy: string;
  readonly rule: string;
  readonly gate: string;
  readonly trigger: string;
  readonly why: string;
}

export interface PolicyOutcome {
  readonly id: string;
  readonly name: string;
  readonly verdict: Verdict;
  readonly stops: number;
  readonly warnings: number;
}

export interface Counts {
  readonly stop: number;
  readonly warn: number;
  readonly go: number;
  readonly suppressed: number;
  readonly severity: Readonly<Record<Severity, number>>;
}

export interface EvaluationProblem {
  readonly path?: string;
  readonly analyzer?: string;
  readonly message: string;
}

export interface Evaluation {
  readonly schema: 1;
  readonly tool: { readonly name: string; readonly version: string };
  /** RFC 3339. */
  readonly evaluatedAt: string;
  readonly image: EvaluatedImage;
  /** `embedded`, or the backend's URL. */
  readonly backend: string;
  readonly resultUrl?: string;
  readonly verdict: Verdict;
  readonly reason: 'policy_evaluation' | 'allowed_image' | 'denied_image';
  readonly status: 'pass' | 'fail';
  readonly policies: readonly PolicyOutcome[];
  /** Sorted by action, severity, id, path. */
  readonly findings: readonly Finding[];
  readonly counts: Counts;
  readonly advisories: AdvisoriesUsed | null;
  readonly notEvaluated: readonly NotEvaluated[];
  readonly problems: readonly EvaluationProblem[];
  /** What a reader should know and need not mend: what was left out and why, exceptions that will expire or are not used. */
  readonly notices?: readonly string[];
}
