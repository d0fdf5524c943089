import type { Analyzer } from '../analyzer.js';
import { apk } from './apk.js';
import { cron } from './cron.js';
import { distro } from './distro.js';
import { dpkg } from './dpkg.js';
import { linuxKernel, linuxKernelModules } from './kernel.js';
import { opkg } from './opkg.js';
import { pacman } from './pacman.js';
import { portage } from './portage.js';
import { rpm } from './rpm.js';
import { units } from './units.js';

/** Analyzers of operating systems: the distribution, its packages, its kernels, what it starts. */
export const OS_ANALYZERS: readonly Analyzer[] = [
  distro, dpkg, apk, rpm, pacman, portage, opkg, linuxKernel, linuxKernelModules, units, cron,
] as readonly Analyzer[];
