import * as z from 'zod';
import { baseName, packageFileAnalyzer } from '../packageFile/analyzer.js';
import { purlOf, type PackageDraft } from '../packageFile/draft.js';
import { readJson, shaped } from '../packageFile/read.js';

/** Source: Swift Package Manager, PinsStore.swift: version 1 nests the pins in `object`, 2 and 3 do not. */
const State = z.object({ revision: z.string().nullish(), version: z.string().nullish(), branch: z.string().nullish() });
const Pin1 = z.object({ package: z.string(), repositoryURL: z.string(), state: State });
const Pin2 = z.object({ identity: z.string(), location: z.string(), state: State });
const Resolved = z.union([
  z.object({ object: z.object({ pins: z.array(Pin1) }) }).transform(({ object }) => object.pins.map((pin) => ({ name: pin.package, url: pin.repositoryURL, state: pin.state }))),
  z.object({ pins: z.array(Pin2) }).transform(({ pins }) => pins.map((pin) => ({ name: pin.identity, url: pin.location, state: pin.state }))),
]);

/** A pin to a branch has no version: its commit stands in for it. */
function parsePackageResolved(bytes: Buffer): readonly PackageDraft[] {
  return shaped(Resolved, readJson(bytes)).map(({ name, url, state }) => {
    const version = state.version ?? state.revision ?? '';
    return {
      name,
      version,
      purl: swiftPurl(name, url, version),
      metadata: { sourceUrl: url, ...(state.revision ? { revision: state.revision } : {}), ...(state.branch ? { branch: state.branch } : {}) },
    };
  });
}

/** The namespace is the host and the path to the repository: `github.com/apple`, the name is the repository's. */
function swiftPurl(name: string, url: string, version: string): string {
  const place = url.replace(/^[a-z+]+:\/\/(?:[^@/]*@)?/i, '').replace(/^[^@/:]+@([^:/]+):/, '$1/').replace(/\/+$/, '').replace(/\.git$/, '');
  const slash = place.lastIndexOf('/');
  return slash < 0 ? purlOf({ type: 'generic', name, version }) : purlOf({ type: 'swift', namespace: place.slice(0, slash), name: place.slice(slash + 1), version });
}

export const packageResolved = packageFileAnalyzer({
  name: 'swift',
  description: 'Swift packages that a Package.resolved names.',
  version: 1,
  type: 'swift',
  limit: 4 * 1024 * 1024,
  matches: (path) => baseName(path) === 'Package.resolved' || path.endsWith('/.package.resolved'),
  parse: parsePackageResolved,
});
