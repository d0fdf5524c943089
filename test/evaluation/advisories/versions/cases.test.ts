import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { compare, schemeOf } from '../../../../src/evaluation/advisories/versions/index.js';
import { fixture } from '../../../golden.js';

/** File → ecosystem. Every case of every file holds, both ways round. */
const FILES: readonly (readonly [string, string])[] = [
  ['alpine-versions.txt', 'Alpine'], ['alpine-versions-generated.txt.gz', 'Alpine'],
  ['cran-versions.txt', 'CRAN'], ['cran-versions-generated.txt', 'CRAN'],
  ['debian-versions.txt', 'Debian'], ['debian-versions-generated.txt.gz', 'Debian'],
  ['hackage-versions.txt', 'Hackage'],
  ['maven-versions.txt', 'Maven'], ['maven-versions-generated.txt.gz', 'Maven'],
  ['nuget-versions.txt', 'NuGet'],
  ['packagist-versions.txt', 'Packagist'], ['packagist-versions-generated.txt.gz', 'Packagist'],
  ['pub-versions.txt', 'Pub'],
  ['pypi-versions.txt', 'PyPI'], ['pypi-versions-generated.txt.gz', 'PyPI'],
  ['redhat-versions.txt', 'Red Hat'],
  ['rubygems-versions.txt', 'RubyGems'], ['rubygems-versions-generated.txt.gz', 'RubyGems'],
  ['semver-versions.txt', 'npm'],
];

const SIGNS: Readonly<Record<string, number>> = { '<': -1, '=': 0, '>': 1 };

function cases(file: string): readonly (readonly [string, string, string])[] {
  const bytes = readFileSync(fixture(`versions/${file}`));
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  return text.split('\n').map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#') && !line.startsWith('//'))
    .map((line) => {
      const [a, sign, b, ...more] = line.split(/\s+/);
      if (a === undefined || sign === undefined || b === undefined || more.length > 0 || !(sign in SIGNS)) throw new Error(`${file}: not a case: ${line}`);
      return [a, sign, b];
    });
}

describe('google/osv-scalibr’s cases', () => {
  test.each(FILES)('%s', (file, ecosystem) => {
    const scheme = schemeOf(ecosystem);
    if (scheme === undefined) throw new Error(`no scheme for ${ecosystem}`);
    const all = cases(file);
    const wrong = all.filter(([a, sign, b]) => compare(scheme, a, b) !== SIGNS[sign] || compare(scheme, b, a) !== 0 - (SIGNS[sign] ?? 0));
    expect(wrong.map((row) => row.join(' '))).toEqual([]);
    expect(all.length).toBeGreaterThan(9);
  });
});
