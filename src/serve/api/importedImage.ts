import * as z from 'zod';
import { InputError } from '../../errors.js';
import { ANY_ACCOUNT } from '../../report/archive/members.js';
import { parseReport, type ParsedReport } from '../../report/parse.js';
import { Fault } from './fault.js';

/** What the request's headers say of the image. */
export interface Claimed {
  readonly imageId: string;
  readonly digest: string;
  readonly name: string;
}

export interface ImportedImage extends Claimed {
  readonly report: ParsedReport;
  /** The member `analysis`, as it came. */
  readonly analysis: Uint8Array;
}

/** Members of an archive, by name. */
export type Members = ReadonlyMap<string, Uint8Array>;

/** What is read of an archive. Its other members say the same again. */
export const WANTED_MEMBERS: ReadonlySet<string> = new Set(['analysis', 'archive_manifest']);

/** A longer manifest is none; the largest field is a Dockerfile in base64. */
const LARGEST_MANIFEST = 8 * 1024 * 1024;

const manifestSchema = z.looseObject({
  account: z.string(),
  image_digest: z.string(),
  metadata: z.looseObject({ image_id: z.string().optional(), image_record: z.string() }),
});

const recordSchema = z.looseObject({
  imageDigest: z.string(),
  image_detail: z.array(z.looseObject({ registry: z.string(), repo: z.string(), tag: z.string(), imageId: z.string() })).min(1),
});

/** @throws Fault 400 where a header is missing or is none */
export function readClaim(headers: NodeJS.Dict<string | string[]>): Claimed {
  const header = (name: string): string => {
    const value = headers[name];
    return typeof value === 'string' ? value : '';
  };
  const claimed = { imageId: header('imageid'), digest: header('digestid'), name: header('imagename') };
  if (!/^[0-9a-f]{64}$/.test(claimed.imageId)) throw new Fault(400, 'The header imageId must be 64 hex digits.');
  if (!/^sha256:[0-9a-f]{64}$/.test(claimed.digest)) throw new Fault(400, 'The header digestId must be sha256: and 64 hex digits.');
  if (!/^[\x21-\x7e]{1,512}$/.test(claimed.name) || !/^[^/]+\/[^:@]+:[^:/@]+$/.test(claimed.name.replace(/^([^/]+):(\d+)\//, '$1/'))) {
    throw new Fault(400, 'The header imageName must be a full tag, such as docker.io/library/nginx:1.27.');
  }
  return claimed;
}

/**
 * Holds an archive against what its sender claims: nothing is stored that says another thing in one place than in another.
 * @throws Fault 409 for what is no archive of an analysis (as Anchore answers), 400 where it contradicts the request
 */
export function readImported(members: Members, claimed: Claimed, account: string): ImportedImage {
  const manifest = parsed(manifestSchema, members, 'archive_manifest');
  if (manifest.account !== account && manifest.account !== ANY_ACCOUNT) throw new Fault(400, `The archive is for the account ${JSON.stringify(manifest.account.slice(0, 80))}, and the token belongs to another.`);
  if (manifest.image_digest !== claimed.digest) throw new Fault(400, 'The archive\'s image_digest is not the header\'s digestId.');
  if (manifest.metadata.image_id !== undefined && manifest.metadata.image_id !== claimed.imageId) throw new Fault(400, 'The archive\'s image_id is not the header\'s imageId.');
  checkRecord(manifest.metadata.image_record, claimed);
  const analysis = members.get('analysis');
  if (analysis === undefined) throw new Fault(409, 'The archive has no member analysis.');
  return { ...claimed, report: readAnalysis(analysis, claimed), analysis };
}

function checkRecord(text: string, claimed: Claimed): void {
  const record = recordSchema.safeParse(jsonOf(text, 'image_record'));
  if (!record.success) throw new Fault(409, 'The archive\'s image_record is not a record of an image.');
  const [detail] = record.data.image_detail;
  if (record.data.imageDigest !== claimed.digest) throw new Fault(400, 'The image_record\'s imageDigest is not the header\'s digestId.');
  if (detail !== undefined && `${detail.registry}/${detail.repo}:${detail.tag}` !== claimed.name) throw new Fault(400, 'The image_record\'s registry, repo and tag are not the header\'s imageName.');
}

function readAnalysis(analysis: Uint8Array, claimed: Claimed): ParsedReport {
  try {
    const report = parseReport(analysis, 'The archive\'s analysis');
    if (report.document[0].image.imageId !== claimed.imageId) throw new Fault(400, 'The analysis is of another image than the header\'s imageId.');
    return report;
  } catch (error) {
    if (error instanceof InputError) throw new Fault(409, error.message);
    throw error;
  }
}

function parsed<Schema extends z.ZodType>(schema: Schema, members: Members, name: string): z.infer<Schema> {
  const member = members.get(name);
  if (member === undefined) throw new Fault(409, `The archive has no member ${name}.`);
  if (member.length > LARGEST_MANIFEST) throw new Fault(413, `The archive's ${name} has ${member.length} bytes, and may have ${LARGEST_MANIFEST}.`);
  const result = schema.safeParse(jsonOf(textOf(member), name));
  if (!result.success) throw new Fault(409, `The archive's ${name} lacks ${result.error.issues[0]?.path.join('.') ?? 'what it must hold'}.`);
  return result.data;
}

function textOf({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('utf8');
}

function jsonOf(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Fault(409, `The archive's ${name} is not JSON.`);
  }
}
