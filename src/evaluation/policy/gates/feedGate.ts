import { fires, gate, locate, notEvaluated, trigger, type Firing, type Gate, type Scan } from '../gate.js';
import { optional, required, STRING } from '../parameter.js';
import type { ScannedPackage } from '../../../report/scanned.js';

/** What sets the gates for npm packages and for gems apart. */
interface Ecosystem {
  readonly name: string;
  readonly description: string;
  /** Type of the packages in the report. */
  readonly packageType: string;
  /** `NPM`, `Gem`: how the messages name it. */
  readonly noun: string;
  readonly registry: string;
  readonly triggers: { readonly newer: string; readonly unknown: string; readonly versionUnknown: string; readonly denied: string; readonly deniedAliases: readonly string[] };
}

interface Prepared {
  readonly scan: Scan;
  readonly packages: readonly ScannedPackage[];
}

/** A gate about the packages of one language, three of whose triggers compare them with the list of all packages of its registry. */
export function feedGate(ecosystem: Ecosystem): Gate {
  const { triggers, noun } = ecosystem;
  const fromFeed = (name: string, description: string): ReturnType<typeof trigger<Prepared, Record<string, never>>> => trigger({
    name,
    description,
    parameters: {},
    deviations: ['There is no such list here, so the rule is reported as not evaluated where the image has such packages; Anchore is silent without its feed.'],
    evaluate: ({ packages }: Prepared) => (
      packages.length === 0 ? fires([]) : notEvaluated(`no list of all packages of ${ecosystem.registry} is available: ${packages.length} installed packages were not looked up`)
    ),
  });
  return gate<Prepared>({
    name: ecosystem.name,
    description: ecosystem.description,
    prepare: (scan) => ({ scan, packages: scan.image.packages.filter(({ type }) => type === ecosystem.packageType) }),
    triggers: [
      fromFeed(triggers.newer, `Fires for each package that is not the newest of ${ecosystem.registry}.`),
      fromFeed(triggers.unknown, `Fires for each package whose name is not in ${ecosystem.registry}.`),
      fromFeed(triggers.versionUnknown, `Fires for each package whose name is in ${ecosystem.registry}, but not its version.`),
      trigger({
        name: triggers.denied,
        aliases: triggers.deniedAliases,
        description: 'Fires if a package of the name, and of the version if one is given, is installed.',
        parameters: {
          name: required(STRING, { description: 'Name of the package.', example: 'time_diff' }),
          version: optional(STRING, { description: 'Its version.', example: '0.2.9' }),
        },
        evaluate: ({ packages, scan }: Prepared, { name, version }) => {
          const found = packages.find((one) => one.name === name && (version === undefined || one.version === version));
          return fires(found === undefined ? [] : [denied(scan, found, `${noun} Package is blacklisted: ${name}${version === undefined ? '' : `-${version}`}`)]);
        },
      }),
      trigger({
        name: 'feed_data_unavailable',
        description: `Fires if there is no list of all packages of ${ecosystem.registry}: here always, even where the image has no such package.`,
        parameters: {},
        evaluate: () => fires([{
          message: `${noun} packages are present but the anchore ${noun.toLowerCase()} feed is not available - will be unable to perform checks that require feed data`,
        }]),
      }),
    ],
  });
}

function denied(scan: Scan, found: ScannedPackage, message: string): Firing {
  return {
    message,
    location: locate(scan, found.path === '' ? undefined : found.path, found.layer),
    package: { name: found.name, version: found.version, purl: found.purl, path: found.path },
  };
}
