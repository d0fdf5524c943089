import * as z from 'zod';
import type { Analyzer } from '../analyzer.js';
import { packageFileAnalyzer } from '../packageFile/analyzer.js';
import { onlySaid, purlOf, type PackageDraft } from '../packageFile/draft.js';
import { FormatError, readJson, shaped } from '../packageFile/read.js';
import { absolutePath } from './record.js';

/** Source: conda documentation, "conda-meta"; every installed package has one file there. */
const record = z.object({
  name: z.string().optional(),
  version: z.string().optional(),
  build: z.string().optional(),
  build_string: z.string().optional(),
  channel: z.string().optional(),
  subdir: z.string().optional(),
  license: z.string().nullish(),
  size: z.number().optional(),
  arch: z.string().nullish(),
  url: z.string().optional(),
  md5: z.string().optional(),
  sha256: z.string().optional(),
  depends: z.array(z.string()).default([]),
  files: z.array(z.string()).default([]),
});

/** Bytes of a record: it lists the package's files twice, Qt's has 5 MB. */
const MOST_BYTES = 32 * 1024 * 1024;

/** Packages of conda, of any language, by `PREFIX/conda-meta/NAME-VERSION-BUILD.json`. */
export const condaAnalyzer: Analyzer = packageFileAnalyzer({
  name: 'conda',
  description: 'Packages that conda, mamba or micromamba installed',
  version: 1,
  type: 'conda',
  limit: MOST_BYTES,
  matches: (path) => /(?:^|\/)conda-meta\/[^/]+\.json$/.test(path),
  choose: (packages) => packages.map((found) => ({ ...found, files: found.files.map((path) => absolutePath('', path)) })),
  parse: (bytes) => [condaPackage(shaped(record, readJson(bytes)))],
});

/** Throws FormatError for a record without a name or a version: conda itself would not list it. */
function condaPackage(found: z.infer<typeof record>): PackageDraft {
  const { name = '', version = '', subdir = '' } = found;
  if (name === '' || version === '') throw new FormatError('is a record of conda without a name or a version');
  const build = found.build ?? found.build_string ?? '';
  const channel = (found.channel ?? '').replace(/\/$/, '');
  const metadata = { build, channel, subdir, url: found.url ?? '', md5: found.md5 ?? '', sha256: found.sha256 ?? '' };
  return {
    name,
    version,
    purl: purlOf({ type: 'conda', name, version, qualifiers: { build, channel: channel.slice(channel.lastIndexOf('/') + 1), subdir } }),
    licenses: found.license ? [found.license] : [],
    architecture: found.arch ?? architectureOf(subdir),
    ...(found.size === undefined ? {} : { size: found.size }),
    // paths are relative to the prefix, the folder above conda-meta
    files: found.files.map((path) => `../${path}`),
    dependencies: found.depends.map((dependency) => dependency.split(' ', 1)[0] ?? ''),
    metadata: onlySaid(metadata),
  };
}

/** conda's `linux-64` is x86_64, its `win-32` i686; the others are named as they are. */
function architectureOf(subdir: string): string {
  const name = subdir.slice(subdir.indexOf('-') + 1);
  return name === '64' ? 'x86_64' : name === '32' ? 'i686' : name;
}
