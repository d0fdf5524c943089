import type { ImageView } from '../analyzer.js';
import type { InstalledPackage, OsPackageType, PackageFile } from '../package.js';
import { installedPackage, isPlausible, purlOf, type PackageDraft } from '../packageFile/draft.js';
import { distroQualifier, type Distro } from './distro.js';

/** A package of an operating system, as far as its format says; what is left out was not said. */
export interface OsPackage extends Omit<PackageDraft, 'purl'> {
  readonly purl: { readonly type: string; readonly namespace: string; readonly version?: string; readonly qualifiers?: Readonly<Record<string, string>> };
  readonly source?: { readonly name: string; readonly version: string };
  readonly verification?: readonly PackageFile[];
}

/** Where a package was stated. */
export interface Place {
  readonly location: string;
  readonly layer: number;
}

/** Makes the package: its URL with architecture and distribution, and everything that was not said as empty. */
export function osPackage(type: OsPackageType, said: OsPackage, place: Place, distro: Distro): InstalledPackage {
  const { source, verification, purl, ...draft } = said;
  const url = purlOf({
    type: purl.type,
    namespace: purl.namespace,
    name: said.name,
    version: purl.version ?? said.version,
    qualifiers: { arch: said.architecture ?? '', ...purl.qualifiers, distro: distroQualifier(distro) },
  });
  return {
    ...installedPackage(type, { ...draft, purl: url }, place.location, place.layer),
    source: source ?? { name: '', version: '' },
    verification: verification ?? [],
  };
}

/** Keeps packages with a believable name and a version; tells how many it left out, and where. */
export function plausible<Record extends { readonly name: string; readonly version: string }>(
  records: readonly Record[], path: string, view: Pick<ImageView<unknown>, 'problem'>,
): readonly Record[] {
  const kept = records.filter((record) => record.version !== '' && isPlausible({ ...record, purl: '' }));
  const left = records.length - kept.length;
  if (left > 0) view.problem(path, `${left} of ${records.length} packages have no believable name or version and are left out.`);
  return kept;
}

/** A record of verification with what a format does not say left null. */
export function packageFile(path: string, said: Partial<PackageFile>): PackageFile {
  return { path, digest: null, digestAlgorithm: null, mode: null, user: null, group: null, size: null, conffile: false, ...said };
}
