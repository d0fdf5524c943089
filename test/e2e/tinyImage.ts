import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { pack } from 'tar-stream';

/** A docker save archive with a layer for each given file, as `docker save` of Docker 24 writes it. */
export async function tinyImage(path: string, name: string, files: Readonly<Record<string, string>>): Promise<void> {
  const layers = await Promise.all(Object.entries(files).map(([file, text]) => tar({ [file]: text })));
  const config = JSON.stringify({
    architecture: 'amd64', os: 'linux', created: '2026-01-01T00:00:00Z', config: {},
    rootfs: { type: 'layers', diff_ids: layers.map((layer) => `sha256:${sha256(layer)}`) },
    history: Object.keys(files).map((file) => ({ created: '2026-01-01T00:00:00Z', created_by: `COPY ${file} /${file} # buildkit`, comment: 'buildkit.dockerfile.v0' })),
  });
  const members = Object.fromEntries(layers.map((layer, index) => [`${index}/layer.tar`, layer]));
  const manifest = [{ Config: `${sha256(Buffer.from(config))}.json`, RepoTags: [name], Layers: Object.keys(members) }];
  writeFileSync(path, await tar({ [manifest[0]?.Config ?? '']: config, ...members, 'manifest.json': JSON.stringify(manifest) }));
}

/** A key that nobody has: the form alone is that of one. */
export const LEAKED_KEY = ['-----BEGIN RSA ', 'PRIVATE KEY-----\n', ...Array.from({ length: 12 }, (_, line) => `${createHash('sha512').update(`nobody's ${line}`).digest('base64').slice(0, 64)}\n`), '-----END RSA ', 'PRIVATE KEY-----\n'].join('');

async function tar(members: Readonly<Record<string, string | Buffer>>): Promise<Buffer> {
  const packed = pack();
  for (const [name, content] of Object.entries(members)) packed.entry({ name, mtime: new Date(0) }, content);
  packed.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of packed) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
