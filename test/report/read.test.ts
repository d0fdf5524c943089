import { describe, expect, test } from '@jest/globals';
import { InputError } from '../../src/errors.js';
import { parseReport } from '../../src/report/parse.js';
import { readReport } from '../../src/report/read.js';

const ID = 'ab'.repeat(32);

/** A report as Anchore Engine 0.8 wrote it: no inventory of ours. */
function foreign(analysis: Record<string, Record<string, Record<string, unknown>>>, imageReport: Record<string, unknown> = {}): string {
  const sections = Object.fromEntries(Object.entries(analysis).map(([analyzer, outputs]) => [
    analyzer,
    Object.fromEntries(Object.entries(outputs).map(([output, rows]) => [
      output,
      { base: Object.fromEntries(Object.entries(rows).map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)])) },
    ])),
  ]));
  return JSON.stringify({
    document: [{ image: { imageId: ID, imagedata: {
      analyzer_manifest: {}, analysis_report: sections,
      image_report: { meta: { humanname: 'docker.io/a/b:1', sizebytes: 7 }, docker_data: { Architecture: 'amd64', RepoDigests: [`docker.io/a/b@sha256:${ID}`] }, ...imageReport },
    } } }],
  });
}

function read(text: string): ReturnType<typeof readReport> {
  return readReport(parseReport(text, 'report.json'));
}

describe('packages of a foreign report', () => {
  const cases: [string, string, string, unknown, Record<string, unknown>][] = [
    ['dpkg', 'pkgs.allinfo', 'libc6', { version: '2.31-13+deb11u3', release: 'N/A', arch: 'amd64', license: 'GPL-2', sourcepkg: 'glibc-2.31-13+deb11u3', type: 'dpkg' },
      { type: 'dpkg', kind: 'os', name: 'libc6', version: '2.31-13+deb11u3', source: { name: 'glibc', version: '2.31-13+deb11u3' }, architecture: 'amd64' }],
    ['dpkg whose source has another version', 'pkgs.allinfo', 'perl-base', { version: '5.32.1-4+b1', release: 'N/A', arch: 'amd64', license: 'N/A', sourcepkg: 'perl-5.32.1-4', type: 'dpkg' },
      { source: { name: 'perl', version: '5.32.1-4' }, licenses: [] }],
    ['rpm', 'pkgs.allinfo', 'bash', { version: '4.4.20', release: '1.el8_4', arch: 'x86_64', license: 'GPLv3+', sourcepkg: 'bash-4.4.20-1.el8_4.src.rpm', type: 'rpm' },
      { type: 'rpm', version: '4.4.20-1.el8_4', upstreamVersion: '4.4.20', source: { name: 'bash', version: '4.4.20-1.el8_4' } }],
    ['apk', 'pkgs.allinfo', 'musl-utils', { version: '1.2.2', release: 'r3', arch: 'x86_64', license: 'MIT', sourcepkg: 'musl', type: 'APKG' },
      { type: 'apk', version: '1.2.2-r3', source: { name: 'musl', version: '1.2.2-r3' } }],
    ['npm', 'pkgs.npms', '/app/node_modules/@a/b/package.json', { name: '@a/b', versions: ['1.0.0'], lics: ['MIT'], latest: '1.0.0', origins: [], sourcepkg: 'none' },
      { type: 'npm', kind: 'non-os', name: '@a/b', version: '1.0.0', purl: 'pkg:npm/%40a/b@1.0.0', path: '/app/node_modules/@a/b/package.json' }],
    ['python', 'pkgs.python', '/usr/lib/python3/dist-packages/six', { name: 'six', version: '1.16.0', location: '/usr/lib/python3/dist-packages', license: 'MIT', type: 'python' },
      { type: 'python', name: 'six', version: '1.16.0', purl: 'pkg:pypi/six@1.16.0' }],
    ['java with a pom', 'pkgs.java', '/a.war:WEB-INF/lib/x.jar', { name: 'x', 'maven-version': '1.2', 'implementation-version': 'N/A', 'specification-version': 'N/A', location: '/a.war:WEB-INF/lib/x.jar', metadata: { 'pom.properties': 'version=1.2\ngroupId=org.example\nartifactId=x\n' } },
      { type: 'java', name: 'org.example:x', version: '1.2', purl: 'pkg:maven/org.example/x@1.2' }],
  ];

  test.each(cases)('%s', (_, output, key, value, expected) => {
    const image = read(foreign({ package_list: { [output]: { [key]: value } }, analyzer_meta: { analyzer_meta: { DISTRO: 'debian', DISTROVERS: '11', LIKEDISTRO: 'debian' } } }));
    expect(image.packages).toMatchObject([expected]);
  });
});

test('what a foreign report does not say is empty, and never a crash', () => {
  const image = read(foreign({}));
  expect(image).toMatchObject({ id: ID, digest: `sha256:${ID}`, name: 'docker.io/a/b:1', config: null, packages: [], secrets: [], malware: null, distro: { id: 'unknown', version: '' } });
  expect(image.layerOf('/etc/passwd')).toBeUndefined();
});

test('values that are not the JSON they should be are left out', () => {
  const image = read(foreign({ file_list: { 'files.allinfo': { '/a': '{', '/b': { size: 3, mode: 33188, uid: 0, gid: 0, type: 'file' } } }, package_list: { 'pkgs.npms': { '/x': 'none' } } }));
  expect([...image.files.keys()]).toEqual(['/b']);
  expect(image.packages).toEqual([]);
});

test('patterns are decoded from their keys', () => {
  const key = Buffer.from('AWS_ACCESS_KEY=(?i)AKIA.*').toString('base64');
  const image = read(foreign({ secret_search: { 'regexp_matches.all': { '/root/.env': { [key]: [4, 9] } } } }));
  expect(image.secrets).toEqual([{ path: '/root/.env', name: 'AWS_ACCESS_KEY', pattern: 'AWS_ACCESS_KEY=(?i)AKIA.*', lines: [4, 9], layer: -1 }]);
});

test.each([
  ['nothing', ''],
  ['no JSON', '{"document":'],
  ['another document', '{"schema":1}'],
  ['no id', foreign({}).replace(ID, 'x')],
  ['deep nesting', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
])('%s is an error that names the file', (_, text) => {
  expect(() => parseReport(text, 'old.json')).toThrow(InputError);
  expect(() => parseReport(text, 'old.json')).toThrow(/old\.json/);
});

test('a list without the document around it is taken too', () => {
  const { document } = JSON.parse(foreign({})) as { document: unknown };
  expect(parseReport(JSON.stringify(document), 'x').document[0].image.imageId).toBe(ID);
});
