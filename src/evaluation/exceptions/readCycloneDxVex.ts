import * as z from 'zod';
import { InputError } from '../../errors.js';
import type { ConfigFile } from '../configFile.js';
import type { Exception, Product } from './exception.js';
import type { VexDocument, VexEntry } from './readOpenVex.js';

interface Component {
  readonly 'bom-ref'?: string | undefined;
  readonly type?: string | undefined;
  readonly name?: string | undefined;
  readonly version?: string | undefined;
  readonly purl?: string | undefined;
  readonly components?: readonly Component[] | undefined;
}
const component: z.ZodType<Component> = z.looseObject({
  'bom-ref': z.string().optional(),
  type: z.string().optional(),
  name: z.string().optional(),
  version: z.string().optional(),
  purl: z.string().optional(),
  get components() { return z.array(component).optional(); },
});
const vulnerability = z.looseObject({
  id: z.string(),
  references: z.array(z.looseObject({ id: z.string() })).optional(),
  created: z.string().optional(),
  updated: z.string().optional(),
  analysis: z.looseObject({
    state: z.enum(['resolved', 'resolved_with_pedigree', 'exploitable', 'in_triage', 'false_positive', 'not_affected']).optional(),
    justification: z.string().optional(),
    detail: z.string().optional(),
    firstIssued: z.string().optional(),
    lastUpdated: z.string().optional(),
  }).optional(),
  affects: z.array(z.looseObject({ ref: z.string(), versions: z.array(z.unknown()).optional() })).optional(),
});
const schema = z.looseObject({
  bomFormat: z.literal('CycloneDX'),
  metadata: z.looseObject({ timestamp: z.string().optional(), component: component.optional() }).optional(),
  components: z.array(component).optional(),
  vulnerabilities: z.array(vulnerability).optional(),
});

/** Reads what a CycloneDX document (JSON) says of vulnerabilities. Source: cyclonedx.org, "VEX", specification 1.6. */
export function readCycloneDxVex(config: ConfigFile): VexDocument {
  const result = schema.safeParse(config.value);
  if (!result.success) {
    const issue = result.error.issues[0] as z.core.$ZodIssue;
    throw new InputError(`${config.file}, line ${config.lineOf(issue.path)}: this is no CycloneDX document: ${issue.path.map(String).join('.') || 'it'}: ${issue.message}.`);
  }
  const { metadata, components, vulnerabilities } = result.data;
  const products = new Map(flatten([...(metadata?.component === undefined ? [] : [metadata.component]), ...(components ?? [])])
    .flatMap((one) => (one['bom-ref'] === undefined ? [] : [[one['bom-ref'], productOf(one)] as const])));
  const entries: VexEntry[] = [];
  const notices: string[] = [];
  (vulnerabilities ?? []).forEach((one, index) => {
    // Without an analysis it is a finding of somebody's, and no statement.
    if (one.analysis?.state === undefined) return;
    const source = `${config.file}, line ${config.lineOf(['vulnerabilities', index])}`;
    const read = readVulnerability(one, products, source);
    const time = Date.parse(one.analysis.lastUpdated ?? one.analysis.firstIssued ?? one.updated ?? one.created ?? metadata?.timestamp ?? '');
    if (typeof read === 'string') notices.push(`${source}: ${read}`);
    else entries.push({ exception: read, time: Number.isNaN(time) ? 0 : time });
  });
  return { entries, notices };
}

/** Iterative, since the depth is the document's. */
function flatten(components: readonly Component[]): readonly Component[] {
  const all: Component[] = [...components];
  for (let at = 0; at < all.length; at++) all.push(...((all[at] as Component).components ?? []));
  return all;
}

function productOf({ purl, name, version }: Component): Product {
  return { id: purl ?? (version === undefined ? name ?? '' : `${name}:${version}`), subcomponents: [] };
}

function readVulnerability(one: z.infer<typeof vulnerability>, products: ReadonlyMap<string, Product>, source: string): Exception | string {
  const { state = 'in_triage', justification, detail } = one.analysis ?? {};
  if ((one.affects ?? []).some(({ versions }) => versions !== undefined)) return `the statement about ${one.id} names ranges of versions, which is not supported, so that it accepts nothing.`;
  const about = (one.affects ?? []).flatMap(({ ref }) => resolve(ref, products));
  if (about.length === 0) return `the statement about ${one.id} names no component that is known by its package URL, so that it accepts nothing.`;
  if (state === 'not_affected' && !justification && !detail) return `the statement about ${one.id} gives neither a justification nor a detail, so that it accepts nothing.`;
  return {
    id: one.id,
    source,
    by: 'vex',
    ids: [one.id, ...(one.references ?? []).map(({ id }) => id)],
    aliases: true,
    gate: 'vulnerabilities',
    products: about,
    reason: [state, justification, detail].filter((part) => part !== undefined && part !== '').join(': '),
    revokes: state === 'exploitable' || state === 'in_triage',
  };
}

/** A reference within the document, into another one (`urn:cdx:…#ref`), or a package URL itself. */
function resolve(ref: string, products: ReadonlyMap<string, Product>): readonly Product[] {
  const fragment = ref.startsWith('urn:cdx:') ? decode(ref.slice(ref.indexOf('#') + 1)) : ref;
  const known = products.get(fragment);
  if (known !== undefined) return known.id === '' ? [] : [known];
  return fragment.startsWith('pkg:') ? [{ id: fragment, subcomponents: [] }] : [];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
