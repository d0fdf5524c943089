import { createHash } from 'node:crypto';
import { ImageError } from '../errors.js';
import { follow, linkOf } from '../image/archive.js';
import { fill, withHead, type ByteSource } from '../image/bytes.js';
import { compressionOf } from '../image/compression.js';
import { MAX_JSON_BYTES, tooLarge } from '../image/json.js';
import type { LayerFacts } from '../image/layer.js';
import { openLayer, verifyLayer } from '../image/layerSource.js';
import { digestOf, findImage, keptAs, type Documents, type FoundImage } from '../image/layout.js';
import { membersOf } from '../image/members.js';
import { looksLikeTar } from '../image/tarHeader.js';
import type { Lanes } from './lanes.js';
import type { OnProgress } from './progress.js';
import type { LayerStore } from './store.js';

/** Documents of an image are some kilobytes; attestations, which look the same, may be megabytes each. */
const MAX_KEPT_BYTES = 64 * 1024 * 1024;
/** Enough to tell what a member is. */
const HEAD_BYTES = 512;

/** What is kept of a member that has passed. */
type Passed =
  | { readonly kind: 'document'; readonly bytes: Buffer; readonly link?: string }
  | { readonly kind: 'layer'; readonly diffId: string; readonly digest: string | undefined; readonly facts: Promise<LayerFacts>; readonly link?: string }
  | { readonly kind: 'other'; readonly size: number; readonly link?: string }
  | { readonly kind: 'link'; readonly link: string };

/**
 * Reads an image out of an archive that passes by once: from an engine's pipe, or compressed as a whole.
 *
 * The manifest, which says which members are layers of which image, comes after them (`docker save` writes it last). So whatever looks
 * like a layer is read as one when it passes, and its facts are kept: not its bytes. Whatever looks like JSON is kept, up to 64 MiB in
 * all. When the archive is over, the manifest tells which of them count; a layer that cannot be read matters only then.
 */
export async function readPassing(
  chunks: AsyncIterable<Uint8Array>, wanted: { name?: string | undefined; platform?: string | undefined }, lanes: Lanes, store: LayerStore | undefined, onProgress: OnProgress,
): Promise<{ found: FoundImage; facts: LayerFacts[] }> {
  const members = new Map<string, Passed>();
  let bytes = 0;
  let layer = -1;
  let kept = 0;
  for await (const { entry, content } of membersOf(chunks)) {
    const link = linkOf(entry);
    if (link !== undefined) members.set(entry.path, { kind: 'link', link });
    if (entry.type !== 'file') continue;
    const head = Buffer.alloc(HEAD_BYTES);
    const start = head.subarray(0, await fill(content, head));
    const whole = withHead(start, content);
    if (entry.size === 0 || compressionOf(start) !== 'none' || looksLikeTar(start)) {
      layer++;
      members.set(entry.path, await passLayer(entry.path, whole, lanes, store, (count) => {
        bytes += count;
        onProgress({ layer, layers: undefined, bytes, totalBytes: undefined });
      }));
    } else if (looksLikeJson(start) && entry.size <= MAX_JSON_BYTES && kept + entry.size <= MAX_KEPT_BYTES) {
      kept += entry.size;
      members.set(entry.path, { kind: 'document', bytes: await readAll(whole, entry.size) });
    } else members.set(entry.path, { kind: 'other', size: entry.size });
  }
  const found = await findImage(documentsOf(members), wanted);
  const facts = await Promise.all(found.layers.map((ref) => factsOf(members, ref)));
  return { found, facts };
}

/** The name of a plain layer is often its digest; one whose facts are known then need not be read again, only verified. */
async function passLayer(name: string, content: ByteSource, lanes: Lanes, store: LayerStore | undefined, onBytes: (count: number) => void): Promise<Passed> {
  const what = `layer ${name}`;
  const named = digestOf(name);
  const source = await openLayer(content, `the ${what}`, named, onBytes);
  const hex = /(?:^|\/)([0-9a-f]{64})(?:\.tar)?$/.exec(name)?.[1];
  const known = hex === undefined ? undefined : await store?.get(`sha256:${hex}`);
  if (known) {
    const diffId = await sha256Of(source.tar);
    return { kind: 'layer', diffId, digest: await source.digest(), facts: Promise.resolve(known) };
  }
  const fed = await lanes.feed(`The ${what}`, source.tar);
  const { diffId } = fed;
  const digest = await source.digest();
  const facts = fed.facts.then(async (read) => {
    // the name that the archive gives it need not be true
    await store?.put(keptAs(named === undefined || digest === undefined ? { diffId } : { diffId, digest }), read);
    return read;
  });
  facts.catch(() => undefined);
  return { kind: 'layer', diffId, digest, facts };
}

async function sha256Of(source: ByteSource): Promise<string> {
  const hash = createHash('sha256');
  const chunk = Buffer.alloc(128 * 1024);
  for (let count = await source.read(chunk); count > 0; count = await source.read(chunk)) hash.update(chunk.subarray(0, count));
  return `sha256:${hash.digest('hex')}`;
}

async function factsOf(members: ReadonlyMap<string, Passed>, ref: FoundImage['layers'][number]): Promise<LayerFacts> {
  const passed = follow(members, ref.member);
  if (passed?.kind !== 'layer') throw new ImageError(`The layer ${ref.member} is no tar, and none that is compressed with gzip or zstd. Save the image again.`);
  verifyLayer(ref, passed.diffId, passed.digest);
  return passed.facts;
}

function documentsOf(members: ReadonlyMap<string, Passed>): Documents {
  return {
    has: (name) => follow(members, name) !== undefined,
    async read(name) {
      const passed = follow(members, name);
      if (passed?.kind === 'document') return passed.bytes;
      if (passed?.kind === 'other' && passed.size > MAX_JSON_BYTES) throw tooLarge(name, passed.size);
      throw new ImageError(`${name} in the archive is no JSON. Save the image again.`);
    },
  };
}

function looksLikeJson(head: Buffer): boolean {
  return /^[\s\ufeff]*[{[]/.test(head.toString('utf8'));
}

async function readAll(source: ByteSource, size: number): Promise<Buffer> {
  const bytes = Buffer.alloc(size);
  return bytes.subarray(0, await fill(source, bytes));
}
