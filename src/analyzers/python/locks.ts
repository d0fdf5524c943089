import * as z from 'zod';
import type { PackageDraft } from '../packageFile/draft.js';
import { readJson, readText, readToml, shaped } from '../packageFile/read.js';
import { pypiPurl } from './distribution.js';
import type { PythonFileKind } from './files.js';
import { readRequirements } from './requirements.js';

/** poetry.lock, uv.lock, pdm.lock, pylock.toml: all are TOML with a table for each package. */
const packageTables = z.object({
  name: z.string(),
  version: z.string().optional(),
  /** uv: `{editable = "."}` and the like are the application itself. */
  source: z.record(z.string(), z.unknown()).optional(),
  /** Poetry 1: `main` or `dev`. */
  category: z.string().optional(),
  /** Poetry 2 (`main`) and pdm (`default`): every group that needs it. */
  groups: z.array(z.string()).optional(),
  dependencies: z.unknown().optional(),
});
const tomlLock = z.object({ package: z.array(packageTables).default([]) });
/** PEP 751. */
const pylock = z.object({ packages: z.array(packageTables).default([]) });
const pipfileLock = z.object({ default: z.record(z.string(), z.object({ version: z.string().optional() })).default({}) });

/** The packages that a lock file pins; what only development needs is left out where the file says it. */
export function readPythonLock(kind: PythonFileKind, bytes: Buffer): PackageDraft[] {
  switch (kind) {
    case 'poetry-lock': case 'uv-lock': case 'pdm-lock': return tableDrafts(shaped(tomlLock, readToml(bytes)).package);
    case 'pylock': return tableDrafts(shaped(pylock, readToml(bytes)).packages);
    case 'pipfile-lock': return pipfileDrafts(bytes);
    case 'requirements': return readRequirements(readText(bytes)).map(({ name, version }) => draft(name, version, []));
    default: return [];
  }
}

type PackageTable = z.infer<typeof packageTables>;

function tableDrafts(tables: readonly PackageTable[]): PackageDraft[] {
  return tables
    .filter((table) => !isOwn(table) && !isForDevelopment(table))
    .map(({ name, version, dependencies }) => draft(name, version ?? '', dependencyNames(dependencies)));
}

function isOwn({ source }: PackageTable): boolean {
  return source !== undefined && ['editable', 'virtual', 'directory'].some((kind) => Object.hasOwn(source, kind));
}

function isForDevelopment({ category, groups }: PackageTable): boolean {
  return category === 'dev' || (groups !== undefined && groups.length > 0 && groups.every((group) => /^(?:dev|develop|test|tests|lint|docs?)$/.test(group)));
}

/** Poetry has a table of names, uv a list of `{name = …}`, pdm a list of requirements. */
function dependencyNames(dependencies: unknown): string[] {
  if (Array.isArray(dependencies)) {
    return (dependencies as unknown[]).flatMap((item) => {
      const name = typeof item === 'string' ? /^[\w.-]{1,200}/.exec(item)?.[0] : named.safeParse(item).data?.name;
      return name === undefined ? [] : [name];
    });
  }
  return typeof dependencies === 'object' && dependencies !== null ? Object.keys(dependencies) : [];
}

const named = z.object({ name: z.string() });

function pipfileDrafts(bytes: Buffer): PackageDraft[] {
  const { default: pinned } = shaped(pipfileLock, readJson(bytes));
  return Object.entries(pinned).map(([name, { version = '' }]) => draft(name, version.replace(/^==/, ''), []));
}

function draft(name: string, version: string, dependencies: readonly string[]): PackageDraft {
  return { name, version, purl: pypiPurl(name, version), dependencies, metadata: { stated: 'lock file' } };
}
