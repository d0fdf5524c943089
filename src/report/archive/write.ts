import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import tar from 'tar-stream';
import { InputError } from '../../errors.js';
import type { ParsedReport } from '../parse.js';
import { archiveManifest, imageContent, type ArchiveIdentity } from './members.js';

/** No time of writing: the same report gives the same bytes. */
const EPOCH = new Date(0);

export interface WrittenArchive {
  readonly path: string;
  /** Bytes, compressed. */
  readonly bytes: number;
}

/**
 * Writes what a backend is sent: a gzipped tar of `analysis` (report.json as it is), `image_content`, `image_manifest`, `archive_manifest`.
 * Source: anchore-engine's archiver.ImageArchive. The report is streamed from its file.
 */
export async function writeAnalysisArchive(path: string, reportFile: string, report: ParsedReport, identity: ArchiveIdentity, version: string): Promise<WrittenArchive> {
  const partial = `${path}.partial`;
  const pack = tar.pack();
  const written = pipeline(pack, createGzip({ level: 6 }), createWriteStream(partial));
  try {
    await Promise.all([fill(pack, reportFile, report, identity, version), written]);
    await rename(partial, path);
  } catch (error) {
    pack.destroy();
    await written.catch(() => undefined);
    await rm(partial, { force: true });
    if (!(error instanceof Error) || !('code' in error)) throw error;
    throw new InputError(`${path} could not be written (${error.message}). Free some space or choose another output-directory.`, { cause: error });
  }
  return { path, bytes: (await stat(path)).size };
}

async function fill(pack: tar.Pack, reportFile: string, report: ParsedReport, identity: ArchiveIdentity, version: string): Promise<void> {
  const header = (name: string, size: number): Partial<tar.Header> & { name: string } => ({ name, size, mode: 0o644, uid: 0, gid: 0, mtime: EPOCH });
  const { size } = await stat(reportFile);
  await pipeline(createReadStream(reportFile), pack.entry(header('analysis', size)));
  const members: [string, string][] = [
    ['image_content', imageContent(report)],
    ['image_manifest', '{"document":null}'],
    ['archive_manifest', archiveManifest(report, identity, version)],
  ];
  for (const [name, text] of members) pack.entry(header(name, Buffer.byteLength(text)), text);
  pack.finalize();
}
