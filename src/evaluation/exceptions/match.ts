import picomatch from 'picomatch';
import type { ScannedImage } from '../../report/scanned.js';
import type { Finding } from '../evaluation.js';
import { packageOrder } from '../policy/packageOrder.js';
import type { RegexBudget } from '../policy/regex.js';
import { wildcard } from '../policy/wildcard.js';
import type { Exception, PackageSelector } from './exception.js';
import { productTest } from './product.js';
import { matchesPurl, readPurl } from './purlMatch.js';
import { inRange, readVersionRange } from './versionRange.js';

/** What an exception may name of a finding. */
export interface Candidate {
  readonly finding: Finding;
  /** The package that it is about, if it is about one. */
  readonly package?: { readonly name: string; readonly version: string; readonly type: string; readonly purl: string; readonly path?: string; readonly source: string };
  /** Whether the vendor will not fix it. */
  readonly wontFix: boolean;
}

type Test = (candidate: Candidate) => boolean;

/** Prepares an exception for many findings of one image; undefined where it is for other images. */
export function matcher(exception: Exception, image: ScannedImage, budget: RegexBudget): Test | undefined {
  if (exception.images !== undefined && !exception.images.some((pattern) => matchesImageName(pattern, image.name))) return undefined;
  const product = exception.products === undefined ? undefined : productTest(exception.products, image);
  if (exception.products !== undefined && product === undefined) return undefined;
  const tests = [
    product,
    idTest(exception, budget),
    fieldTest(exception),
    exception.package === undefined ? undefined : packageTest(exception.package, budget),
    exception.paths === undefined ? undefined : pathTest(exception.paths),
    exception.fixState === undefined ? undefined : fixTest(exception.fixState),
    exception.mentions === undefined ? undefined : mentionTest(exception.mentions),
  ].filter((test) => test !== undefined);
  return (candidate) => tests.every((test) => test(candidate));
}

/** With its tag, without it, and without the registry of local builds. */
function matchesImageName(pattern: string, name: string): boolean {
  const untagged = name.replace(/:[^/:]*$/, '');
  const names = [name, untagged, name.replace(/^localbuild\//, ''), untagged.replace(/^localbuild\//, '')];
  const matches = wildcard(pattern);
  return names.some((one) => matches.matches(one));
}

function idTest({ ids, aliases, wildcards: patterned }: Exception, budget: RegexBudget): Test | undefined {
  if (ids === undefined) return undefined;
  const wanted = new Set(ids.map((id) => id.toLowerCase()));
  const wildcards = patterned === true ? ids.map((id) => wildcard(id)) : [];
  return ({ finding }) => {
    const { vulnerability } = finding;
    const names = vulnerability === undefined ? [] : [vulnerability.id, ...(aliases ? vulnerability.aliases : [])];
    return [finding.id, ...names].some((name) => wanted.has(name.toLowerCase())) || wildcards.some((pattern) => pattern.matches(finding.id, budget));
  };
}

function fieldTest({ gate, trigger, policy, rule }: Exception): Test {
  return ({ finding }) => (
    (gate === undefined || finding.gate === gate)
    && (trigger === undefined || finding.trigger === trigger)
    && (policy === undefined || finding.policy === policy)
    && (rule === undefined || finding.rule === rule)
  );
}

function packageTest(selector: PackageSelector, budget: RegexBudget): Test {
  const [names, sources] = [selector.names?.map(wildcard), selector.sources?.map(wildcard)];
  const purls = selector.purls?.map(readPurl).filter((purl) => purl !== undefined);
  const range = selector.version === undefined ? undefined : readVersionRange(selector.version);
  return ({ package: found }) => {
    if (found === undefined) return false;
    if (names !== undefined && !names.some((name) => name.matches(found.name, budget))) return false;
    if (selector.types !== undefined && !selector.types.includes(found.type)) return false;
    if (sources !== undefined && !sources.some((source) => source.matches(found.source, budget))) return false;
    if (range !== undefined && !inRange(found.version, range, packageOrder(found))) return false;
    if (purls === undefined) return true;
    const actual = readPurl(found.purl);
    return actual !== undefined && purls.some((purl) => matchesPurl(purl, actual));
  };
}

function pathTest(globs: readonly string[]): Test {
  const absolute = globs.map((glob) => (glob.startsWith('/') || glob.startsWith('**') || glob.startsWith('config:') ? glob : `/${glob}`));
  const matches = picomatch([...absolute], { dot: true, strictSlashes: false });
  return ({ finding, package: found }) => {
    const path = finding.location?.path ?? found?.path;
    return path !== undefined && path !== '' && (absolute.includes(path) || matches(path));
  };
}

function fixTest(state: 'fixed' | 'not-fixed' | 'wont-fix'): Test {
  return ({ finding, wontFix }) => {
    if (finding.vulnerability === undefined) return false;
    const actual = finding.vulnerability.fixedIn.length > 0 ? 'fixed' : wontFix ? 'wont-fix' : 'not-fixed';
    return actual === state;
  };
}

function mentionTest(words: readonly string[]): Test {
  const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]+/g, '');
  const wanted = new Set(words.map(plain));
  return ({ finding }) => {
    const named = /regexp=([^=]*)=|: [^(]*\(([^)]*)\)$/.exec(finding.message);
    return named !== null && wanted.has(plain((named[1] ?? named[2]) as string));
  };
}
