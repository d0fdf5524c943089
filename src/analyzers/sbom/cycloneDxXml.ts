import type { PackageDraft } from '../packageFile/draft.js';
import { child, children, childText, readXml, type XmlElement } from '../java/xml.js';
import { isPurl } from './said.js';

/**
 * Levels of a document that are read: `bom/components/component/licenses/license/id`, and components within components
 * as deep as tools write them.
 */
const DEEPEST = 20;

/** Whether text is a CycloneDX document in XML. */
export function isCycloneDxXml(start: string): boolean {
  return start.trimStart().startsWith('<') && /<(?:[\w-]{1,50}:)?bom\s/.test(start) && start.includes('cyclonedx.org/schema/bom');
}

/** Packages of a CycloneDX document in XML. Source: CycloneDX 1.6 XML schema; entities of package URLs (`&amp;`) are written out. */
export function cycloneDxXmlPackages(text: string): PackageDraft[] {
  const waiting = [child(readXml(text, DEEPEST), 'components')];
  const drafts: PackageDraft[] = [];
  for (let list = waiting.pop(); list !== undefined || waiting.length > 0; list = waiting.pop()) {
    for (const component of children(list, 'component')) {
      drafts.push(...draftOf(component));
      const inner = child(component, 'components');
      if (inner !== undefined) waiting.push(inner);
    }
  }
  return drafts;
}

function draftOf(component: XmlElement): PackageDraft[] {
  const purl = plain(childText(component, 'purl'));
  if (!isPurl(purl)) return [];
  const group = plain(childText(component, 'group'));
  const name = plain(childText(component, 'name'));
  const licenses = child(component, 'licenses');
  return [{
    name: group === '' ? name : `${group}/${name}`,
    version: plain(childText(component, 'version')),
    purl,
    licenses: [
      ...children(licenses, 'expression').map(({ text }) => plain(text)),
      ...children(licenses, 'license').map((license) => plain(childText(license, 'id') || childText(license, 'name'))),
    ].filter((license) => license !== ''),
    origin: plain(childText(component, 'publisher')),
    metadata: { standard: 'CycloneDX' },
  }];
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** XML's own five entities; others stand as they are. */
function plain(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => ENTITIES[name] ?? '');
}
