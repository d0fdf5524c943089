import { InputError } from '../../errors.js';
import { didYouMean } from '../../text/suggest.js';
import type { Bundle } from './bundle.js';
import { BUILT_IN, builtIn } from './builtin/index.js';
import { bundleOf } from './bundleOf.js';

/**
 * Loads policies by what the user calls them: a built-in name, or the path of a bundle, a policy or a list of policies.
 * @param readFile gives the text of a file, or undefined where there is none.
 * Throws InputError for a name that is neither, and for whatever cannot be understood.
 */
export async function loadPolicies(names: readonly string[], readFile: (path: string) => string | undefined): Promise<readonly Bundle[]> {
  const wanted = [...new Set(names.map((name) => name.trim()).filter((name) => name !== ''))];
  if (wanted.length === 0) throw new InputError(`No policy is named, and nothing would be evaluated. Name one of ${namesOfBuiltIns()}, or a file.`);
  return Promise.all(wanted.map((name) => loadPolicy(name, readFile)));
}

async function loadPolicy(name: string, readFile: (path: string) => string | undefined): Promise<Bundle> {
  const own = builtInBundle(name);
  if (own !== undefined) return own;
  const text = readFile(name);
  if (text === undefined) throw new InputError(`There is no policy ${JSON.stringify(name)}${didYouMean(name, BUILT_IN.map((known) => known.name))}: it is no file, and the built-in ones are ${namesOfBuiltIns()}. Name one of them, or the path of a bundle.`);
  // the reader of YAML is not loaded for our own
  const { readBundle } = await import('./readBundle.js');
  return readBundle(name, text);
}

/** Undefined for a name that no built-in policy has. Its lines are never asked for: it has no mistakes. */
export function builtInBundle(name: string): Bundle | undefined {
  const own = builtIn(name);
  return own && bundleOf({ file: name, value: own.value, lineOf: () => 1 });
}

function namesOfBuiltIns(): string {
  return BUILT_IN.map(({ name }) => name).join(', ');
}
