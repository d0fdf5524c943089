import type { ScannedPackage } from '../../../report/scanned.js';
import { fires, gate, locate, trigger, type Firing, type Scan } from '../gate.js';
import { LIST, required } from '../parameter.js';
import { spdxId } from '../spdx.js';

/** A license of a package: as it is written, and each license that is named in it. */
interface PackageLicense {
  readonly package: ScannedPackage;
  readonly license: string;
  readonly spdx: string;
}

interface Prepared {
  readonly scan: Scan;
  readonly licenses: readonly PackageLicense[];
}

const DEVIATIONS = [
  'Fires once for each package and license, with the id <license>+<package>; Anchore fires once for the image, with an id that every new package changes.',
  'Licenses are compared by their SPDX identifiers as well: GPLv2+ is GPL-2.0-or-later. AND, OR and WITH are no licenses.',
];

export const licenses = gate<Prepared>({
  name: 'licenses',
  description: 'Licenses of installed packages.',
  prepare: (scan) => ({ scan, licenses: scan.image.packages.flatMap(readLicenses) }),
  triggers: [
    trigger({
      name: 'blacklist_exact_match',
      aliases: ['denylist_exact_match'],
      description: 'Fires for each package under one of the licenses.',
      parameters: { licenses: required(LIST, { description: 'Names of licenses.', example: 'GPLv2+,GPL-3+,BSD-2-clause' }) },
      deviations: DEVIATIONS,
      evaluate: ({ scan, licenses: all }: Prepared, { licenses: listed }) => {
        const wanted = new Set([...listed, ...listed.map(spdxId)]);
        return fires(all.filter(({ license, spdx }) => wanted.has(license) || wanted.has(spdx)).map((one) => describe(scan, one, 'LICFULLMATCH')));
      },
    }),
    trigger({
      name: 'blacklist_partial_match',
      aliases: ['denylist_partial_match'],
      description: 'Fires for each package under a license whose name has one of the texts in it.',
      parameters: { licenses: required(LIST, { description: 'Parts of names.', example: 'LGPL,BSD' }) },
      deviations: DEVIATIONS,
      evaluate: ({ scan, licenses: all }: Prepared, { licenses: listed }) => fires(
        all.filter(({ license, spdx }) => listed.some((part) => license.includes(part) || spdx.includes(part))).map((one) => describe(scan, one, 'LICSUBMATCH')),
      ),
    }),
  ],
});

/** The words of an SPDX expression that are no license. */
const OPERATORS = new Set(['and', 'or', 'with', '&', '|']);

function readLicenses(found: ScannedPackage): readonly PackageLicense[] {
  const names = new Set<string>();
  for (const text of found.licenses) {
    const words = text.split(/[\s()]+/).filter((word) => word !== '' && !OPERATORS.has(word.toLowerCase()));
    // A name of several words (`Apache License 2.0`) is one license, if it is one that is known.
    const isName = words.length > 1 && spdxId(text) !== text.trim();
    for (const name of isName ? [text.trim()] : words) names.add(name);
  }
  return [...names].map((license) => ({ package: found, license, spdx: spdxId(license) }));
}

function describe(scan: Scan, { package: found, license }: PackageLicense, prefix: string): Firing {
  return {
    id: `${license}+${found.name}`,
    message: `${prefix} Packages are installed that have blacklisted licenses: ${found.name}(${license})`,
    location: locate(scan, found.path === '' ? undefined : found.path, found.layer),
    package: { name: found.name, version: found.version, purl: found.purl, path: found.path },
  };
}
