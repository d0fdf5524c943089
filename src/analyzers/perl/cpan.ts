import * as z from 'zod';
import { baseName, packageFileAnalyzer } from '../packageFile/analyzer.js';
import { purlOf, type PackageDraft } from '../packageFile/draft.js';
import { LARGEST_YAML, readJson, readYaml, shaped } from '../packageFile/read.js';

/**
 * What a CPAN distribution says of itself: META.json (specification 2), META.yml (1.x), and MYMETA.*, what an installer made of them.
 * Source: CPAN::Meta::Spec. Odd: versions may be numbers, licences a word or a list, authors likewise.
 */
const words = z.union([z.string(), z.array(z.string())]).nullish().transform((value) => (typeof value === 'string' ? [value] : (value ?? [])));
const CpanMeta = z.object({
  name: z.string().nullish(),
  version: z.union([z.string(), z.number()]).nullish(),
  license: words.catch([]),
  author: words.catch([]),
  'meta-spec': z.unknown().optional(),
  generated_by: z.unknown().optional(),
  requires: z.record(z.string(), z.unknown()).nullish().catch(null),
  prereqs: z.object({ runtime: z.object({ requires: z.record(z.string(), z.unknown()) }) }).nullish().catch(null),
  resources: z.object({ homepage: z.string() }).nullish().catch(null),
});

function parseCpanMeta(bytes: Buffer, path: string): readonly PackageDraft[] {
  const meta = shaped(CpanMeta, path.endsWith('.json') ? readJson(bytes) : readYaml(bytes));
  const name = (meta.name ?? '').replaceAll('::', '-');
  const version = String(meta.version ?? '');
  // META.json is not Perl's alone (PostgreSQL's extensions have one): CPAN's tools always say who wrote it.
  if (name === '' || version === '' || (meta['meta-spec'] === undefined && meta.generated_by === undefined)) return [];
  const needs = meta.prereqs?.runtime.requires ?? meta.requires ?? {};
  return [{
    name,
    version,
    purl: cpanPurl(name, version),
    licenses: meta.license.filter((word) => word !== 'unknown' && word !== 'open_source'),
    origin: meta.author.join(', '),
    dependencies: Object.keys(needs).filter((module) => module !== 'perl'),
    metadata: meta.resources?.homepage === undefined ? {} : { homepage: meta.resources.homepage },
  }];
}

/** CPAN names distributions with hyphens, modules with colons. */
export function cpanPurl(name: string, version: string): string {
  return purlOf({ type: 'cpan', name, version });
}

export const cpanMeta = packageFileAnalyzer({
  name: 'cpan',
  description: 'Perl distributions that say what they are (META.json, META.yml, MYMETA.*).',
  version: 1,
  type: 'perl',
  limit: LARGEST_YAML,
  matches: (path) => /^(?:MY)?META\.(?:json|yml)$/.test(baseName(path)),
  parse: parseCpanMeta,
  // A distribution usually brings both forms: one statement of a folder is enough, JSON's first (it sorts first).
  choose: (packages) => [...new Map([...packages].reverse().map((found) => [`${found.location.slice(0, found.location.lastIndexOf('/'))} ${found.name}`, found])).values()].reverse(),
});
