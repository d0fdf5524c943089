import type { Analyzer, Tell } from '../analyzer.js';
import { nothingInstalledFrom, purlsOf } from '../notInstalled.js';
import { installedPackage, isPlausible } from '../packageFile/draft.js';
import { readOrTell, readText } from '../packageFile/read.js';
import { installedDistributions, zippedDistributions } from './assemble.js';
import { readDistribution } from './distribution.js';
import type { PythonFact } from './fact.js';
import { pythonFileKind, type PythonFileKind } from './files.js';
import { readPythonLock } from './locks.js';
import { installedFilesPaths, recordPaths, topLevelNames } from './record.js';
import { readZippedDistributions } from './zipped.js';

/** Bytes of a metadata or lock file: the longest descriptions and the largest lock files have a few megabytes. */
const MOST_TEXT_BYTES = 8 * 1024 * 1024;
/** Bytes of a requirements file: with the hashes of hundreds of packages it has 500 kB. */
const MOST_REQUIREMENTS_BYTES = 2 * 1024 * 1024;
/** Bytes of an egg or wheel: PyTorch's has 900 MB, and is read in no image that installed it. */
const MOST_ZIP_BYTES = 256 * 1024 * 1024;

/** Distributions of Python, installed (as importlib.metadata lists them), zipped, or pinned where nothing is installed. */
export const pythonAnalyzer: Analyzer<PythonFact> = {
  name: 'python',
  description: 'Python packages by dist-info, egg-info, eggs and wheels, and by lock files from which nothing is installed',
  version: 2,
  wants(entry) {
    const kind = entry.size === 0 ? undefined : pythonFileKind(entry.path);
    if (kind === undefined) return 'nothing';
    return { limit: limitOf(kind), beyond: 'problem' };
  },
  analyze(entry, bytes, tell) {
    const kind = pythonFileKind(entry.path);
    return kind === undefined ? undefined : factOf(kind, bytes, tell);
  },
  packages(view) {
    const facts = [...view.facts()];
    const present = [...installedDistributions(facts), ...zippedDistributions(facts)];
    const installed = purlsOf(present);
    const locked = facts.flatMap(({ path, layer, fact }) => (fact.kind === 'locked' && nothingInstalledFrom(fact.drafts, installed)
      ? fact.drafts.map((draft) => installedPackage('python', draft, path, layer)) : []));
    return [...present, ...locked];
  },
};

function limitOf(kind: PythonFileKind): number {
  if (kind === 'egg-zip' || kind === 'wheel') return MOST_ZIP_BYTES;
  return kind === 'requirements' ? MOST_REQUIREMENTS_BYTES : MOST_TEXT_BYTES;
}

function factOf(kind: PythonFileKind, bytes: Buffer, tell: Tell): PythonFact | undefined {
  switch (kind) {
    case 'metadata': {
      const draft = readDistribution(readText(bytes));
      return draft === undefined || !isPlausible(draft) ? undefined : { kind: 'distribution', draft };
    }
    case 'record': return { kind: 'record', paths: recordPaths(readText(bytes)) };
    case 'installed-files': return { kind: 'installed-files', paths: installedFilesPaths(readText(bytes)) };
    case 'top-level': return { kind: 'top-level', names: topLevelNames(readText(bytes)) };
    case 'egg-zip': case 'wheel': {
      const distributions = readZippedDistributions(bytes, tell).filter(({ draft }) => isPlausible(draft));
      return distributions.length === 0 ? undefined : { kind: 'zip', distributions };
    }
    default: return lockedFact(kind, bytes, tell);
  }
}

function lockedFact(kind: PythonFileKind, bytes: Buffer, tell: Tell): PythonFact | undefined {
  const drafts = readOrTell(() => readPythonLock(kind, bytes), tell)?.filter((draft) => isPlausible(draft) && draft.version !== '') ?? [];
  return drafts.length === 0 ? undefined : { kind: 'locked', drafts };
}
