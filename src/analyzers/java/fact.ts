import type { PackageDraft } from '../packageFile/draft.js';

/** One package of an archive, or of an archive within it. */
export interface JavaPackageFact {
  /** What follows the file's own path: empty, `:WEB-INF/lib/inner.jar`, `:com.example:shaded`. */
  readonly within: string;
  readonly draft: PackageDraft;
}

/** What one file of the image says: a Java archive's packages, or a Java run time's release file. */
export type JavaFact =
  | { readonly kind: 'archive'; readonly packages: readonly JavaPackageFact[] }
  | { readonly kind: 'runtime'; readonly draft: PackageDraft };
