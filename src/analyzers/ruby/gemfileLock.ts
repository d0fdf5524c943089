import { linesOf } from '../../text/lines.js';

/** One gem that a Gemfile.lock pins. */
export interface LockedGem {
  readonly name: string;
  readonly version: string;
  /** `x86_64-linux`, or the empty string. */
  readonly platform: string;
  readonly dependencies: readonly string[];
}

/**
 * The gems of a Gemfile.lock: four spaces, `name (version)`, below `specs:` of GEM and GIT; six spaces are what that one needs.
 * PATH's gems are the application's own. Source: rubygems/rubygems, Bundler::LockfileParser.
 */
export function parseGemfileLock(text: string): LockedGem[] {
  const gems: (LockedGem & { readonly dependencies: string[] })[] = [];
  let section = '';
  for (const line of linesOf(text)) {
    if (/^[A-Z]/.test(line)) section = line.trim();
    if (section !== 'GEM' && section !== 'GIT') continue;
    const [, indent = '', name = '', stated = ''] = /^( {4}| {6})([\w.-]{1,200})(?: \(([^()]{1,200})\))?!?$/.exec(line) ?? [];
    if (indent.length === 6) gems.at(-1)?.dependencies.push(name);
    else if (name !== '' && stated !== '') {
      // a gem's version has no dash, so what follows one is the platform
      const [version = '', ...platform] = stated.split('-');
      gems.push({ name, version, platform: platform.join('-'), dependencies: [] });
    }
  }
  return gems;
}
