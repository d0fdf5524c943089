import { inflateSync } from 'node:zlib';
import * as z from 'zod';
import { purlOf, type PackageDraft } from '../packageFile/draft.js';
import { FormatError, readJson, shaped } from '../packageFile/read.js';

/** The section into which `cargo auditable` writes; source: cargo-auditable, PARSING.md and `auditable-serde`. */
export const AUDIT_SECTION = '.dep-v0';
/** Unpacked JSON. 1,000 crates take some 150 kB. */
const LARGEST_JSON = 8 * 1024 * 1024;

const AuditData = z.object({
  packages: z.array(z.object({
    name: z.string(),
    version: z.string(),
    /** `crates.io`, `git`, `local`, `registry`, or whatever comes later. */
    source: z.string(),
    /** `build` for what only the build ran: not in the binary. */
    kind: z.string().default('runtime'),
    dependencies: z.array(z.number()).default([]),
    root: z.boolean().default(false),
  })),
});

/** The crates that were linked into a binary, from the section's bytes (JSON, zlib-compressed). Build dependencies are not in it and are left out. */
export function auditedCrates(section: Buffer): readonly PackageDraft[] {
  const { packages } = shaped(AuditData, readJson(inflated(section)));
  return packages.filter(({ kind }) => kind !== 'build').map(({ name, version, source, root, dependencies }) => ({
    name,
    version,
    purl: purlOf({ type: 'cargo', name, version }),
    dependencies: dependencies.flatMap((index) => packages[index]?.name ?? []),
    metadata: { source, ...(root ? { root: 'true' } : {}) },
  }));
}

function inflated(section: Buffer): Buffer {
  try {
    return inflateSync(section, { maxOutputLength: LARGEST_JSON });
  } catch {
    throw new FormatError(`has a section ${AUDIT_SECTION} that does not unpack to at most ${LARGEST_JSON} bytes`);
  }
}
