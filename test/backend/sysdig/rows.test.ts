import { expect, test } from '@jest/globals';
import { rowIndex } from '../../../src/backend/sysdig/rows.js';
import type { Vulnerability } from '../../../src/evaluation/evaluation.js';

function known(type: string, name: string, path?: string): Vulnerability {
  return { id: 'CVE-1', aliases: [], severity: 'high', package: { name, version: '1.2', type, purl: '', ...(path === undefined ? {} : { path }) }, fixedIn: [], url: '', summary: '' };
}

test.each([
  ['an operating system\'s package by its name', known('dpkg', 'openssl'), 'CVE-1+openssl'],
  ['Alpine\'s too', known('apk', 'busybox'), 'CVE-1+busybox'],
  ['npm by its folder', known('npm', '@a/lodash', '/app/node_modules/@a/lodash/package.json'), 'CVE-1+lodash'],
  ['npm of a lock file by name and version', known('npm', 'lodash', '/app/package-lock.json'), 'CVE-1+lodash-1.2'],
  ['Java by its file', known('java', 'log4j-core', '/app/lib/log4j-core-1.2.jar'), 'CVE-1+log4j-core-1.2.jar'],
  ['Ruby by its file', known('gem', 'rack', '/gems/rack-1.2.gemspec'), 'CVE-1+rack-1.2.gemspec'],
  ['Python by name and version', known('python', 'django', '/site-packages/Django'), 'CVE-1+django-1.2'],
  ['Go by name and version', known('go', 'example.com/x', '/bin/x'), 'CVE-1+example.com/x-1.2'],
])('%s', (_, vulnerability, id) => {
  expect(rowIndex([known('dpkg', 'other'), vulnerability])({ id, message: '' })).toBe(vulnerability);
});

test('of several copies the one whose path the message names', () => {
  const copies = ['/a/node_modules/lodash/package.json', '/a/node_modules/lodash/package.json.d/lodash/package.json'].map((path) => known('npm', 'lodash', path));
  const message = (path: string): string => `HIGH Vulnerability found in non-os package type (npm) - ${path}(fixed in: 2)(CVE-1 - https://x)`;
  const index = rowIndex(copies);
  for (const copy of copies) expect(index({ id: 'CVE-1+lodash', message: message(copy.package.path ?? '') })).toBe(copy);
  expect(index({ id: 'CVE-1+lodash', message: message('/elsewhere') })).toBe(copies[0]);
});

test('another id is no vulnerability, whatever it is called', () => {
  const index = rowIndex([known('dpkg', 'openssl')]);
  expect(['CVE-1+ssl', 'CVE-2+openssl', 'CVE-1', '', '__proto__'].map((id) => index({ id, message: '' }))).toEqual([undefined, undefined, undefined, undefined, undefined]);
});
