import type { Evaluation } from '../evaluation/evaluation.js';
import type { ScannedImage } from '../report/scanned.js';
import { readableJson } from './bom/json.js';
import { licenseOf } from './bom/licenses.js';
import { digest, imagePurl, namedPackages, uuidOf, type NamedPackage } from './bom/packages.js';

/** Where documents without a domain of their own are named: SPDX 2.3, 6.5. A name, not an address. */
const NAMESPACES = 'https://spdx.org/spdxdocs/';
const NOASSERTION = 'NOASSERTION';

/** The bill of materials as SPDX 2.3 in JSON (ISO/IEC 5962). The same bytes for the same image and evaluation. */
export function spdx(evaluation: Evaluation, image: ScannedImage, packages: readonly NamedPackage[] = namedPackages(image)): string {
  const names = new LicenseNames();
  const ids = new Map(packages.map((named) => [named, `SPDXRef-Package-${digest(named.ref).slice(0, 24)}`]));
  const idOf = (named: NamedPackage): string => ids.get(named) ?? NOASSERTION;
  const root = 'SPDXRef-Image';
  const document = {
    spdxVersion: 'SPDX-2.3', dataLicense: 'CC0-1.0', SPDXID: 'SPDXRef-DOCUMENT', name: image.name,
    documentNamespace: `${NAMESPACES}${encodeURIComponent(image.name.replace(/[^\w.-]+/g, '-').slice(0, 200))}-${uuidOf(`${image.id} ${evaluation.evaluatedAt}`)}`,
    creationInfo: { created: evaluation.evaluatedAt.replace(/\.\d+Z$/, 'Z'), creators: [`Tool: ${evaluation.tool.name}-${evaluation.tool.version}`] },
    packages: [imageEntry(image, root), ...packages.map((named) => packageEntry(named, idOf(named), names))],
    relationships: [
      relation('SPDXRef-DOCUMENT', 'DESCRIBES', root),
      ...packages.map((named) => relation(root, 'CONTAINS', idOf(named))),
      ...packages.flatMap((named) => named.needs.map((needed) => relation(idOf(named), 'DEPENDS_ON', idOf(needed)))),
    ],
    ...names.extracted(),
  };
  return `${readableJson(document)}\n`;
}

function relation(spdxElementId: string, relationshipType: string, relatedSpdxElement: string): Record<string, string> {
  return { spdxElementId, relationshipType, relatedSpdxElement };
}

function imageEntry(image: ScannedImage, SPDXID: string): Record<string, unknown> {
  const purl = imagePurl(image);
  return {
    name: image.name, SPDXID, ...(image.digest === '' ? {} : { versionInfo: image.digest }), downloadLocation: NOASSERTION, filesAnalyzed: false, primaryPackagePurpose: 'CONTAINER',
    licenseConcluded: NOASSERTION, licenseDeclared: NOASSERTION, copyrightText: NOASSERTION, checksums: [{ algorithm: 'SHA256', checksumValue: image.id }],
    ...(purl === '' ? {} : { externalRefs: [purlReference(purl)] }),
  };
}

function packageEntry({ package: one, sha256, sha1 }: NamedPackage, SPDXID: string, names: LicenseNames): Record<string, unknown> {
  const checksums = [...(sha1 === '' ? [] : [{ algorithm: 'SHA1', checksumValue: sha1 }]), ...(sha256 === '' ? [] : [{ algorithm: 'SHA256', checksumValue: sha256 }])];
  return {
    name: one.name || one.purl || 'unknown', SPDXID, ...(one.version === '' ? {} : { versionInfo: one.version }), downloadLocation: NOASSERTION, filesAnalyzed: false,
    licenseConcluded: NOASSERTION, licenseDeclared: names.declared(one.licenses), copyrightText: NOASSERTION,
    ...(checksums.length === 0 ? {} : { checksums }),
    ...(one.path === '' ? {} : { sourceInfo: `stated by ${one.path}${one.layer >= 0 ? ` of layer ${one.layer}` : ''}` }),
    ...(one.purl === '' ? {} : { externalRefs: [purlReference(one.purl)] }),
  };
}

function purlReference(referenceLocator: string): Record<string, string> {
  return { referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator };
}

/** Expressions that speak of another document, which is not here; and `+` where readers know no later version (`MIT+`). */
const ELSEWHERE = /DocumentRef-|(?:^|[\s(])(?![AL]?GPL-|GFDL-)[\w.-]+\+/;

/** Licences that SPDX does not list get a name of the document's own. */
class LicenseNames {
  private readonly known = new Map<string, string>();

  declared(stated: readonly string[]): string {
    const read = [...new Set(stated)].map(licenseOf).filter(({ text }) => text !== '');
    if (read.length === 0) return NOASSERTION;
    const isAlone = read.length === 1;
    return read.map(({ kind, text }) => (kind === 'id' ? text : kind === 'name' || ELSEWHERE.test(text) ? this.nameOf(text) : this.expression(text, isAlone))).join(' AND ');
  }

  /** What a package calls a licence of its own is to be declared here, too: SPDX 2.3, 10.1. */
  private expression(text: string, isAlone: boolean): string {
    for (const [reference] of text.matchAll(/LicenseRef-[\w.-]+/g)) this.known.set(reference, reference);
    return isAlone ? text : `(${text})`;
  }

  extracted(): { hasExtractedLicensingInfos?: readonly Record<string, string>[] } {
    const infos = [...this.known].sort(([, a], [, b]) => (a < b ? -1 : 1)).map(([text, licenseId]) => ({ licenseId, name: text.slice(0, 200), extractedText: text }));
    return infos.length === 0 ? {} : { hasExtractedLicensingInfos: infos };
  }

  private nameOf(text: string): string {
    const name = this.known.get(text) ?? `LicenseRef-${digest(text).slice(0, 16)}`;
    this.known.set(text, name);
    return name;
  }
}
