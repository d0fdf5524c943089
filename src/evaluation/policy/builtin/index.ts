import standard from './default.json' with { type: 'json' };
import dockerfileBestPractices from './dockerfile-best-practices.json' with { type: 'json' };
import nist from './nist-800-190.json' with { type: 'json' };
import pci from './pci.json' with { type: 'json' };

export interface BuiltIn {
  /** What `policies` takes. */
  readonly name: string;
  readonly title: string;
  /** What it is for, in a sentence. */
  readonly description: string;
  /** The bundle. */
  readonly value: unknown;
  /** The bundle, as a user copies and edits it. */
  readonly text: string;
}

/** The policies that come with the tool. */
export const BUILT_IN: readonly BuiltIn[] = [standard, dockerfileBestPractices, nist, pci].map((bundle) => ({
  name: bundle.id,
  title: bundle.name,
  description: bundle.comment,
  value: bundle,
  get text() { return `${JSON.stringify(bundle, null, 2)}\n`; },
}));

export function builtIn(name: string): BuiltIn | undefined {
  return BUILT_IN.find((one) => one.name === name);
}
