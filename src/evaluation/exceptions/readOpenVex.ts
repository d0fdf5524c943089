import * as z from 'zod';
import { InputError } from '../../errors.js';
import type { ConfigFile } from '../configFile.js';
import type { Exception, Product } from './exception.js';

/** A statement, with when it was made. */
export interface VexEntry {
  readonly exception: Exception;
  /** Milliseconds; 0 where nobody says. */
  readonly time: number;
}

export interface VexDocument {
  readonly entries: readonly VexEntry[];
  readonly notices: readonly string[];
}

const component = z.union([
  z.string().transform((id) => ({ '@id': id, identifiers: undefined })),
  z.looseObject({ '@id': z.string().optional(), identifiers: z.looseObject({ purl: z.string().optional() }).optional() }),
]);
const product = z.union([
  z.string().transform((id) => ({ '@id': id, identifiers: undefined, subcomponents: undefined })),
  z.looseObject({ '@id': z.string().optional(), identifiers: z.looseObject({ purl: z.string().optional() }).optional(), subcomponents: z.array(component).optional() }),
]);
const statement = z.looseObject({
  vulnerability: z.union([
    z.string().transform((name) => ({ name, '@id': undefined, aliases: undefined })),
    z.looseObject({ name: z.string().optional(), '@id': z.string().optional(), aliases: z.array(z.string()).optional() }),
  ]),
  products: z.array(product).optional(),
  status: z.enum(['not_affected', 'affected', 'fixed', 'under_investigation']),
  justification: z.string().optional(),
  impact_statement: z.string().optional(),
  timestamp: z.string().optional(),
  last_updated: z.string().optional(),
});
const schema = z.looseObject({
  '@context': z.string(),
  '@id': z.string().optional(),
  timestamp: z.string().optional(),
  last_updated: z.string().optional(),
  statements: z.array(statement),
});

const JUSTIFICATIONS: ReadonlySet<string> = new Set([
  'component_not_present', 'vulnerable_code_not_present', 'vulnerable_code_not_in_execute_path', 'vulnerable_code_cannot_be_controlled_by_adversary',
  'inline_mitigations_already_exist',
]);

/** Reads an OpenVEX document. Source: github.com/openvex/spec, version 0.2.0. Throws InputError for one that is none. */
export function readOpenVex(config: ConfigFile): VexDocument {
  const result = schema.safeParse(config.value);
  if (!result.success) {
    const issue = result.error.issues[0] as z.core.$ZodIssue;
    throw new InputError(`${config.file}, line ${config.lineOf(issue.path)}: this is no OpenVEX document: ${issue.path.map(String).join('.') || 'it'}: ${issue.message}.`);
  }
  const document = result.data;
  const entries: VexEntry[] = [];
  const notices: string[] = [];
  document.statements.forEach((one, index) => {
    const source = `${config.file}, line ${config.lineOf(['statements', index])}`;
    const time = Date.parse(one.last_updated ?? one.timestamp ?? document.last_updated ?? document.timestamp ?? '');
    const read = readStatement(one, source);
    if (typeof read === 'string') notices.push(`${source}: ${read}`);
    else entries.push({ exception: read, time: Number.isNaN(time) ? 0 : time });
  });
  return { entries, notices };
}

/** The statement as an exception; or, in a sentence, why it accepts nothing. */
function readStatement({ vulnerability, products, status, justification, impact_statement: impact }: z.infer<typeof statement>, source: string): Exception | string {
  const names = [vulnerability.name, idOf(vulnerability['@id']), ...(vulnerability.aliases ?? [])].filter((name) => name !== undefined && name !== '') as string[];
  if (names.length === 0) return 'the statement names no vulnerability, so that it accepts nothing.';
  const about = (products ?? []).flatMap(toProduct);
  if (about.length === 0) return `the statement about ${names[0]} names no product by package URL or image name, so that it accepts nothing.`;
  const known = justification !== undefined && JUSTIFICATIONS.has(justification);
  if (status === 'not_affected' && !known && !impact) {
    return `the statement about ${names[0]} gives neither a justification${justification ? ' that OpenVEX knows' : ''} nor an impact statement, so that it accepts nothing.`;
  }
  return {
    id: names[0] as string,
    source,
    by: 'vex',
    ids: names,
    aliases: true,
    gate: 'vulnerabilities',
    products: about,
    reason: [status, justification, impact].filter((part) => part !== undefined && part !== '').join(': '),
    revokes: status === 'affected' || status === 'under_investigation',
  };
}

/** An IRI such as https://nvd.nist.gov/vuln/detail/CVE-2026-1 ends in the name. */
function idOf(iri: string | undefined): string | undefined {
  return iri === undefined ? undefined : iri.split(/[/#]/).at(-1);
}

function toProduct(given: z.infer<typeof product>): readonly Product[] {
  const id = given.identifiers?.purl ?? given['@id'];
  if (id === undefined || id === '') return [];
  const subcomponents = (given.subcomponents ?? []).map((one) => one.identifiers?.purl ?? one['@id'] ?? '').filter((purl) => purl !== '');
  return [{ id, subcomponents }];
}
