import * as z from 'zod';
import type { PackageDraft } from '../packageFile/draft.js';
import { readJson, readText, shaped } from '../packageFile/read.js';
import { cycloneDxXmlPackages, isCycloneDxXml } from './cycloneDxXml.js';
import { isLicense, isPurl } from './said.js';
import { isTagValue, tagValuePackages } from './tagValue.js';

/**
 * Bills of materials: SPDX 2.x in JSON and as tags and values, CycloneDX 1.x in JSON and XML. Sources: SPDX 2.3 JSON schema; CycloneDX 1.6 JSON schema.
 * What has no package URL is a file, an operating system or the image itself, and is left out.
 */
const Spdx = z.object({
  spdxVersion: z.string().startsWith('SPDX-2'),
  packages: z.array(z.object({
    name: z.string(),
    versionInfo: z.string().nullish(),
    supplier: z.string().nullish(),
    licenseConcluded: z.string().nullish(),
    licenseDeclared: z.string().nullish(),
    homepage: z.string().nullish(),
    externalRefs: z.array(z.object({ referenceType: z.string(), referenceLocator: z.string() })).nullish(),
  })).nullish(),
});

const Component = z.object({
  type: z.string(),
  group: z.string().nullish(),
  name: z.string(),
  version: z.string().nullish(),
  purl: z.string().nullish(),
  publisher: z.string().nullish(),
  licenses: z.array(z.object({ expression: z.string().nullish(), license: z.object({ id: z.string().nullish(), name: z.string().nullish() }).nullish() })).nullish(),
  components: z.array(z.unknown()).nullish(),
});
const CycloneDx = z.object({ bomFormat: z.literal('CycloneDX'), components: z.array(z.unknown()).nullish() });

/** Packages of a bill of materials; undefined where the file is something else: many things end in `.bom`. */
export function parseSbom(bytes: Buffer): readonly PackageDraft[] | undefined {
  const start = bytes.subarray(0, 4096).toString('latin1');
  if (isTagValue(start)) return tagValuePackages(readText(bytes));
  if (isCycloneDxXml(start)) return cycloneDxXmlPackages(readText(bytes));
  if (!/^\s*(?:\xef\xbb\xbf)?\{/.test(start)) return undefined;
  const document = readJson(bytes);
  if (typeof document !== 'object' || document === null) return undefined;
  if ('spdxVersion' in document) return spdxPackages(shaped(Spdx, document));
  if ('bomFormat' in document) return cycloneDxPackages(shaped(CycloneDx, document));
  return undefined;
}

function spdxPackages({ packages }: z.infer<typeof Spdx>): readonly PackageDraft[] {
  return (packages ?? []).flatMap((found) => {
    const purl = found.externalRefs?.find(({ referenceType }) => referenceType === 'purl')?.referenceLocator ?? '';
    if (!isPurl(purl)) return [];
    return [{
      name: found.name,
      version: found.versionInfo ?? '',
      purl,
      licenses: [found.licenseConcluded, found.licenseDeclared].filter(isLicense).slice(0, 1),
      origin: (found.supplier ?? '').replace(/^(?:Organization|Person): |^NOASSERTION$/, ''),
      metadata: { standard: 'SPDX', ...(found.homepage && found.homepage !== 'NOASSERTION' ? { homepage: found.homepage } : {}) },
    }];
  });
}

/** Components may hold components; a list of what is still to do instead of recursion. */
function cycloneDxPackages({ components }: z.infer<typeof CycloneDx>): readonly PackageDraft[] {
  const drafts: PackageDraft[] = [];
  const waiting: unknown[] = [...(components ?? [])].reverse();
  while (waiting.length > 0) {
    const component = shaped(Component, waiting.pop());
    for (const inner of [...(component.components ?? [])].reverse()) waiting.push(inner);
    if (component.purl && isPurl(component.purl)) drafts.push(cycloneDxDraft(component, component.purl));
  }
  return drafts;
}

function cycloneDxDraft(component: z.infer<typeof Component>, purl: string): PackageDraft {
  return {
    name: component.group ? `${component.group}/${component.name}` : component.name,
    version: component.version ?? '',
    purl,
    licenses: (component.licenses ?? []).flatMap(({ expression, license }) => expression ?? license?.id ?? license?.name ?? []),
    origin: component.publisher ?? '',
    metadata: { standard: 'CycloneDX', kind: component.type },
  };
}
