import type { Analyzer } from '../analyzer.js';
import { capabilities } from './capabilities.js';
import { certificates } from './certificates.js';
import { openPorts } from './open-ports.js';
import { sshHostKeys } from './ssh-host-keys.js';
import { users } from './users.js';
import { worldWritable } from './world-writable.js';

/** Who may do what in a container of the image, and what stands open. */
export const SECURITY_ANALYZERS: readonly Analyzer[] = [users(), openPorts(), capabilities(), worldWritable(), certificates(), sshHostKeys()] as Analyzer[];
