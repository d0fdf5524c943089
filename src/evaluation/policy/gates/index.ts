import type { Gate, Trigger } from '../gate.js';
import { always } from './always.js';
import { distro } from './distro.js';
import { dockerfile } from './dockerfile.js';
import { files } from './files.js';
import { licenses } from './licenses.js';
import { malware } from './malware.js';
import { metadata } from './metadata.js';
import { npms } from './npms.js';
import { packages } from './packages.js';
import { passwdFile } from './passwdFile.js';
import { retrievedFiles } from './retrievedFiles.js';
import { rubyGems } from './rubyGems.js';
import { secretScans } from './secretScans.js';
import { vulnerabilities } from './vulnerabilities.js';

/** Every gate. A new one is one new file, and one line here. */
export const GATES: readonly Gate[] = [
  always, dockerfile, files, passwdFile, retrievedFiles, secretScans, metadata, packages, licenses, npms, rubyGems, malware, vulnerabilities, distro,
];

/** Gates of releases before 1.0, and what took their place; the empty string where nothing did. Source: Anchore Engine 1.1.0, gates/eol. */
const ENDED_GATES: Readonly<Record<string, string>> = {
  anchoresec: 'vulnerabilities', dockerfilecheck: 'dockerfile', filecheck: 'files', pkgcheck: 'packages', pkgblacklist: 'packages',
  fileparse_passwd: 'passwd_file', gemcheck: 'ruby_gems', npmcheck: 'npms', metadatacheck: 'metadata', licblacklist: 'licenses', secretcheck: 'secret_scans',
  suiddiff: '', pkgdiff: '', imagecheck: '',
};

/** What took the place of a gate that has ended; undefined for any other name. */
export function endedGate(name: string): string | undefined {
  const lower = name.toLowerCase();
  return Object.hasOwn(ENDED_GATES, lower) ? ENDED_GATES[lower] : undefined;
}

/** By name, in whatever case. */
export function findGate(name: string): Gate | undefined {
  const lower = name.toLowerCase();
  return GATES.find((gate) => gate.name === lower) ?? (lower === 'gems' ? rubyGems : undefined);
}

export function findTrigger(gate: Gate, name: string): Trigger | undefined {
  const lower = name.toLowerCase();
  return gate.triggers.find((trigger) => trigger.name === lower || trigger.aliases.includes(lower));
}
