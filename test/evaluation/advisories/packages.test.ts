import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { PackageURL } from 'packageurl-js';
import { ask, identityOf, sourceEpochs } from '../../../src/evaluation/advisories/packages.js';
import { language, osPackage } from './build.js';

/** What the library says, which is the truth. */
function byLibrary(purl: string): unknown {
  try {
    const { type, namespace, name } = PackageURL.fromString(purl);
    return { type, namespace: namespace ?? '', name };
  } catch {
    return null;
  }
}

const TYPE = fc.constantFrom('cargo', 'composer', 'gem', 'golang', 'npm', 'nuget', 'pypi', 'pub', 'hex', 'swift', 'maven', 'cran', 'conan', 'NPM');
const WORD = fc.oneof(fc.constantFrom('lodash', 'left-pad', 'a.b', 'a..b', '..', '.', 'a-', '-a', 'a_b', 'A', '%40scope', '@scope', 'github.com', '', 'é', 'a b', '0'), fc.stringMatching(/^[a-z0-9.-]{1,8}$/));
const VERSION = fc.oneof(fc.constantFrom('1.0.0', 'v1.0.0', '01.2', '1.2.3-r0', '1', '', '1.2.3.4', '1.2.3.4.5', '1.2.', 'v1'), fc.stringMatching(/^\d{1,3}(\.\d{1,3}){0,4}$/));

test('package URLs that are read without the library are read as by it', () => {
  fc.assert(fc.property(TYPE, fc.array(WORD, { minLength: 1, maxLength: 4 }), VERSION, fc.constantFrom('', '?arch=x', '#sub'), (type, path, version, rest) => {
    const purl = `pkg:${type}/${path.join('/')}@${version}${rest}`;
    if (type === 'maven') return;
    expect([purl, identityOf(language('any', 'pkg:npm/x@1', { purl }))]).toEqual([purl, byLibrary(purl)]);
  }), { numRuns: 3000 });
});

test.each([
  ['pkg:npm/left-pad@1.0.0', { type: 'npm', namespace: '', name: 'left-pad' }], ['pkg:golang/golang.org/x/net@0.1.0', { type: 'golang', namespace: 'golang.org/x', name: 'net' }],
  ['pkg:npm/%40angular/core@1.0.0', { type: 'npm', namespace: '@angular', name: 'core' }], ['pkg:pypi/Foo_Bar@1.0.0', { type: 'pypi', namespace: '', name: 'foo-bar' }], ['no purl', null],
])('%s is %j', (purl, expected) => expect(identityOf(language('any', 'pkg:npm/x@1', { purl }))).toEqual(expected));

test.each<[string, string, readonly [name: string, version: string], readonly string[]]>([
  ['openssl-libs', '1:3.0.7-27.el9', ['openssl', '3.0.7-27.el9'], ['openssl 1:3.0.7-27.el9', 'openssl-libs 1:3.0.7-27.el9']],
  ['perl-libs', '4:5.32.1-481.el9', ['perl', '5.32.1-481.el9'], ['perl 4:5.32.1-481.el9', 'perl-libs 4:5.32.1-481.el9']],
  ['perl-Errno', '0:1.30-481.el9', ['perl', '5.32.1-481.el9'], ['perl 4:5.32.1-481.el9', 'perl-Errno 0:1.30-481.el9']],
  ['bash', '5.1.8-6.el9', ['bash', '5.1.8-6.el9'], ['bash 5.1.8-6.el9']],
  ['vim-minimal', '2:8.2.2637-20.el9', ['vim', ''], ['vim 2:8.2.2637-20.el9', 'vim-minimal 2:8.2.2637-20.el9']],
  ['bind-libs', '32:9.16.23-1.el9', ['bind', '9.16.23-2.el9'], ['bind 32:9.16.23-2.el9', 'bind-libs 32:9.16.23-1.el9']],
  ['openssl', '1:3.0.7-27.el9', ['openssl', '3.0.7-27.el9'], ['openssl 1:3.0.7-27.el9']],
])('rpm: a source package has the epoch of its packages: %s %s', (name, version, [source, sourceVersion], expected) => {
  const perl = osPackage('rpm', 'perl-interpreter', '4:5.32.1-481.el9', { name: 'perl', version: '5.32.1-481.el9' });
  const found = osPackage('rpm', name, version, { name: source, version: sourceVersion });
  const { queries } = ask(found, { id: 'rocky', version: '9.4', like: [] }, sourceEpochs([perl, found]));
  expect(queries.map((query) => `${query.name} ${query.version}`)).toEqual(expected);
});
