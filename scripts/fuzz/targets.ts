import type { FuzzTarget } from './target.js';
import { executableTargets } from './targets/executables.js';
import { imageTargets } from './targets/image.js';
import { kernelTargets } from './targets/kernel.js';
import { keyTargets } from './targets/keys.js';
import { rpmTargets } from './targets/rpm.js';
import { textTargets } from './targets/text.js';
import { zipTargets } from './targets/zip.js';

/** Every parser of binary formats, and readers of text. A new one is a file in targets/ and a line here. */
export const TARGETS: readonly FuzzTarget[] = [...imageTargets, ...executableTargets, ...kernelTargets, ...keyTargets, ...rpmTargets, ...zipTargets, ...textTargets];
