import { onlySaid, purlOf, type PackageDraft } from '../packageFile/draft.js';
import { parseMetadata } from './metadata.js';
import { normalizedName } from './name.js';

/**
 * The distribution that a METADATA or PKG-INFO file describes; undefined where it has no Name, as importlib.metadata has it.
 * Where a field stands more than once the first counts, as there.
 */
export function readDistribution(text: string): PackageDraft | undefined {
  const fields = parseMetadata(text);
  const first = (name: string): string => known(fields.get(name)?.[0] ?? '');
  const name = first('name');
  if (name === '') return undefined;
  const version = first('version');
  const metadata = {
    homepage: first('home-page'), summary: first('summary').slice(0, LONGEST_SUMMARY), requiresPython: first('requires-python'),
    author: first('author'), authorEmail: first('author-email'),
  };
  return {
    name,
    version,
    purl: pypiPurl(name, version),
    licenses: licensesOf(fields.get('license-expression') ?? [], fields.get('license') ?? [], fields.get('classifier') ?? []),
    origin: originOf(first('author'), first('author-email')) || originOf(first('maintainer'), first('maintainer-email')),
    dependencies: dependenciesOf(fields.get('requires-dist') ?? []),
    metadata: onlySaid(metadata),
  };
}

const LONGEST_SUMMARY = 500;

/** The name in it is normalised, as PyPI has it (PEP 503). */
export function pypiPurl(name: string, version: string): string {
  return purlOf({ type: 'pypi', name: normalizedName(name), version });
}

/** Old tools write UNKNOWN for what was not given. */
function known(value: string): string {
  return value === 'UNKNOWN' ? '' : value;
}

/** PEP 639's expression; else the License field, unless it holds a whole licence's text; else the classifiers. */
function licensesOf(expressions: readonly string[], licenses: readonly string[], classifiers: readonly string[]): string[] {
  const expression = known(expressions[0] ?? '');
  if (expression !== '') return [expression];
  const license = known(licenses[0] ?? '');
  const classified = classifiers.filter((value) => value.startsWith('License ::')).map((value) => value.slice(value.lastIndexOf('::') + 2).trim()).filter((value) => value !== 'OSI Approved');
  const isText = license.includes('\n') || license.length > LONGEST_LICENSE;
  if (license !== '' && !(isText && classified.length > 0)) return [(license.split('\n', 1)[0] ?? '').slice(0, LONGEST_LICENSE)];
  return [...new Set(classified)];
}

/** Characters of a licence's name; what is longer is its text. */
const LONGEST_LICENSE = 200;

/** `Author <mail>`; a mail field may hold the name itself: `Jane Doe <jane@example.org>`. */
function originOf(author: string, mail: string): string {
  if (author === '' || mail === '') return author || mail;
  return `${author} <${mail}>`;
}

/** Characters of a requirement that are looked at. */
const LONGEST_REQUIREMENT = 2_000;

/** `Requires-Dist: requests[socks] (>=2.0) ; python_version > "3"` → requests; what only an extra needs is left out. */
function dependenciesOf(requirements: readonly string[]): string[] {
  const names = requirements
    .map((requirement) => requirement.slice(0, LONGEST_REQUIREMENT))
    .filter((requirement) => !/;.{0,500}\bextra\s{0,4}==/.test(requirement))
    .map((requirement) => /^[A-Za-z0-9][\w.-]{0,200}/.exec(requirement)?.[0] ?? '')
    .filter((name) => name !== '');
  return [...new Set(names)];
}
