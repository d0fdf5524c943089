import * as z from 'zod';
import { baseName, folderOf, packageFileAnalyzer } from '../packageFile/analyzer.js';
import { isPublished } from '../packageFile/published.js';
import { purlOf, type PackageDraft } from '../packageFile/draft.js';
import { readJson, shaped } from '../packageFile/read.js';

/**
 * Source: Composer, "The composer.json Schema" and Composer\Repository\FilesystemRepository.
 * Odd: Composer 1 writes installed.json as a list, Composer 2 as an object with `packages`; a version keeps the tag's `v`.
 */
const ComposerPackage = z.object({
  name: z.string(),
  version: z.union([z.string(), z.number()]).transform(String),
  type: z.string().optional(),
  description: z.string().nullish(),
  homepage: z.string().nullish(),
  license: z.union([z.string(), z.array(z.string())]).nullish(),
  authors: z.array(z.object({ name: z.string().nullish(), email: z.string().nullish() }).loose()).nullish(),
  require: z.union([z.record(z.string(), z.unknown()), z.array(z.unknown())]).nullish(),
  source: z.object({ url: z.string().nullish(), reference: z.string().nullish() }).nullish(),
});
type ComposerPackage = z.infer<typeof ComposerPackage>;

const Installed = z.union([z.array(ComposerPackage), z.object({ packages: z.array(ComposerPackage) }).transform(({ packages }) => packages)]);
const Lock = z.object({ packages: z.array(ComposerPackage).nullish(), 'packages-dev': z.array(ComposerPackage).nullish() });

function parseInstalled(bytes: Buffer): readonly PackageDraft[] {
  return shaped(Installed, readJson(bytes)).map((found) => draftOf(found));
}

function parseComposerLock(bytes: Buffer): readonly PackageDraft[] {
  const lock = shaped(Lock, readJson(bytes));
  return [
    ...(lock.packages ?? []).map((found) => draftOf(found)),
    ...(lock['packages-dev'] ?? []).map((found) => draftOf(found, { development: 'true' })),
  ];
}

/** What Composer installed below a vendor folder. */
export const composerInstalled = packageFileAnalyzer({
  name: 'composer',
  description: 'PHP packages that Composer installed (vendor/composer/installed.json).',
  version: 1,
  type: 'php',
  // Magento, one of the largest applications, has 2 MB.
  limit: 32 * 1024 * 1024,
  matches: (path) => /(?:^|\/)composer\/installed\.json$/.test(path),
  parse: parseInstalled,
});

/** A lock file speaks for packages only where none were installed beside it. */
export const composerLock = packageFileAnalyzer({
  name: 'composer-lock',
  description: 'PHP packages that a composer.lock names, where there is no vendor folder beside it.',
  version: 2,
  type: 'php',
  limit: 32 * 1024 * 1024,
  matches: (path) => baseName(path) === 'composer.lock' && !isPublished(path),
  parse: parseComposerLock,
  choose: (packages, view) => packages.filter(({ location }) => !view.image.flattened.nodes.has(`${folderOf(location)}/vendor/composer/installed.json`)),
});

function draftOf(found: ComposerPackage, extra: Readonly<Record<string, string>> = {}): PackageDraft {
  const slash = found.name.indexOf('/');
  const author = found.authors?.[0];
  return {
    name: found.name,
    version: found.version,
    purl: purlOf({ type: 'composer', namespace: found.name.slice(0, Math.max(0, slash)), name: found.name.slice(slash + 1), version: found.version }),
    licenses: typeof found.license === 'string' ? [found.license] : (found.license ?? []),
    origin: author === undefined ? '' : [author.name, author.email && `<${author.email}>`].filter(Boolean).join(' '),
    // `php`, `ext-json` … are the platform, not packages.
    dependencies: Array.isArray(found.require) ? [] : Object.keys(found.require ?? {}).filter((name) => name.includes('/')),
    metadata: {
      ...extra,
      ...(found.type === undefined ? {} : { type: found.type }),
      ...(found.homepage ? { homepage: found.homepage } : {}),
      ...(found.source?.url ? { sourceUrl: found.source.url } : {}),
      ...(found.source?.reference ? { sourceReference: found.source.reference } : {}),
    },
  };
}
