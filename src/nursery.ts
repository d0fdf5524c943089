import { setFlagsFromString } from 'node:v8';

/**
 * Keeps V8's nursery at its first size: what a scan makes is short-lived or stays. Measured on a 676 MB image with Node.js 24:
 * 230 MB at the peak instead of 315 MB, for 3 % more time. Imported first, since a nursery that has grown stays large.
 */
setFlagsFromString('--semi-space-growth-factor=1');
