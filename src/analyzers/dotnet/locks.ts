import { XMLParser } from 'fast-xml-parser';
import * as z from 'zod';
import { baseName, packageFileAnalyzer } from '../packageFile/analyzer.js';
import type { PackageDraft } from '../packageFile/draft.js';
import { FormatError, readJson, readText, shaped } from '../packageFile/read.js';
import { nugetPurl } from './depsJson.js';

/** packages.lock.json and packages.config. Source: Microsoft Learn, "NuGet dependency resolution" and "packages.config reference". */
const PackagesLock = z.object({
  dependencies: z.record(z.string(), z.record(z.string(), z.object({
    type: z.string().default(''),
    resolved: z.string().optional(),
    contentHash: z.string().optional(),
    dependencies: z.record(z.string(), z.unknown()).optional(),
  }))).default({}),
});

/** A package that several frameworks name at one version is one; a `Project` is none. */
function parsePackagesLock(bytes: Buffer): readonly PackageDraft[] {
  const drafts = new Map<string, PackageDraft>();
  for (const [framework, packages] of Object.entries(shaped(PackagesLock, readJson(bytes)).dependencies)) {
    for (const [name, { type, resolved = '', contentHash, dependencies }] of Object.entries(packages)) {
      if (type === 'Project' || drafts.has(`${name}/${resolved}`)) continue;
      drafts.set(`${name}/${resolved}`, {
        name,
        version: resolved,
        purl: nugetPurl(name, resolved),
        dependencies: Object.keys(dependencies ?? {}),
        metadata: { framework, dependency: type, ...(contentHash === undefined ? {} : { contentHash }) },
      });
    }
  }
  return [...drafts.values()];
}

const PackagesConfig = z.object({
  packages: z.union([z.literal(''), z.object({ package: z.array(z.object({ id: z.string(), version: z.string(), targetFramework: z.string().optional() })).default([]) })]),
});

function parsePackagesConfig(bytes: Buffer): readonly PackageDraft[] {
  const { packages } = shaped(PackagesConfig, readXml(bytes));
  if (packages === '') return [];
  return packages.package.map(({ id, version, targetFramework }) => ({
    name: id, version, purl: nugetPurl(id, version), metadata: targetFramework === undefined ? {} : { framework: targetFramework },
  }));
}

/** Entities are not expanded, so there are no bombs of them. */
function readXml(bytes: Buffer): unknown {
  const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '', processEntities: false, parseAttributeValue: false, isArray: (name) => name === 'package' });
  try {
    return parser.parse(readText(bytes)) as unknown;
  } catch {
    throw new FormatError('is not readable as XML');
  }
}

export const nugetLocks = packageFileAnalyzer({
  name: 'dotnet-locks',
  description: '.NET packages that a packages.lock.json or packages.config names.',
  version: 1,
  type: 'dotnet',
  limit: 8 * 1024 * 1024,
  matches: (path) => ['packages.lock.json', 'packages.config'].includes(baseName(path)),
  parse: (bytes, path) => (baseName(path) === 'packages.lock.json' ? parsePackagesLock(bytes) : parsePackagesConfig(bytes)),
});
