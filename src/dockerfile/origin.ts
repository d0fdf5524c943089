import type { Instruction } from './instruction.js';

/** Where a row of history comes from. */
export type Origin =
  /** The base image, or what it has the build do (ONBUILD). */
  | { readonly kind: 'base' }
  /** These instructions of the Dockerfile: one, or several that share a layer. */
  | { readonly kind: 'instructions'; readonly instructions: readonly Instruction[] }
  /** The Dockerfile's instructions, the base or both: history does not tell. */
  | { readonly kind: 'unsure' };

/**
 * `whole`: history ends in all of the Dockerfile's instructions, none left out. `within`: it holds all of them, and goes on after them.
 * `part`: most are there, others were changed, added, taken away or moved since; only rows whose own text stands in the Dockerfile are at a line.
 * `none`: it is another image's Dockerfile, or history tells too little.
 */
export type Agreement = 'whole' | 'within' | 'part' | 'none';

export interface Alignment {
  readonly agreement: Agreement;
  /** One for each row of history; all unsure where the agreement is `none`. */
  readonly origins: readonly Origin[];
  /** Share of instructions that history bears out, of those and of the rows that differ: 0 to 1, and 1 where the agreement is `whole`. */
  readonly confidence: number;
}
