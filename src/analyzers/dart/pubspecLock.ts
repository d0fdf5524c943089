import * as z from 'zod';
import { baseName, packageFileAnalyzer } from '../packageFile/analyzer.js';
import { isPublished } from '../packageFile/published.js';
import { purlOf, type PackageDraft } from '../packageFile/draft.js';
import { LARGEST_YAML, readYaml, shaped } from '../packageFile/read.js';

/** Source: dart.dev, "Package dependencies", and pub's lock_file.dart. What `sdk` brings has no version of its own (0.0.0) and is left out. */
const PubspecLock = z.object({
  packages: z.record(z.string(), z.object({
    version: z.union([z.string(), z.number()]).transform(String),
    source: z.string().default('hosted'),
    dependency: z.string().optional(),
    description: z.union([z.string(), z.object({ url: z.string().optional(), 'resolved-ref': z.string().optional() })]).optional(),
  })).nullish(),
});

function parsePubspecLock(bytes: Buffer): readonly PackageDraft[] {
  const packages = Object.entries(shaped(PubspecLock, readYaml(bytes)).packages ?? {});
  return packages.filter(([, { source }]) => source !== 'sdk').map(([name, { version, source, dependency, description }]) => {
    const url = typeof description === 'object' ? (description.url ?? '') : '';
    const elsewhere = source === 'hosted' && !/^https:\/\/pub\.(?:dev|dartlang\.org)\/?$/.test(url) ? { hosted_url: url } : {};
    return {
      name,
      version,
      purl: purlOf({ type: 'pub', name, version, qualifiers: source === 'git' ? { vcs_url: url } : elsewhere }),
      metadata: { source, ...(url === '' ? {} : { sourceUrl: url }), ...(dependency === undefined ? {} : { dependency }) },
    };
  });
}

export const pubspecLock = packageFileAnalyzer({
  name: 'dart',
  description: 'Dart packages that a pubspec.lock names.',
  version: 2,
  type: 'dart',
  limit: LARGEST_YAML,
  matches: (path) => baseName(path) === 'pubspec.lock' && !isPublished(path),
  parse: parsePubspecLock,
});
