/**
 * Folders into which package managers put what others published: npm's and Bower's, Python's, RubyGems', Cargo's, Go's and pub's,
 * Mix's `deps`, and `vendor/WHO/WHAT` of Composer, Go and Cargo.
 */
const INSTALLED_INTO = /(?:^|\/)(?:node_modules|bower_components|site-packages|dist-packages|gems\/[^/]+-\d[^/]*|registry\/src\/[^/]+|git\/checkouts\/[^/]+|pkg\/mod|\.pub-cache|deps\/[^/]+|vendor\/[^/]+)\//;

/** Whether a lock file came with a package: it says what its author had, and binds nobody who installs it. */
export function isPublished(path: string): boolean {
  return INSTALLED_INTO.test(path);
}
