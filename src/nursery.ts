import { setFlagsFromString } from 'node:v8';

/**
 * Keeps V8's nursery at the size that it has, for whatever reads much: what it makes is short-lived or stays. Measured on a 676 MB image with
 * Node.js 24: 230 MB at the peak instead of 315 MB, for 3 % more time. Who reads little is better served with a nursery that grows.
 */
export function keepNurserySmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}
