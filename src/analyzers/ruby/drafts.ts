import { onlySaid, purlOf, type PackageDraft } from '../packageFile/draft.js';
import type { Gemspec } from './gemspec.js';
import type { LockedGem } from './gemfileLock.js';

/** A gem by its gemspec at `location` (absolute), whose version may have been found elsewhere. */
export function gemDraft(gemspec: Gemspec, version: string, location: string): PackageDraft {
  const { name, platform, homepage, summary } = gemspec;
  const folder = gemFolder(gemspec, version, location);
  return {
    name,
    version,
    purl: purlOf({ type: 'gem', name, version }),
    licenses: gemspec.licenses,
    origin: gemspec.authors.join(', '),
    files: gemspec.files.map((file) => `${folder}/${file.replace(/^(?:\.?\/)+/, '')}`),
    dependencies: gemspec.dependencies,
    metadata: onlySaid({ homepage, summary, platform: platform === 'ruby' ? '' : platform, gemFolder: folder }),
  };
}

/** Where the gem's files are: `…/gems/NAME-VERSION[-PLATFORM]` beside `specifications`; a source gemspec lies among them. */
function gemFolder({ name, platform }: Gemspec, version: string, location: string): string {
  const specifications = location.lastIndexOf('/specifications/');
  if (specifications < 0) return location.slice(0, location.lastIndexOf('/'));
  const full = [name, version, ...(platform === '' || platform === 'ruby' ? [] : [platform])].join('-');
  return `${location.slice(0, specifications)}/gems/${full}`;
}

/** A gem that a Gemfile.lock names; whether it is installed, the lock file does not say. */
export function lockedDraft({ name, version, platform, dependencies }: LockedGem): PackageDraft {
  return { name, version, purl: purlOf({ type: 'gem', name, version }), dependencies, metadata: onlySaid({ platform, stated: 'lock file' }) };
}
