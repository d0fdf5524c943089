import type { Analyzer } from '../analyzer.js';
import { apk } from './apk.js';
import { distro } from './distro.js';
import { dpkg } from './dpkg.js';
import { rpm } from './rpm.js';

/** Analyzers of operating systems: the distribution and its packages. */
export const OS_ANALYZERS: readonly Analyzer[] = [distro, dpkg, apk, rpm] as readonly Analyzer[];
