import * as z from 'zod';
import { baseName, packageFileAnalyzer } from '../packageFile/analyzer.js';
import { isPublished } from '../packageFile/published.js';
import { purlOf, type PackageDraft } from '../packageFile/draft.js';
import { readToml, shaped } from '../packageFile/read.js';

/** Source: The Cargo Book, "Cargo.toml vs Cargo.lock"; versions 1 to 4 differ in checksums and in how a source is written. */
const CargoLock = z.object({
  package: z.array(z.object({
    name: z.string(),
    version: z.string(),
    source: z.string().optional(),
    checksum: z.string().optional(),
    dependencies: z.array(z.string()).default([]),
  })).default([]),
});

function parseCargoLock(bytes: Buffer): readonly PackageDraft[] {
  return shaped(CargoLock, readToml(bytes)).package.map(({ name, version, source, checksum, dependencies }) => ({
    name,
    version,
    purl: purlOf({ type: 'cargo', name, version }),
    // `name`, `name version` or `name version (source)`.
    dependencies: dependencies.map((text) => text.split(' ', 1)[0] ?? text),
    metadata: { ...(source === undefined ? {} : { source }), ...(checksum === undefined ? {} : { checksum: `sha256:${checksum}` }) },
  }));
}

export const cargoLock = packageFileAnalyzer({
  name: 'cargo-lock',
  description: 'Crates that a Cargo.lock in the image names.',
  version: 2,
  type: 'rust',
  // The largest workspaces have 500 kB; TOML is read at some hundred kilobytes a second when every table is new.
  limit: 2 * 1024 * 1024,
  matches: (path) => baseName(path) === 'Cargo.lock' && !isPublished(path),
  parse: parseCargoLock,
});
