import { compareLoose, parseLoose, semver, type LooseSemver } from './semver.js';
import type { VersionScheme } from './scheme.js';

/**
 * Go modules (https://go.dev/ref/mod#versions): SemVer with a `v`; pseudo-versions sort by it as they are, `+incompatible` is build data.
 * The toolchain's own `go1.22rc1` becomes `1.22.0-rc.1`, which is how the Go database writes it; what follows a blank or a vendor's dash is dropped.
 */
function parse(text: string): LooseSemver {
  const toolchain = /^(?:go)?(\d+)\.(\d+)(?:\.(\d+))?(?:(beta|rc)(\d+))?(?=$|[\s-])/.exec(text);
  const isToolchain = toolchain !== null && (text.startsWith('go') || toolchain[4] !== undefined);
  if (!isToolchain) return parseLoose(text, 3);
  const [, major = '0', minor = '0', patch = '0', kind, count = '0'] = toolchain;
  return { numbers: [major, minor, patch], prerelease: kind === undefined ? '' : `${kind}.${count}`, build: '' };
}

export const go: VersionScheme<LooseSemver> = {
  name: 'Go',
  parse,
  compare: compareLoose,
  reads: (text) => semver.reads(text) || /^go\d+\.\d+/.test(text),
};
