import type { UnpackBudget } from '../archive/budget.js';
import { Fault } from '../archive/fault.js';
import { openZip } from '../archive/open.js';
import { describeArchive } from './describe.js';
import { readTellingEntries } from './entries.js';
import type { JavaPackageFact } from './fact.js';

/** Archives within archives that are followed: an ear holds wars, a war jars, a jar (rarely) jars. Sixteen is what osv-scalibr follows. */
const DEEPEST_ARCHIVE = 16;

/** Bytes of one archive within another: it is unpacked in memory. */
const MOST_NESTED_BYTES = 512 * 1024 * 1024;

/** Problems told of one file: a hostile one could have one for each of its entries. */
const MOST_PROBLEMS = 20;

/**
 * Every package of a Java archive and of the archives within it, nothing unpacked to disk.
 * `path` is the file's; what cannot be read is told and the rest goes on. Time and memory are linear in `bytes`.
 */
export function readJavaArchive(path: string, bytes: Buffer, tell: (message: string) => void): JavaPackageFact[] {
  const problems = limited(tell);
  const facts: JavaPackageFact[] = [];
  walk({ path, within: '', bytes, depth: 1, budget: undefined }, facts, problems.tell);
  problems.end();
  return facts;
}

interface Visit {
  readonly path: string;
  readonly within: string;
  readonly bytes: Buffer;
  readonly depth: number;
  readonly budget: UnpackBudget | undefined;
}

function walk(visit: Visit, facts: JavaPackageFact[], tell: (message: string) => void): void {
  const archive = openZip(visit.bytes, visit.budget);
  if (archive instanceof Fault) {
    tell(`The archive ${visit.within === '' ? '' : `${visit.within.slice(1)} `}${archive.reason}.`);
    return;
  }
  if (archive.entries.length === 0) return;
  const entries = readTellingEntries(archive, (entry, reason) => tell(`The entry ${`${visit.within}:${entry.name}`.slice(1)} ${reason}.`));
  for (const fact of describeArchive({ ...visit, entries })) facts.push(fact);
  for (const entry of entries.nested) {
    const within = `${visit.within}:${entry.name}`;
    if (visit.depth >= DEEPEST_ARCHIVE) {
      tell(`Archives within it are more than ${DEEPEST_ARCHIVE} deep; the deeper ones are not read.`);
      break;
    }
    const content = archive.read(entry, MOST_NESTED_BYTES);
    if (content instanceof Fault) tell(`The archive ${within.slice(1)} ${content.reason}.`);
    else walk({ path: entry.name, within, bytes: content, depth: visit.depth + 1, budget: archive.budget }, facts, tell);
  }
}

function limited(tell: (message: string) => void): { tell(message: string): void; end(): void } {
  let told = 0;
  return {
    tell(message) {
      told += 1;
      if (told <= MOST_PROBLEMS) tell(message);
    },
    end() {
      if (told > MOST_PROBLEMS) tell(`${told - MOST_PROBLEMS} more of its entries cannot be read.`);
    },
  };
}
