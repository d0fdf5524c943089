/** The files that tell of gems, by where they are. */
export type RubyFileKind = 'specification' | 'source-gemspec' | 'version-file' | 'lock';

/**
 * What kind of file this is, or undefined. A *specification* is what RubyGems wrote on installing (`specifications/x-1.0.gemspec`, below
 * it `default/`); a *source gemspec* came with a gem's sources, and counts where Bundler installed those from git, or for an application
 * that is itself a gem, but not in `gems/x-1.0/`, where it only repeats the specification.
 */
export function rubyFileKind(path: string): RubyFileKind | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name === 'Gemfile.lock' || name === 'gems.locked') return isWithinGem(path) ? undefined : 'lock';
  if (name.endsWith('.gemspec')) {
    if (/(?:^|\/)specifications\//.test(path)) return 'specification';
    return isWithinGem(path) ? undefined : 'source-gemspec';
  }
  return name === 'version.rb' && !isWithinGem(path) ? 'version-file' : undefined;
}

/** In an unpacked gem, or in Ruby's own library; what Bundler checked out of git is not. */
function isWithinGem(path: string): boolean {
  if (/(?:^|\/)bundler\/gems\/[^/]+\//.test(path)) return false;
  return /(?:^|\/)gems\/[^/]+\//.test(path) || /(?:^|\/)lib\/ruby\//.test(path);
}
