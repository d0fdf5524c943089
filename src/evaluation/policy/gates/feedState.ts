import type { AdvisoryAnswer } from '../../vulnerability.js';
import { osEcosystem } from '../../advisories/distributions.js';
import { baseOf } from '../../advisories/versions/index.js';
import type { Scan } from '../gate.js';

export function hasOsPackages({ image }: Scan): boolean {
  return image.packages.some(({ kind }) => kind === 'os');
}

/** Whether there are advisories for the image's distribution. */
export function coversDistro({ advisories, image }: Scan): boolean {
  if ('unavailable' in advisories) return false;
  const system = osEcosystem(image.distro);
  if (!('ecosystems' in system)) return false;
  const covered = new Set(advisories.covered.map(baseOf));
  return system.ecosystems.some((ecosystem) => covered.has(baseOf(ecosystem)));
}

/**
 * When the advisories of the image's distribution were last brought up to date, in milliseconds; undefined where nobody knows.
 * Where nothing is of a distribution (a static binary from scratch), the newest record of what else the image has tells.
 */
export function lastUpdate(answer: AdvisoryAnswer, scan: Scan): number | undefined {
  const system = osEcosystem(scan.image.distro);
  const own = new Set('ecosystems' in system ? system.ecosystems.map(baseOf) : []);
  const dates = hasOsPackages(scan) ? Object.entries(answer.newest).filter(([ecosystem]) => own.has(baseOf(ecosystem))).map(([, date]) => date) : [answer.used.newest ?? '', ...Object.values(answer.newest)];
  const times = dates.map((date) => Date.parse(date)).filter((time) => !Number.isNaN(time));
  return times.length === 0 ? undefined : Math.max(...times);
}
