import * as z from 'zod';
import { baseName, packageFileAnalyzer } from '../packageFile/analyzer.js';
import { isPublished } from '../packageFile/published.js';
import { purlOf, type PackageDraft } from '../packageFile/draft.js';
import { LARGEST_YAML, readText, readYaml, shaped } from '../packageFile/read.js';

/** stack.yaml.lock and cabal.project.freeze. Sources: Stack documentation, "Lock files"; Cabal user guide, `cabal freeze`. */
const StackLock = z.object({
  packages: z.array(z.object({
    completed: z.object({ hackage: z.string().optional(), name: z.string().optional(), version: z.string().optional(), url: z.string().optional() }),
  })).nullish(),
});

function parseStackLock(bytes: Buffer): readonly PackageDraft[] {
  return (shaped(StackLock, readYaml(bytes)).packages ?? []).flatMap(({ completed }) => {
    // `aeson-2.1.2.1@sha256:…,1234`
    const [, name, version, checksum] = /^([A-Za-z0-9-]+)-(\d[\d.]*)(?:@(.*))?$/.exec(completed.hackage ?? '') ?? [];
    if (name !== undefined && version !== undefined) return [draftOf(name, version, checksum === undefined ? {} : { checksum })];
    if (completed.name === undefined) return [];
    return [draftOf(completed.name, completed.version ?? '', completed.url === undefined ? {} : { sourceUrl: completed.url })];
  });
}

/** `constraints: any.aeson ==2.1.2.1,` one a line; flags (`aeson +bytestring-builder`) have no `==`. */
function parseCabalFreeze(bytes: Buffer): readonly PackageDraft[] {
  return [...readText(bytes).matchAll(/\bany\.([A-Za-z0-9-]+) ==(\d[\d.]*)/g)].map(([, name, version]) => draftOf(name ?? '', version ?? '', {}));
}

function draftOf(name: string, version: string, metadata: Readonly<Record<string, string>>): PackageDraft {
  return { name, version, purl: purlOf({ type: 'hackage', name, version }), metadata };
}

export const haskell = packageFileAnalyzer({
  name: 'haskell',
  description: 'Haskell packages that a stack.yaml.lock or cabal.project.freeze names.',
  version: 2,
  type: 'haskell',
  limit: LARGEST_YAML,
  matches: (path) => ['stack.yaml.lock', 'cabal.project.freeze'].includes(baseName(path)) && !isPublished(path),
  parse: (bytes, path) => (baseName(path) === 'stack.yaml.lock' ? parseStackLock(bytes) : parseCabalFreeze(bytes)),
});
