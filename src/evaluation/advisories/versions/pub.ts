import { compareText } from './order.js';
import { compareLoose, parseLoose, semver, type LooseSemver } from './semver.js';
import type { VersionScheme } from './scheme.js';

/** Dart's pub_semver: SemVer, except that build data is ordered too, and after the bare version. */
export const pub: VersionScheme<LooseSemver> = {
  name: 'Pub',
  parse: (text) => parseLoose(text, 3),
  compare: (a, b) => compareLoose(a, b) || compareText(a.build, b.build),
  reads: semver.reads,
};
