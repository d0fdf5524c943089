import type { Analyzer, ImageView, Located } from '../analyzer.js';
import { nothingInstalledFrom, purlsOf } from '../notInstalled.js';
import { installedPackage, isPlausible } from '../packageFile/draft.js';
import { readText } from '../packageFile/read.js';
import type { InstalledPackage } from '../package.js';
import { constantsOf } from './constants.js';
import { gemDraft, lockedDraft } from './drafts.js';
import type { RubyFact } from './fact.js';
import { rubyFileKind, type RubyFileKind } from './files.js';
import { parseGemfileLock } from './gemfileLock.js';
import { parseGemspec, type Gemspec } from './gemspec.js';

/** Bytes of a gemspec or a Ruby file: the longest gemspec lists some thousand files. */
const MOST_RUBY_BYTES = 1024 * 1024;
/** Bytes of a Gemfile.lock: the largest have 200 kB. */
const MOST_LOCK_BYTES = 4 * 1024 * 1024;

/** Ruby's gems, by RubyGems' specifications, Bundler's checkouts, or a Gemfile.lock from which nothing is installed. */
export const rubyAnalyzer: Analyzer<RubyFact> = {
  name: 'ruby',
  description: 'Ruby gems by their specifications, read without running Ruby, and by a Gemfile.lock from which nothing is installed',
  version: 1,
  wants(entry) {
    const kind = entry.size === 0 ? undefined : rubyFileKind(entry.path);
    if (kind === undefined) return 'nothing';
    return { limit: kind === 'lock' ? MOST_LOCK_BYTES : MOST_RUBY_BYTES, beyond: kind === 'version-file' ? 'skip' : 'problem' };
  },
  analyze(entry, bytes, tell) {
    const kind = rubyFileKind(entry.path);
    const fact = kind === undefined ? undefined : factOf(kind, readText(bytes));
    if (fact === undefined && kind === 'specification') tell('The file is no gemspec that can be read without Ruby: it names no gem.');
    return fact;
  },
  packages(view) {
    const facts = [...view.facts()];
    const gems = gemsOf(facts, view);
    const installed = purlsOf(gems);
    const locked = facts.flatMap(({ path, layer, fact }) => {
      const drafts = fact.kind === 'locked' ? fact.gems.map(lockedDraft).filter(isPlausible) : [];
      return nothingInstalledFrom(drafts, installed) ? drafts.map((draft) => installedPackage('gem', draft, path, layer)) : [];
    });
    return [...gems, ...locked];
  },
};

function factOf(kind: RubyFileKind, text: string): RubyFact | undefined {
  if (kind === 'lock') {
    const gems = parseGemfileLock(text);
    return gems.length === 0 ? undefined : { kind: 'locked', gems };
  }
  if (kind === 'version-file') {
    const constants = constantsOf(text);
    return Object.keys(constants).length === 0 ? undefined : { kind: 'constants', constants };
  }
  const gemspec = parseGemspec(text);
  return gemspec === undefined ? undefined : { kind: 'gemspec', gemspec };
}

function gemsOf(facts: readonly Located<RubyFact>[], view: ImageView<RubyFact>): InstalledPackage[] {
  const constants = new Map(facts.flatMap(({ path, fact }) => (fact.kind === 'constants' ? [[path, fact.constants] as const] : [])));
  return facts.flatMap(({ path, layer, fact }) => {
    if (fact.kind !== 'gemspec') return [];
    const version = resolveVersion(fact.gemspec, path, constants);
    if (version === '') {
      view.problem(path, `The version of the gem ${fact.gemspec.name.slice(0, 100)} is an expression that only Ruby can evaluate.`);
      return [];
    }
    const draft = gemDraft(fact.gemspec, version, path);
    return isPlausible(draft) ? [installedPackage('gem', draft, path, layer)] : [];
  });
}

/** The version: a literal, or the constant's value in a file that the gemspec at `path` requires; else the empty string. */
export function resolveVersion(gemspec: Gemspec, path: string, constants: ReadonlyMap<string, Readonly<Record<string, string>>>): string {
  if (gemspec.version !== '' || gemspec.versionConstant === '') return gemspec.version;
  const folder = path.slice(0, path.lastIndexOf('/'));
  for (const required of gemspec.requires) {
    const values = constants.get(`${folder}/${required}.rb`);
    if (values !== undefined && Object.hasOwn(values, gemspec.versionConstant)) return values[gemspec.versionConstant] ?? '';
  }
  return '';
}
