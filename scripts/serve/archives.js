// Analysis archives for trying `inline-scan serve`: the sample's, as those of as many images as wanted.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import tar from 'tar-stream';

/** Members of an archive, by name, as text. */
export async function readMembers(path) {
  const members = new Map();
  const extract = tar.extract();
  extract.end(gunzipSync(readFileSync(path)));
  for await (const entry of extract) {
    const chunks = [];
    for await (const chunk of entry) chunks.push(chunk);
    members.set(entry.header.name, Buffer.concat(chunks).toString('utf8'));
  }
  return members;
}

/** What a client would send of another image of the same content: other digests and another tag, for an account. */
export async function archiveOf(members, { account, number }) {
  const manifest = JSON.parse(members.get('archive_manifest'));
  const record = JSON.parse(manifest.metadata.image_record);
  const [detail] = record.image_detail;
  const hex = (what) => createHash('sha256').update(`${what} ${number}`).digest('hex');
  const changed = { digest: `sha256:${hex('digest')}`, imageId: hex('id'), name: `${detail.registry}/${detail.repo}:${number}` };
  const replace = (text) => text
    .replaceAll(manifest.image_digest, changed.digest).replaceAll(manifest.metadata.image_id, changed.imageId)
    .replaceAll(`${detail.registry}/${detail.repo}:${detail.tag}`, changed.name);
  const written = JSON.parse(replace(members.get('archive_manifest')));
  const recordOf = JSON.parse(written.metadata.image_record);
  recordOf.image_detail[0].tag = String(number);
  written.metadata.image_record = JSON.stringify(recordOf);
  written.account = account;
  const archive = await pack(new Map([...members].map(([name, text]) => [name, name === 'archive_manifest' ? JSON.stringify(written) : replace(text)])));
  return { ...changed, archive };
}

/** A gzipped tar of members. */
export async function pack(members) {
  const packing = tar.pack();
  for (const [name, text] of members) packing.entry({ name, mtime: new Date(0) }, text);
  packing.finalize();
  const chunks = [];
  for await (const chunk of packing) chunks.push(chunk);
  return gzipSync(Buffer.concat(chunks), { level: 1 });
}

/** Headers and body of an import. */
export function importOf({ digest, imageId, name, archive }) {
  const boundary = 'a-boundary-that-no-archive-has';
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="archive_file"; filename="image-analysis-archive.tgz"\r\nContent-Type: application/gzip\r\n\r\n`;
  return {
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}`, imageId, digestId: digest, imageName: name },
    body: Buffer.concat([Buffer.from(head), archive, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  };
}
