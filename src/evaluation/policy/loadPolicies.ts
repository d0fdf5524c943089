import { InputError } from '../../errors.js';
import { didYouMean } from '../../text/suggest.js';
import type { Bundle } from './bundle.js';
import { BUILT_IN, builtIn } from './builtin/index.js';
import { readBundle } from './readBundle.js';

/**
 * Loads policies by what the user calls them: a built-in name, or the path of a bundle, a policy or a list of policies.
 * @param readFile gives the text of a file, or undefined where there is none.
 * Throws InputError for a name that is neither, and for whatever cannot be understood.
 */
export function loadPolicies(names: readonly string[], readFile: (path: string) => string | undefined): readonly Bundle[] {
  const wanted = [...new Set(names.map((name) => name.trim()).filter((name) => name !== ''))];
  if (wanted.length === 0) throw new InputError(`No policy is named, and nothing would be evaluated. Name one of ${namesOfBuiltIns()}, or a file.`);
  return wanted.map((name) => loadPolicy(name, readFile));
}

function loadPolicy(name: string, readFile: (path: string) => string | undefined): Bundle {
  const own = builtIn(name);
  if (own !== undefined) return readBundle(name, own.text);
  const text = readFile(name);
  if (text === undefined) throw new InputError(`There is no policy ${JSON.stringify(name)}${didYouMean(name, BUILT_IN.map((known) => known.name))}: it is no file, and the built-in ones are ${namesOfBuiltIns()}. Name one of them, or the path of a bundle.`);
  return readBundle(name, text);
}

function namesOfBuiltIns(): string {
  return BUILT_IN.map(({ name }) => name).join(', ');
}
