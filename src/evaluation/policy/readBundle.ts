import { readConfigFile } from '../configFile.js';
import type { Bundle } from './bundle.js';
import { bundleOf } from './bundleOf.js';

/** Reads a bundle, a policy, or a list of policies, in JSON or YAML. Throws InputError, with file and line, for whatever cannot be understood. */
export function readBundle(name: string, text: string): Bundle {
  return bundleOf(readConfigFile(name, text));
}
