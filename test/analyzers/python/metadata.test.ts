import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { readDistribution } from '../../../src/analyzers/python/distribution.js';
import { parseMetadata } from '../../../src/analyzers/python/metadata.js';
import { absolutePath, recordPaths } from '../../../src/analyzers/python/record.js';
import { readRequirements } from '../../../src/analyzers/python/requirements.js';
import { fixture } from '../../golden.js';

const read = (name: string): string => readFileSync(fixture(`python/${name}`), 'utf8');

describe('METADATA and PKG-INFO', () => {
  test.each([
    ['distinfo_meta', 'pip', '22.2.2', 'pkg:pypi/pip@22.2.2', ['MIT'], 'The pip developers <distutils-sig@python.org>'],
    ['egginfo', 'pycups', '2.0.1', 'pkg:pypi/pycups@2.0.1', ['GPLv2+'], 'Zdenek Dohnal <zdohnal@redhat.com>'],
    ['egginfo_pkginfo', 'setuptools', '57.4.0', 'pkg:pypi/setuptools@57.4.0', ['MIT License'], 'Python Packaging Authority <distutils-sig@python.org>'],
    ['pkginfo', 'httplib2', '0.20.4', 'pkg:pypi/httplib2@0.20.4', ['MIT'], 'Joe Gregorio <joe@bitworking.org>'],
    ['malformed_pkginfo', 'passlib', '1.7.4', 'pkg:pypi/passlib@1.7.4', ['BSD'], 'Eli Collins <elic@assurancetechnologies.com>'],
    ['mixed_case', 'httplib2', '1.0', 'pkg:pypi/httplib2@1.0', [], 'Joe Gregorio <joe@bitworking.org>'],
    ['repeated_pkginfo', 'root', '1.0.0', 'pkg:pypi/root@1.0.0', [], ''],
    ['special_chars', 'backports.ssl_match_hostname', '3.5.0.1', 'pkg:pypi/backports-ssl-match-hostname@3.5.0.1', [], 'Python Packaging Authority <distutils-sig@python.org>'],
    ['pyopenssl-26.0.0.dist-info', 'pyOpenSSL', '26.0.0', 'pkg:pypi/pyopenssl@26.0.0', ['Apache License, Version 2.0'], 'The pyOpenSSL developers <cryptography-dev@python.org>'],
  ])('%s', (file, name, version, purl, licenses, origin) => {
    expect(readDistribution(read(file))).toMatchObject({ name, version, purl, licenses, origin });
  });

  test.each(['empty'])('%s names nobody', (file) => {
    expect(readDistribution(read(file))).toBeUndefined();
  });

  test('dependencies leave out what only an extra needs', () => {
    expect(readDistribution(read('pyopenssl-26.0.0.dist-info'))?.dependencies).toEqual(['cryptography', 'typing-extensions']);
  });

  test.each<[string, string, string[]]>([
    ['an expression first', 'License-Expression: MIT OR Apache-2.0\nLicense: x\nClassifier: License :: OSI Approved :: BSD License', ['MIT OR Apache-2.0']],
    ['a text gives way to classifiers', 'License: Copyright (c)\n  All rights\nClassifier: License :: OSI Approved :: BSD License\nClassifier: License :: OSI Approved', ['BSD License']],
    ['a text alone is its first line', 'License: Copyright (c)\n        All rights', ['Copyright (c)']],
    ['UNKNOWN is nothing', 'License: UNKNOWN', []],
  ])('licence: %s', (_, lines, licenses) => {
    expect(readDistribution(`Name: a\nVersion: 1\n${lines}\n\nbody\nLicense: no\n`)?.licenses).toEqual(licenses);
  });

  test('the header ends with the first empty line, whatever the line ends', () => {
    expect([...parseMetadata('Name: a\r\nSummary: b\r\n  c\r\n\r\nVersion: 2\r\n')]).toEqual([['name', ['a']], ['summary', ['b\nc']]]);
  });

  test.each([['nothing but colons', ':'.repeat(200_000)], ['one field', `Name: ${'a'.repeat(200_000)}`], ['many lines', 'a\n'.repeat(200_000)], ['no UTF-8', '\ufffd\n\0']])('hostile: %s', (_, text) => {
    expect(() => readDistribution(text)).not.toThrow();
  });
});

test.each([
  ['a/b.py,sha256=x,1\r\n"with,comma.py",,\n"say ""hi"".py",,\n../../../bin/x,,\n\n', ['a/b.py', 'with,comma.py', 'say "hi".py', '../../../bin/x']],
  ['', []],
  ['"unfinished', ['unfinished']],
])('a RECORD: %j', (text, paths) => {
  expect(recordPaths(text)).toEqual(paths);
});

test.each([
  ['/usr/lib/site-packages', '../../bin/x', '/usr/bin/x'],
  ['/a', '../../../../etc/passwd', '/etc/passwd'],
  ['/a', '/b/./c//d', '/b/c/d'],
])('%s + %s', (folder, path, absolute) => {
  expect(absolutePath(folder, path)).toBe(absolute);
});

test('requirements: only what is pinned', () => {
  expect(readRequirements([
    '# pinned', 'Django==4.2.1', 'requests[socks] == 2.31.0 ; python_version > "3"', 'a==1.0 --hash=sha256:x', 'b===2.0 # why', 'c==1.*', 'd>=1.0', 'e', '-r other.txt',
    'f @ https://x/f-1.0.whl', 'git+https://x/g==1.0', 'h==1.0,<2', 'i==3.0 \\', '    --hash=sha256:y', `${' '.repeat(100_000)}==`,
  ].join('\n'))).toEqual([['Django', '4.2.1'], ['requests', '2.31.0'], ['a', '1.0'], ['b', '2.0'], ['i', '3.0']].map(([name, version]) => ({ name, version })));
});
