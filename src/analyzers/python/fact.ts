import type { PackageDraft } from '../packageFile/draft.js';
import type { ZippedDistribution } from './zipped.js';

/** What one file says. */
export type PythonFact =
  | { readonly kind: 'distribution'; readonly draft: PackageDraft }
  /** Paths as RECORD has them, relative to the folder that holds the .dist-info. */
  | { readonly kind: 'record'; readonly paths: readonly string[] }
  /** Paths as installed-files.txt has them, relative to the .egg-info. */
  | { readonly kind: 'installed-files'; readonly paths: readonly string[] }
  | { readonly kind: 'top-level'; readonly names: readonly string[] }
  | { readonly kind: 'zip'; readonly distributions: readonly ZippedDistribution[] }
  | { readonly kind: 'locked'; readonly drafts: readonly PackageDraft[] };
