import type { ImageView } from '../analyzer.js';

/**
 * Tells of a package database that a later layer deleted (`rm -rf /var/lib/dpkg` to save space): the packages' files are often still there,
 * and nothing would say so. `lists` says how many packages a fact lists.
 */
export function tellDeleted<Fact>(view: ImageView<Fact>, lists: (fact: Fact) => number): void {
  for (const { fact } of view.facts()) if (lists(fact) > 0) return;
  let last: { readonly path: string; readonly count: number; readonly hiddenBy: number } | undefined;
  for (const { path, fact, hiddenBy } of view.hidden()) {
    const count = lists(fact);
    if (count > 0) last = { path, count, hiddenBy };
  }
  if (last !== undefined) {
    view.problem(last.path, `Layer ${last.hiddenBy} deleted this database of ${last.count} packages: those that are still in the image are not listed.`);
  }
}
