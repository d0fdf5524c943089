import { createHash } from 'node:crypto';
import type { Analyzer, ImageView, Section } from './analyzer.js';

/** Lower-case hex. */
export interface Checksums {
  readonly md5: string;
  readonly sha1: string;
  readonly sha256: string;
}

/** Anchore's word for whatever is no regular file. */
const NO_FILE = 'DIRECTORY_OR_OTHER';

/** Digests of every regular file, in one pass over its bytes: `file_checksums` of the report. */
export const checksums: Analyzer<Checksums> = {
  name: 'checksums',
  description: 'MD5, SHA-1 and SHA-256 of every file.',
  version: 1,
  rows: 'by-path',
  lane: 'digests',
  wants: () => 'stream',
  open() {
    const [md5, sha1, sha256] = [createHash('md5'), createHash('sha1'), createHash('sha256')];
    return {
      write(chunk) {
        md5.update(chunk);
        sha1.update(chunk);
        sha256.update(chunk);
      },
      end: () => ({ md5: md5.digest('hex'), sha1: sha1.digest('hex'), sha256: sha256.digest('hex') }),
    };
  },
  report(view) {
    const sections: Record<string, Section> = { 'files.md5sums': section(view, 'md5'), 'files.sha256sums': section(view, 'sha256') };
    if (isAlpineLike(view)) sections['files.sha1sums'] = section(view, 'sha1');
    return { file_checksums: sections };
  },
};

function section(view: ImageView<Checksums>, algorithm: keyof Checksums): Section {
  const base: Record<string, string> = {};
  for (const path of view.image.flattened.nodes.keys()) base[path] = NO_FILE;
  for (const { path, fact } of view.facts()) base[path] = fact[algorithm];
  return base;
}

/** apk's database holds SHA-1 digests, so only there they are of use. */
function isAlpineLike({ image }: ImageView<Checksums>): boolean {
  return ['/lib/apk/db/installed', '/usr/lib/apk/db/installed', '/etc/alpine-release'].some((path) => image.flattened.nodes.has(path));
}
