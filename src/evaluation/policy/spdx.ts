import ids from 'spdx-license-ids/index.json' with { type: 'json' };

const BY_LOWER_CASE: ReadonlyMap<string, string> = new Map(ids.map((id) => [id.toLowerCase(), id]));

/** Names that package databases use, in lower case, and SPDX's identifier. Source: spdx.org/licenses, Debian's copyright format 1.0. */
const COMMON_NAMES: Readonly<Record<string, string>> = {
  'apache': 'Apache-2.0', 'apache2': 'Apache-2.0', 'apache-2': 'Apache-2.0', 'apachev2': 'Apache-2.0', 'asl 2.0': 'Apache-2.0',
  'apache 2.0': 'Apache-2.0', 'apache license 2.0': 'Apache-2.0', 'apache license, version 2.0': 'Apache-2.0', 'apache software license': 'Apache-2.0',
  'expat': 'MIT', 'mit license': 'MIT', 'mit/x11': 'MIT', 'the mit license': 'MIT',
  'bsd-2': 'BSD-2-Clause', 'bsd-3': 'BSD-3-Clause', 'bsd 3-clause': 'BSD-3-Clause', 'new bsd': 'BSD-3-Clause', 'simplified bsd': 'BSD-2-Clause',
  'psf': 'PSF-2.0', 'psfl': 'PSF-2.0', 'python': 'PSF-2.0', 'mpl': 'MPL-2.0', 'mplv2.0': 'MPL-2.0', 'mpl-2': 'MPL-2.0', 'isc license': 'ISC',
  'zlib/libpng': 'Zlib', 'cc0': 'CC0-1.0', 'unlicense': 'Unlicense',
};

const GNU = /^(a|l|)gpl(?:[-\s]?v?(?:ersion\s)?(\d)(?:\.(\d))?)(\+|-or-later|-only|\s?or later)?$/i;

/** SPDX's identifier of a license as packages name it (`GPLv2+` is `GPL-2.0-or-later`); unchanged where there is none. */
export function spdxId(name: string): string {
  const trimmed = name.trim();
  const lower = trimmed.toLowerCase();
  const gnu = GNU.exec(trimmed);
  if (gnu !== null) {
    const later = gnu[4] !== undefined && gnu[4] !== '-only';
    return `${(gnu[1] as string).toUpperCase()}GPL-${gnu[2]}.${gnu[3] ?? '0'}-${later ? 'or-later' : 'only'}`;
  }
  if (Object.hasOwn(COMMON_NAMES, lower)) return COMMON_NAMES[lower] as string;
  return BY_LOWER_CASE.get(lower) ?? trimmed;
}
