import type { Gemspec } from './gemspec.js';
import type { LockedGem } from './gemfileLock.js';

/** What one file says. */
export type RubyFact =
  | { readonly kind: 'gemspec'; readonly gemspec: Gemspec }
  | { readonly kind: 'constants'; readonly constants: Readonly<Record<string, string>> }
  | { readonly kind: 'locked'; readonly gems: readonly LockedGem[] };
