import { compareLoose, parseLoose, semver, type LooseSemver } from './semver.js';
import type { VersionScheme } from './scheme.js';

/** NuGet: four numbers, words without regard to case. https://learn.microsoft.com/nuget/concepts/package-versioning */
export const nuget: VersionScheme<LooseSemver> = {
  name: 'NuGet',
  parse: (text) => parseLoose(text.toLowerCase(), 4),
  compare: compareLoose,
  reads: semver.reads,
};
