import { createHash } from 'node:crypto';
import * as z from 'zod';
import { ImageError, InputError } from '../errors.js';
import { cleanPath } from '../text/path.js';
import type { ImageConfig } from './config.js';
import { parseDocument } from './json.js';
import { parseConfig } from './parseConfig.js';
import { matchesPlatform, platformOf, thisPlatform } from './platform.js';
import { sameImage, tryReference } from './reference.js';

/** The small members of an archive, by clean name. */
export interface Documents {
  has(name: string): boolean;
  /** @throws ImageError when it is missing or too large. */
  read(name: string): Promise<Buffer>;
}

/** Where a layer stands in the archive, and what it must be. */
export interface LayerRef {
  /** `sha256:…` of the uncompressed tar. */
  readonly diffId: string;
  readonly member: string;
  /** `sha256:…` of the bytes as they stand, where the archive says. */
  readonly digest?: string;
}

/**
 * What a layer's facts are kept by: the name that whoever unpacks the archive checks the layer's bytes against. That is its diff ID, or, where a manifest
 * names compressed bytes by a digest of their own, both: a config may claim a diff ID that those bytes do not have, and there are engines that run them all the same.
 */
export function keptAs({ diffId, digest }: Pick<LayerRef, 'diffId' | 'digest'>): string {
  return digest === undefined || digest === diffId ? diffId : `${diffId} ${digest}`;
}

export interface FoundImage {
  readonly config: ImageConfig;
  readonly layers: readonly LayerRef[];
  readonly repoTags: readonly string[];
}

/** An image that an archive offers. Those of one group are the same image for several platforms. */
interface Candidate {
  readonly group: number;
  readonly names: readonly string[];
  /** What the index calls it, as written: a mere tag, mostly. */
  readonly ref?: string | undefined;
  readonly config: string;
  readonly configDigest?: string | undefined;
  readonly layers: readonly { readonly member: string; readonly digest?: string }[];
}

const DockerManifestSchema = z.array(z.object({
  Config: z.string(),
  RepoTags: z.array(z.string()).nullish(),
  Layers: z.array(z.string()).nullish(),
}));

const DescriptorSchema = z.object({
  mediaType: z.string().nullish(),
  digest: z.string().regex(/^sha(256:[0-9a-f]{64}|512:[0-9a-f]{128})$/),
  platform: z.object({ os: z.string().nullish(), architecture: z.string().nullish() }).nullish(),
  annotations: z.record(z.string(), z.string()).nullish(),
});
type Descriptor = z.infer<typeof DescriptorSchema>;

const IndexSchema = z.object({ manifests: z.array(DescriptorSchema) });
const ManifestSchema = z.object({ config: DescriptorSchema, layers: z.array(DescriptorSchema).nullish() });
const EitherSchema = z.union([IndexSchema, ManifestSchema]);

/** Indexes of indexes are real, deeper ones are not. */
const MAX_INDEX_DEPTH = 4;
const CONFIG_TYPES = ['application/vnd.oci.image.config.v1+json', 'application/vnd.docker.container.image.v1+json'];

/**
 * Finds the image in an archive of any of the layouts.
 * Sources: Docker image specification 1.2 (`manifest.json`); OCI image specification 1.1, image-layout.md, image-index.md, manifest.md.
 * @throws InputError when several could be meant; ImageError when the archive is no image's.
 */
export async function findImage(documents: Documents, wanted: { name?: string | undefined; platform?: string | undefined }): Promise<FoundImage> {
  const offered = await candidates(documents);
  const named = byName(offered, wanted.name);
  const parsed = await Promise.all(named.map(async (candidate) => ({ candidate, config: parseConfig(await verified(documents, candidate.config, candidate.configDigest)) })));
  const { candidate, config } = byPlatform(parsed, wanted.platform);
  if (config.diffIds.length !== candidate.layers.length) {
    throw new ImageError(`The image's config speaks of ${config.diffIds.length} layers and its manifest of ${candidate.layers.length}. Save the image again.`);
  }
  const layers = candidate.layers.map((layer, index) => ({ ...layer, diffId: config.diffIds[index] ?? '' }));
  for (const { member } of layers) if (!documents.has(member)) throw new ImageError(`The manifest names the layer ${member}, which the archive does not hold. Save the image again.`);
  return { config, layers, repoTags: candidate.names };
}

async function candidates(documents: Documents): Promise<Candidate[]> {
  if (documents.has('version') && !documents.has('index.json')) return directoryCandidates(documents);
  const docker = documents.has('manifest.json') ? await dockerCandidates(documents) : [];
  const oci = documents.has('index.json') ? await ociCandidates(documents) : [];
  // Docker 25 and later write both: the manifest has the names, the index the platforms and the digests.
  const alsoDocker = (candidate: Candidate): Candidate[] => docker.filter((one) => one.config === candidate.config);
  const merged = oci.map((candidate) => {
    const names = oci.filter((one) => one.group === candidate.group).flatMap((one) => alsoDocker(one).flatMap((same) => same.names));
    return names.length > 0 ? { ...candidate, names: [...new Set(names)] } : candidate;
  });
  const found = [...docker.filter((one) => !oci.some((other) => other.config === one.config)), ...merged];
  if (found.length === 0) throw new ImageError('The archive holds no image: neither manifest.json nor index.json names one. Give a `docker save` or OCI archive.');
  return found;
}

async function dockerCandidates(documents: Documents): Promise<Candidate[]> {
  const rows = parseDocument(await documents.read('manifest.json'), 'manifest.json', DockerManifestSchema);
  return rows.map((row, index) => ({
    group: -1 - index,
    names: row.RepoTags ?? [],
    config: cleanPath(row.Config),
    layers: (row.Layers ?? []).map((name) => {
      const member = cleanPath(name);
      const digest = digestOf(member);
      return digest ? { member, digest } : { member };
    }),
  }));
}

async function ociCandidates(documents: Documents): Promise<Candidate[]> {
  const index = parseDocument(await documents.read('index.json'), 'index.json', IndexSchema);
  const groups = await Promise.all(index.manifests.map((descriptor, group) => walk({ documents, ...OCI, group, names: nameOf(descriptor), ref: refOf(descriptor) }, descriptor, 0)));
  return groups.flat();
}

/** How skopeo's and podman's `dir:` begins its file `version`. Source: containers/image, docs/containers-transports.5 and directory transport 1.1. */
const DIRECTORY = /^Directory Transport Version: 1\./;

/** skopeo's and podman's `dir:`: one image's manifest, and its blobs by their digests. */
async function directoryCandidates(documents: Documents): Promise<Candidate[]> {
  const version = (await documents.read('version')).toString('latin1');
  if (!DIRECTORY.test(version)) throw new ImageError('The archive holds no image: its version is not that of a directory by skopeo. Give a `docker save` or OCI archive.');
  const document = parseDocument(await documents.read('manifest.json'), 'manifest.json', EitherSchema);
  return candidatesIn({ documents, blob: hexOf, manifest: (digest) => `${hexOf(digest)}.manifest.json`, group: 0, names: [] }, document, 0);
}

/** An image, or several of one group, that is looked for, and where its members are. */
interface Walk {
  readonly documents: Documents;
  /** The member that holds the bytes of a digest. */
  readonly blob: (digest: string) => string;
  readonly manifest: (digest: string) => string;
  readonly group: number;
  readonly names: readonly string[];
  readonly ref?: string | undefined;
}

const OCI = { blob, manifest: blob };

async function walk(where: Walk, descriptor: Descriptor, depth: number): Promise<Candidate[]> {
  const { documents, manifest } = where;
  const member = manifest(descriptor.digest);
  // An engine saves one platform of an image and leaves the index, which names them all, as it is.
  if (isAttestation(descriptor) || !documents.has(member)) return [];
  if (depth > MAX_INDEX_DEPTH) throw new ImageError('The image index leads through more than four others. Save the image again.');
  return candidatesIn(where, parseDocument(await verified(documents, member, descriptor.digest), `The manifest ${descriptor.digest}`, EitherSchema), depth);
}

async function candidatesIn(where: Walk, document: z.infer<typeof EitherSchema>, depth: number): Promise<Candidate[]> {
  if ('manifests' in document) {
    const below = await Promise.all(document.manifests.map((child) => walk(where, child, depth + 1)));
    return below.flat();
  }
  const { config } = document;
  if (config.mediaType && !CONFIG_TYPES.includes(config.mediaType)) return [];
  const layers = (document.layers ?? []).map((layer) => {
    if (layer.mediaType?.endsWith('+encrypted')) throw new ImageError(`The layer ${layer.digest} is encrypted. Scan the image before it is encrypted.`);
    return { member: where.blob(layer.digest), digest: layer.digest };
  });
  return [{ group: where.group, names: where.names, ref: where.ref, config: where.blob(config.digest), configDigest: config.digest, layers }];
}

/** Provenance and bills of materials by BuildKit, which stand among the platforms. */
function isAttestation({ annotations, platform }: Descriptor): boolean {
  return annotations?.['vnd.docker.reference.type'] === 'attestation-manifest' || (platform?.os === 'unknown' && platform.architecture === 'unknown');
}

function nameOf({ annotations }: Descriptor): string[] {
  const name = annotations?.['io.containerd.image.name'] ?? annotations?.['org.opencontainers.image.ref.name'];
  // `ref.name` may be a mere tag, which names no image.
  return name && /[/:]/.test(name) ? [name] : [];
}

function refOf({ annotations }: Descriptor): string | undefined {
  return annotations?.['org.opencontainers.image.ref.name'];
}

function hexOf(digest: string): string {
  return digest.slice(digest.indexOf(':') + 1);
}

function blob(digest: string): string {
  return `blobs/${digest.replace(':', '/')}`;
}

/** The digest that a member of an OCI layout is named by. */
export function digestOf(member: string): string | undefined {
  const match = /^blobs\/(sha256|sha512)\/([0-9a-f]+)$/.exec(member);
  return match ? `${match[1]}:${match[2]}` : undefined;
}

async function verified(documents: Documents, member: string, digest = digestOf(member)): Promise<Buffer> {
  const bytes = await documents.read(member);
  const [algorithm, hex] = digest?.split(':') ?? [];
  if (algorithm && createHash(algorithm).update(bytes).digest('hex') !== hex) {
    throw new ImageError(`${member} is not what its digest says. Save the image again.`);
  }
  return bytes;
}

function byName(offered: readonly Candidate[], name: string | undefined): Candidate[] {
  const groups = new Set(offered.map((one) => one.group));
  if (groups.size <= 1) return [...offered];
  if (name !== undefined) {
    const matching = offered.filter((one) => one.names.some((own) => sameImage(own, name)));
    if (matching.length > 0) return matching;
    // a layout may name its images by nothing but tags
    const tagged = offered.filter(({ ref }) => ref !== undefined && (ref === name || ref === tryReference(name)?.tag));
    if (tagged.length > 0) return tagged;
  }
  const listed = [...new Set(offered.map((one) => one.names[0] ?? one.ref ?? 'one without a name'))].join(', ');
  throw new InputError(`The archive holds ${groups.size} images (${listed})${name === undefined ? '' : `, none of them ${name}`}. Say which one with the option name.`);
}

function byPlatform<T extends { config: ImageConfig }>(offered: readonly T[], wanted: string | undefined): T {
  const matching = offered.filter(({ config }) => matchesPlatform(config, wanted ?? thisPlatform()));
  const chosen = matching[0] ?? (wanted === undefined && offered.length === 1 ? offered[0] : undefined);
  if (chosen) return chosen;
  const listed = offered.map(({ config }) => platformOf(config)).join(', ');
  throw new InputError(`The image is for ${listed || 'no platform that this archive holds'}, not for ${wanted ?? thisPlatform()}. Say which one with the option platform.`);
}
