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
 * When the advisories were last brought up to date, in milliseconds; undefined where nobody knows. A source is published as a whole,
 * so its newest record tells, whatever ecosystem it is of: a distribution that has ended gets no new ones.
 */
export function lastUpdate(answer: AdvisoryAnswer): number | undefined {
  const times = [answer.used.newest, ...Object.values(answer.newest)].map((date) => Date.parse(date ?? '')).filter((time) => !Number.isNaN(time));
  return times.length === 0 ? undefined : Math.max(...times);
}
