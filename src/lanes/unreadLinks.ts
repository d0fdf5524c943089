import type { Analyzer, Want } from '../analyzers/analyzer.js';
import type { FactRow, LayerEntry, Problem } from '../image/layer.js';

const NO_HEAD = Buffer.alloc(0);

interface Read {
  readonly entries: readonly LayerEntry[];
  readonly facts: Readonly<Record<string, readonly FactRow[]>>;
}

/**
 * Hard links whose own name an analyzer knows, while the file's first name told it nothing. Their bytes passed by under that first name,
 * so they were not looked at: a problem, lest a database or lock file be missed in silence.
 */
export function unreadLinks({ entries, facts }: Read, analyzers: readonly Analyzer[]): Problem[] {
  const links = entries.filter(({ type }) => type === 'hardlink');
  if (links.length === 0) return [];
  const targets = targetsOf(links, entries);
  const known = new Map(analyzers.map(({ name }) => [name, new Set(facts[name]?.map(([entry]) => entry))]));
  return links.flatMap((link) => {
    const index = targets.get(link.linkname ?? '');
    const target = index === undefined ? undefined : entries[index];
    // A target of a lower layer has unknown size; 1 is one that every analyzer would read.
    const file: LayerEntry = { ...link, type: 'file', size: target?.size ?? 1 };
    return analyzers
      .filter((analyzer) => knowsByName(analyzer.wants(file, NO_HEAD)))
      .filter((analyzer) => index === undefined || !target || (!known.get(analyzer.name)?.has(index) && analyzer.wants(target, NO_HEAD) === 'nothing'))
      .map(({ name }) => ({
        path: `/${link.path}`,
        analyzer: name,
        message: `It is a hard link to /${link.linkname ?? ''}, under which name the file was not recognised, so it was not analysed.`,
      }));
  });
}

/** Index of the last file entry of each name that a link leads to. */
function targetsOf(links: readonly LayerEntry[], entries: readonly LayerEntry[]): Map<string, number> {
  const wanted = new Set(links.map(({ linkname }) => linkname ?? ''));
  const found = new Map<string, number>();
  entries.forEach(({ path, type }, index) => {
    if (type === 'file' && wanted.has(path)) found.set(path, index);
  });
  return found;
}

function knowsByName(want: Want): boolean {
  return typeof want === 'object' && want.beyond === 'problem';
}
