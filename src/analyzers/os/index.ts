import type { Analyzer } from '../analyzer.js';
import { apk } from './apk.js';
import { distro } from './distro.js';
import { dpkg } from './dpkg.js';
import { opkg } from './opkg.js';
import { pacman } from './pacman.js';
import { portage } from './portage.js';
import { rpm } from './rpm.js';

/** Analyzers of operating systems: the distribution and its packages. */
export const OS_ANALYZERS: readonly Analyzer[] = [distro, dpkg, apk, rpm, pacman, portage, opkg] as readonly Analyzer[];
