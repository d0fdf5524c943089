import { baseName, packageFileAnalyzer } from '../packageFile/analyzer.js';
import type { PackageDraft } from '../packageFile/draft.js';
import { readText } from '../packageFile/read.js';
import { cpanPurl } from './cpan.js';

/**
 * What `make install` of a Perl distribution leaves behind: `perllocal.pod` (a log of name and version) and
 * `auto/NAME/.packlist` (its files). Source: ExtUtils::Install, ExtUtils::Command::MM.
 */

/** Reads perllocal.pod; of a distribution that was installed several times, the last counts. */
function parsePerllocal(bytes: Buffer): readonly PackageDraft[] {
  const versions = new Map<string, string>();
  let module = '';
  for (const line of readText(bytes).split('\n')) {
    const heading = /^=head2 .*C<Module>\s+L<([^|>]+)/.exec(line)?.[1];
    if (heading !== undefined) module = heading.trim();
    const version = /C<VERSION:\s*([^>\s]+)\s*>/.exec(line)?.[1];
    if (version !== undefined && module !== '') versions.set(module, version);
  }
  return [...versions].map(([name, version]) => draftOf(name, version));
}

/** Reads a .packlist: the distribution's name is its folder below `auto`, its files are the lines; it has no version. */
function parsePacklist(bytes: Buffer, path: string): readonly PackageDraft[] {
  const module = /(?:^|\/)auto\/(.+)\/\.packlist$/.exec(path)?.[1]?.replaceAll('/', '::');
  if (module === undefined) return [];
  const files = readText(bytes).split('\n').map((line) => line.replace(/ type=.*$/, '').trim()).filter((line) => line.startsWith('/'));
  return [{ ...draftOf(module, ''), files }];
}

function draftOf(module: string, version: string): PackageDraft {
  const name = module.replaceAll('::', '-');
  return { name, version, purl: cpanPurl(name, version), metadata: { module } };
}

export const perlInstalled = packageFileAnalyzer({
  name: 'perl-installed',
  description: 'Perl distributions that were installed from source (perllocal.pod, .packlist).',
  version: 1,
  type: 'perl',
  limit: 16 * 1024 * 1024,
  matches: (path) => baseName(path) === 'perllocal.pod' || /(?:^|\/)auto\/.+\/\.packlist$/.test(path),
  parse: (bytes, path) => (baseName(path) === '.packlist' ? parsePacklist(bytes, path) : parsePerllocal(bytes)),
  choose(packages) {
    const logged = new Set(packages.filter(({ version }) => version !== '').map(({ name }) => name));
    const files = new Map(packages.filter(({ version }) => version === '').map((found) => [found.name, found.files]));
    // A packlist gives its files to the log's entry, and stands for itself only where the log is gone.
    return packages.flatMap((found) => {
      if (found.version !== '') return [{ ...found, files: files.get(found.name) ?? [] }];
      return logged.has(found.name) ? [] : [found];
    });
  },
});
