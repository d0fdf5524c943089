export interface Candidate {
  readonly path: string;
  readonly text: string;
}

/** A true one says on which line (from 0) its secret stands, and of which kind it is. */
export interface TrueCandidate extends Candidate {
  readonly kind: string;
  readonly line: number;
}

export function trueCandidates(seed?: number): TrueCandidate[];
export function falseCandidates(seed?: number, each?: number): Candidate[];
export function textCandidates(folder: string, prefix: string, limit?: number, perFile?: number): Candidate[];
