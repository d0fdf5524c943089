import type { ScannedPackage } from '../../../report/scanned.js';
import { fires, gate, locate, notEvaluated, trigger, type Firing, type Outcome, type Scan } from '../gate.js';
import { packageOrder } from '../packageOrder.js';
import { defaulted, LIST, oneOf, optional, required, STRING } from '../parameter.js';
import { failedVerifications, type FailedVerification } from './verification.js';

interface Prepared {
  readonly scan: Scan;
  readonly byName: ReadonlyMap<string, readonly ScannedPackage[]>;
  /** Made when the first rule asks. */
  readonly failed: () => readonly FailedVerification[];
}

const verify = trigger({
  name: 'verify',
  description: "Fires for each file that is not as the package's database says: missing, or of another checksum, mode or size. Configuration files are left out.",
  parameters: {
    only_packages: optional(LIST, { description: 'Only these packages.', example: 'libssl,openssl' }),
    only_directories: optional(LIST, { description: 'Only paths that begin so.', example: '/usr,/var/lib' }),
    check: optional(oneOf(['changed', 'missing']), { description: 'Only what changed, or only what is missing.', example: 'changed' }),
  },
  deviations: ['A path below a symlinked directory (/bin/ls where /bin leads to /usr/bin) is looked up where it leads.'],
  evaluate: ({ scan, failed }: Prepared, { only_packages: packages, only_directories: directories, check }) => fires(
    failed()
      .filter((one) => (packages?.includes(one.package) ?? true) && (directories?.some((directory) => one.path.startsWith(directory)) ?? true))
      .filter(({ status }) => check === undefined || status === check)
      .map((one) => ({
        message: `VERIFY check against package db for package '${one.package}' failed on entry '${one.path}' with status: '${one.status}'`,
        location: locate(scan, one.path, one.status === 'missing' ? undefined : scan.image.layerOf(one.realPath)),
      })),
  ),
});

const requiredPackage = trigger({
  name: 'required_package',
  description: 'Fires if a package is not installed, or is not at the version asked for.',
  parameters: {
    name: required(STRING, { description: 'Name of the package.', example: 'libssl' }),
    version: optional(STRING, { description: 'Its version, with the release.', example: '1.10.3rc3' }),
    version_match_type: defaulted(oneOf(['exact', 'minimum']), 'exact', { description: 'Whether it has to be this version, or this one or a newer one.', example: 'minimum' }),
  },
  deviations: ['minimum compares whole versions, release included, and of language packages too; where no order is known the rule is reported as not evaluated.'],
  evaluate: ({ scan, byName }: Prepared, { name, version, version_match_type: match }) => {
    const found = byName.get(name)?.[0];
    if (found === undefined) {
      const what = version === undefined || version === '' ? name : `${name},${version}`;
      return fires([{ message: `Required input package (${what}) is not present in container image` }]);
    }
    if (version === undefined || found.version === version) return fires([]);
    return match === 'exact'
      ? fires([about(scan, found, `Required input package (${name}) is present (${found.version}), but not at the version specified in policy (${name})`)])
      : atLeast(scan, found, version);
  },
});

function atLeast(scan: Scan, found: ScannedPackage, version: string): Outcome {
  const order = packageOrder(found);
  if (order === undefined) return notEvaluated(`there is no known order of versions of ${found.type} packages`);
  if (order.compare(found.version, version) >= 0) return fires([]);
  return fires([about(scan, found, `Required min-version input package (${found.name}) is present (${found.version}), but is lower version than what is specified in policy (${version})`)]);
}

const blacklist = trigger({
  name: 'blacklist',
  aliases: ['denylist'],
  description: "Fires for each installed package of the name, an operating system's or a language's.",
  parameters: {
    name: required(STRING, { description: 'Name of the package.', example: 'openssh-server' }),
    version: optional(STRING, { description: "Its version: of rpm and apk packages without the release, or whole.", example: '1.0.1' }),
  },
  evaluate: ({ scan, byName }: Prepared, { name, version }) => fires(
    (byName.get(name) ?? [])
      .filter((one) => version === undefined || version === '' || one.upstreamVersion === version || one.version === version)
      .map((one) => about(scan, one, `Package is blacklisted: ${name}${version === undefined || version === '' ? '' : `-${version}`}`)),
  ),
});

function about(scan: Scan, found: ScannedPackage, message: string): Firing {
  const path = found.path === '' ? undefined : found.path;
  return {
    message,
    location: locate(scan, path, found.layer),
    package: { name: found.name, version: found.version, purl: found.purl, ...(path === undefined ? {} : { path }) },
  };
}

export const packages = gate<Prepared>({
  name: 'packages',
  description: "Installed packages, and whether their files are as the package manager left them.",
  prepare: (scan) => {
    let failed: readonly FailedVerification[] | undefined;
    return { scan, byName: byName(scan.image.packages), failed: () => (failed ??= failedVerifications(scan.image)) };
  },
  triggers: [requiredPackage, verify, blacklist],
});

function byName(all: readonly ScannedPackage[]): ReadonlyMap<string, readonly ScannedPackage[]> {
  const names = new Map<string, ScannedPackage[]>();
  for (const one of all) {
    const same = names.get(one.name);
    if (same === undefined) names.set(one.name, [one]);
    else same.push(one);
  }
  return names;
}
