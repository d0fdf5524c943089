import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import tar from 'tar-stream';

/** An entry to pack: tar-stream's header, and content for files. */
export interface PackedEntry {
  readonly name: string;
  readonly type?: 'file' | 'link' | 'symlink' | 'directory' | 'fifo' | 'character-device' | 'block-device';
  readonly content?: string | Buffer;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly linkname?: string;
  readonly pax?: Record<string, string>;
}

/** A tar of these entries. */
export async function packTar(entries: readonly PackedEntry[]): Promise<Buffer> {
  const pack = tar.pack();
  for (const { content, ...header } of entries) {
    const mode = header.mode ?? (header.type === 'directory' ? 0o755 : 0o644);
    pack.entry({ ...header, mode, mtime: new Date(0) } as tar.Header, content ?? '');
  }
  pack.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of pack) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** A 512-byte header and padded content, byte for byte, for what tar-stream would not write. */
export function rawEntry(header: { name: string | Buffer; type: string; size?: number; linkname?: string; content?: Buffer; magic?: string }): Buffer {
  const block = Buffer.alloc(512);
  Buffer.from(header.name as string).copy(block, 0, 0, 100);
  block.write('0000644\0', 100);
  block.write('0000000\0', 108);
  block.write('0000000\0', 116);
  const content = header.content ?? Buffer.alloc(0);
  block.write(`${(header.size ?? content.length).toString(8).padStart(11, '0')}\0`, 124);
  block.write('00000000000\0', 136);
  block.write(header.type, 156);
  if (header.linkname) block.write(header.linkname, 157);
  block.write(header.magic ?? 'ustar\u000000', 257, 'latin1');
  block.fill(' ', 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([block, content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}

/** PAX records; values are bytes, one a character. */
export function paxEntry(records: Record<string, string>, type = 'x'): Buffer {
  const lines = Object.entries(records).map(([key, value]) => {
    const rest = ` ${key}=${value}\n`;
    let length = rest.length + 1;
    while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
    return `${length}${rest}`;
  });
  return rawEntry({ name: 'PaxHeaders/x', type, content: Buffer.from(lines.join(''), 'latin1') });
}

export const END = Buffer.alloc(1024);

export function sha256(bytes: Buffer | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** An image to lay out: its layers' tars, base first, and what its config says besides. */
export interface Built {
  readonly layers: readonly Buffer[];
  readonly config?: Record<string, unknown>;
}

export function configOf({ layers, config }: Built): Buffer {
  return Buffer.from(JSON.stringify({
    architecture: 'amd64', os: 'linux', config: {},
    history: layers.map((_, index) => ({ created_by: `step ${index}` })),
    rootfs: { type: 'layers', diff_ids: layers.map((layer) => `sha256:${sha256(layer)}`) },
    ...config,
  }));
}

/** `docker save` before Docker 25; repeated layers as symbolic links. */
export function dockerLegacy(built: Built, tags: readonly string[] | null): PackedEntry[] {
  const config = configOf(built);
  const seen = new Map<string, string>();
  const names = built.layers.map((layer, index) => ({ name: `${sha256(`${index} ${sha256(layer)}`)}/layer.tar`, layer, id: sha256(layer) }));
  const entries: PackedEntry[] = names.map(({ name, layer, id }) => {
    const first = seen.get(id);
    if (first) return { name, type: 'symlink', linkname: `../${first}` };
    seen.set(id, name);
    return { name, content: layer };
  });
  const configName = `${sha256(config)}.json`;
  const manifest = [{ Config: configName, RepoTags: tags, Layers: names.map(({ name }) => name) }];
  return [...entries, { name: configName, content: config }, { name: 'manifest.json', content: JSON.stringify(manifest) }];
}

type Compress = (layer: Buffer) => Buffer;

export interface Descriptor { mediaType: string; digest: string; size: number; platform?: object; annotations?: object }

/** The blobs of an image in OCI layout, with the descriptor of its manifest. */
export function ociBlobs(built: Built, compress: Compress = (layer) => layer): { blobs: PackedEntry[]; manifest: Descriptor; names: { config: string; layers: string[] } } {
  const blob = (content: Buffer): PackedEntry => ({ name: `blobs/sha256/${sha256(content)}`, content });
  const descriptor = (mediaType: string, content: Buffer): Descriptor => ({ mediaType, digest: `sha256:${sha256(content)}`, size: content.length });
  const config = configOf(built);
  const layers = built.layers.map(compress);
  const manifest = Buffer.from(JSON.stringify({
    schemaVersion: 2,
    config: descriptor('application/vnd.oci.image.config.v1+json', config),
    layers: layers.map((layer) => descriptor('application/vnd.oci.image.layer.v1.tar', layer)),
  }));
  const blobs = [...layers, config, manifest].map(blob);
  return {
    blobs,
    manifest: descriptor('application/vnd.oci.image.manifest.v1+json', manifest),
    names: { config: `blobs/sha256/${sha256(config)}`, layers: layers.map((layer) => `blobs/sha256/${sha256(layer)}`) },
  };
}

export function ociIndex(manifests: readonly Descriptor[]): PackedEntry[] {
  return [
    { name: 'index.json', content: JSON.stringify({ schemaVersion: 2, manifests }) },
    { name: 'oci-layout', content: '{"imageLayoutVersion":"1.0.0"}' },
  ];
}

/** `docker save` from Docker 25 on: OCI layout and manifest.json. */
export function docker25(built: Built, tags: readonly string[] | null, compress?: Compress): PackedEntry[] {
  const { blobs, manifest, names } = ociBlobs(built, compress);
  const json = [{ Config: names.config, RepoTags: tags, Layers: names.layers }];
  return [...unique(blobs), ...ociIndex([manifest]), { name: 'manifest.json', content: JSON.stringify(json) }];
}

export function unique(entries: readonly PackedEntry[]): PackedEntry[] {
  return [...new Map(entries.map((entry) => [entry.name, entry])).values()];
}

/** kaniko, crane and ko: `sha256:…` for the config, compressed layers beside it. */
export function kaniko(built: Built, tags: readonly string[]): PackedEntry[] {
  const config = configOf(built);
  const layers = built.layers.map((layer) => ({ layer: gzipSync(layer), name: `${sha256(gzipSync(layer))}.tar.gz` }));
  const manifest = [{ Config: `sha256:${sha256(config)}`, RepoTags: tags, Layers: layers.map(({ name }) => name) }];
  return [
    { name: `sha256:${sha256(config)}`, content: config },
    ...unique(layers.map(({ name, layer }) => ({ name, content: layer }))),
    { name: 'manifest.json', content: JSON.stringify(manifest) },
  ];
}
