import { linesOf } from '../../text/lines.js';
import type { PackageDraft } from '../packageFile/draft.js';
import { FormatError } from '../packageFile/read.js';
import { isLicense, isPurl } from './said.js';

/** Lines of a document: one of 20,000 packages, each file named, has some million. */
const MOST_LINES = 4_000_000;

/** What a package's lines say, by tag; of a tag that comes twice the first. */
type Tags = Map<string, string>;

/** Whether text is an SPDX document of tags and values. Source: SPDX 2.3, annex C "tag-value". */
export function isTagValue(start: string): boolean {
  const first = start.split('\n').find((line) => line.trim() !== '' && !line.startsWith('#')) ?? '';
  return /^\s{0,8}SPDXVersion:\s{0,8}SPDX-2/.test(first);
}

/**
 * Packages of an SPDX document of tags and values: a package starts with PackageName, and ends with the next one, a file or a snippet.
 * Texts over several lines (`<text>…</text>`) are passed over. One pass.
 */
export function tagValuePackages(text: string): PackageDraft[] {
  const packages: Tags[] = [];
  let current: Tags | undefined;
  let inText = false;
  let count = 0;
  for (const line of linesOf(text)) {
    if ((count += 1) > MOST_LINES) throw new FormatError(`has more than ${MOST_LINES} lines`);
    if (inText) {
      inText = !line.includes('</text>');
      continue;
    }
    const colon = line.indexOf(':');
    const [tag, value] = [line.slice(0, Math.max(0, colon)).trim(), line.slice(colon + 1).trim()];
    inText = value.startsWith('<text>') && !value.includes('</text>');
    if (tag === 'PackageName') packages.push((current = new Map([[tag, value]])));
    else if (tag === 'FileName' || tag === 'SnippetSPDXID') current = undefined;
    else if (tag === 'ExternalRef' && /^PACKAGE[-_]MANAGER\s+purl\s/i.test(value)) addOnce(current, 'purl', value.split(/\s+/)[2] ?? '');
    else addOnce(current, tag, value);
  }
  return packages.flatMap(draftOf);
}

function addOnce(tags: Tags | undefined, tag: string, value: string): void {
  if (tags !== undefined && !tags.has(tag)) tags.set(tag, value);
}

function draftOf(tags: Tags): PackageDraft[] {
  const said = (tag: string): string => tags.get(tag) ?? '';
  if (!isPurl(said('purl'))) return [];
  const homepage = said('PackageHomePage');
  return [{
    name: said('PackageName'),
    version: said('PackageVersion'),
    purl: said('purl'),
    licenses: [said('PackageLicenseConcluded'), said('PackageLicenseDeclared')].filter(isLicense).slice(0, 1),
    origin: said('PackageSupplier').replace(/^(?:Organization|Person): |^NOASSERTION$/, ''),
    metadata: { standard: 'SPDX', ...(homepage !== '' && homepage !== 'NOASSERTION' ? { homepage } : {}) },
  }];
}
