import { schemeOf, type AnyScheme } from '../advisories/versions/index.js';
import type { ScannedPackage } from '../../report/scanned.js';

/** OSV's name of the ecosystem whose order a type of package has. */
const ECOSYSTEMS: Readonly<Record<string, string>> = {
  dpkg: 'Debian', rpm: 'Red Hat', apk: 'Alpine', pacman: 'Arch Linux', opkg: 'Debian',
  npm: 'npm', python: 'PyPI', gem: 'RubyGems', java: 'Maven', go: 'Go', rust: 'crates.io', php: 'Packagist', dotnet: 'NuGet', r: 'CRAN',
  hex: 'Hex', dart: 'Pub', swift: 'SwiftURL', conan: 'ConanCenter', haskell: 'Hackage', conda: 'conda', bitnami: 'Bitnami',
};

/** How versions of a package are ordered; undefined where nobody knows. */
export function packageOrder({ type }: Pick<ScannedPackage, 'type'>): AnyScheme | undefined {
  const ecosystem = Object.hasOwn(ECOSYSTEMS, type) ? ECOSYSTEMS[type] : undefined;
  return ecosystem === undefined ? undefined : schemeOf(ecosystem);
}
