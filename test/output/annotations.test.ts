import { expect, test } from '@jest/globals';
import { annotate, annotations, MAX_OF_LEVEL } from '../../src/output/annotations.js';
import type { LockFile } from '../../src/output/lockFiles.js';
import { at, evaluation, hostileFindings, many, SHOP_FINDINGS, vulnerable } from './sample.js';

const mask = (text: string): string => text;
const LOCKS = ['package-lock.json', 'yarn.lock', 'pnpm-lock.yaml', 'bun.lock', 'requirements.txt', 'Gemfile.lock', 'go.mod'];

test('one for each line, the gravest first, none for what is suppressed', () => {
  expect(annotations(evaluation(SHOP_FINDINGS), { mask }).map(({ level, file, startLine, endLine, title, message }) => [level, `${file}:${startLine}-${endLine}`, title, message.split('\n')])).toEqual([
    ['error', 'Dockerfile:12-12', '4 findings (1 new) in localbuild/webshop:1.0', ['CVE-2019-10744 in lodash 4.17.11 (critical). Upgrade lodash to 4.17.12.', 'CVE-2021-44906 in minimist 1.2.0 (critical), new. Upgrade minimist to 1.2.6.', 'CVE-2021-23337 in lodash 4.17.11 (high). Upgrade lodash to 4.17.21.', 'CVE-2020-8203 in lodash 4.17.11 (high). Upgrade lodash to 4.17.19.']],
    ['error', 'Dockerfile:10-10', '1 finding in localbuild/webshop:1.0', ['Private key (PRIV_KEY) in /root/.ssh/id_rsa:1. Take the file out of the build context, and give it to the build with RUN --mount=type=secret.']],
    ['error', 'Dockerfile:6-8', '1 finding in localbuild/webshop:1.0', ['CVE-2023-38408 in openssh-client 1:9.2p1-2 (critical). Upgrade openssh-client to 1:9.2p1-2+deb12u1.']],
    ['warning', 'Dockerfile:2-2', '3 findings from the base image in localbuild/webshop:1.0', ['CVE-2024-2961 in libc6 2.36-9 (high). Upgrade libc6 to 2.36-9+deb12u6.', 'The image runs as root.', 'CVE-2011-3374 in apt 2.6.1 (negligible). No version mends it yet.']],
    ['warning', 'Dockerfile:17-17', '1 finding in localbuild/webshop:1.0', ['Port 22 is exposed, which the policy denies.']],
  ]);
});

test('no more than GitHub shows, and how many more there are', () => {
  const findings = many(3_000).map((finding, index) => ({ ...finding, location: { ...at(3), dockerfile: { file: 'Dockerfile', startLine: index + 1, endLine: index + 1 } } }));
  const all = annotations(evaluation(findings), { mask });
  for (const level of ['error', 'warning', 'notice'] as const) expect(all.filter((one) => one.level === level)).toHaveLength(MAX_OF_LEVEL[level]);
  // with the verdict's own error and five notices of the run no more than ten of a level
  expect([MAX_OF_LEVEL.error + 1, MAX_OF_LEVEL.notice + 5].every((sum) => sum <= 10)).toBe(true);
  expect(all[MAX_OF_LEVEL.error - 1]?.message).toContain('491 lines more: the job summary has all of them.');
});

test.each<[path: string, text: string, type: string, name: string, version: string, line: number]>([
  ['web/package-lock.json', '{\n "packages": {\n  "node_modules/lodash": {\n   "version": "4.17.11"\n  },\n  "node_modules/a/node_modules/lodash": {\n   "version": "3.0.0"\n  }\n }\n}', 'npm', 'lodash', '3.0.0', 6],
  ['package-lock.json', '{\n "dependencies": {\n  "@scope/x": {\n   "version": "1.0.0"\n  }\n }\n}', 'npm', '@scope/x', '1.0.0', 3],
  ['yarn.lock', '# yarn lockfile v1\n\n"@a/b@^1.0.0", "@a/b@~1.0":\n  version "1.0.3"\n\nlodash@^4:\n  version "4.17.11"\n', 'npm', 'lodash', '4.17.11', 6],
  ['pnpm-lock.yaml', 'packages:\n\n  lodash@4.17.11:\n    resolution: {}\n  /@a/b@1.0.0(x@1):\n', 'npm', '@a/b', '1.0.0', 5],
  ['requirements.txt', '# comment\nFlask[async] == 2.0.1 ; python_version > "3"\nzope.interface==5.0', 'python', 'zope-interface', '5.0', 3],
  ['poetry.lock', '[[package]]\nname = "Flask"\nversion = "2.0.1"\n', 'python', 'flask', '2.0.1', 2],
  ['Pipfile.lock', '{\n "default": {\n  "flask": {\n   "hashes": [],\n   "version": "==2.0.1"\n  }\n }\n}', 'python', 'Flask', '2.0.1', 3],
  ['Gemfile.lock', 'GEM\n  specs:\n    rack (2.0.1)\n      other (>= 1)\n', 'gem', 'rack', '2.0.1', 3],
  ['composer.lock', '{\n "packages": [\n  {\n   "name": "a/b",\n   "version": "v1.2.0"\n  }\n ]\n}', 'php', 'a/b', '1.2.0', 4],
  ['Cargo.lock', '[[package]]\nname = "time"\nversion = "0.1.0"\n', 'rust', 'time', '0.1.0', 2],
  ['go.mod', 'module x\n\nrequire (\n\tgolang.org/x/net v0.1.0 // indirect\n)\n', 'go', 'golang.org/x/net', 'v0.1.0', 4],
  ['yarn.lock', '__metadata:\n  version: 8\n\n"@babel/core@npm:^7.0.0, @babel/core@npm:^7.1.0":\n  version: 7.1.2\n  resolution: "@babel/core@npm:7.1.2"\n\n"lodash@npm:^4.17.11":\n  version: 4.17.11\n', 'npm', 'lodash', '4.17.11', 8],
  ['yarn.lock', '"@babel/core@npm:^7.0.0, @babel/core@npm:^7.1.0":\n  version: 7.1.2\n', 'npm', '@babel/core', '7.1.2', 1],
  ['pnpm-lock.yaml', 'packages:\n\n  /lodash/4.17.11:\n    resolution: {}\n', 'npm', 'lodash', '4.17.11', 3],
  ['bun.lock', '{\n  "packages": {\n    "@a/b": ["@a/b@1.0.0", "", {}, "sha512-x"],\n    "lodash": ["lodash@4.17.11", "", {}, "sha512-x"],\n', 'npm', 'lodash', '4.17.11', 4],
  ['requirements-dev.txt', 'requests == 2.25.0 \\\n  --hash=sha256:x', 'python', 'Requests', '2.25.0', 1],
  ['uv.lock', 'version = 1\n\n[[package]]\nname = "jinja2"\nversion = "3.0.0"\n', 'python', 'Jinja2', '3.0.0', 4],
  ['Gemfile.lock', 'GEM\n  specs:\n    nokogiri (1.13.0-x86_64-linux)\n', 'gem', 'nokogiri', '1.13.0', 3],
  ['composer.lock', '{\n "packages": [\n  {\n   "name": "a/b",\n   "version": "1.2.0"\n  }\n ]\n}', 'php', 'a/b', 'v1.2.0', 4],
  ['go.sum', 'golang.org/x/net v0.1.0/go.mod h1:x=\ngolang.org/x/net v0.1.0 h1:y=\n', 'go', 'golang.org/x/net', 'v0.1.0', 2],
  ['packages.lock.json', '{\n "dependencies": {\n  "net8.0": {\n   "Newtonsoft.Json": {\n    "type": "Direct",\n    "resolved": "12.0.1"\n', 'dotnet', 'newtonsoft.json', '12.0.1', 4],
  ['gradle.lockfile', '# x\norg.apache.logging.log4j:log4j-core:2.14.1=runtimeClasspath\n', 'java', 'log4j-core', '2.14.1', 2],
  ['pubspec.lock', 'packages:\n  http:\n    dependency: "direct main"\n    description:\n      name: http\n    version: "0.13.0"\n', 'dart', 'http', '0.13.0', 2],
  ['mix.lock', '%{\n  "plug": {:hex, :plug, "1.10.0", "x", [:mix], [], "hexpm", "y"},\n', 'hex', 'plug', '1.10.0', 2],
])('the line of %s that pins a package', (path, text, type, name, version, line) => {
  const finding = vulnerable('CVE-1', 'critical', name, version, [], 3);
  const typed = { ...finding, vulnerability: { ...(finding.vulnerability ?? (() => { throw new Error('none'); })()), package: { name, version, type, purl: '' } } };
  const files: LockFile[] = [{ path, text }];
  expect(annotations(evaluation([typed]), { mask, lockFiles: files }).map(({ file, startLine }) => [file, startLine])).toEqual([[path, line]]);
  const other = { ...typed, vulnerability: { ...typed.vulnerability, package: { ...typed.vulnerability.package, version: '99' } } };
  expect(annotations(evaluation([other]), { mask, lockFiles: files }).map(({ file }) => file)).toEqual(['Dockerfile']);
});

test('what an image holds cannot write commands to the runner', () => {
  const written: string[] = [];
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = ((text: string) => { written.push(text); return true; }) as typeof process.stdout.write;
  try {
    annotate(evaluation(hostileFindings), { mask });
  } finally {
    process.stdout.write = write;
  }
  const lines = written.join('').split('\n').filter((line) => line !== '');
  expect(lines.length).toBeGreaterThan(5);
  for (const line of lines) expect(line).toMatch(/^::(error|warning|notice) title=/);
});

test('one text for the same thing in many places, and how many are new', () => {
  const [group] = annotations(evaluation(Array.from({ length: 40 }, (_, number) => vulnerable('CVE-1', 'critical', 'lodash', '4.17.11', ['4.17.12'], 3, { new: number < 3 }, { package: { name: 'lodash', version: '4.17.11', type: 'npm', purl: '', path: `/srv/${number}` } }))), { mask });
  expect(group?.title).toBe('40 findings (3 new) in localbuild/webshop:1.0');
  expect(group?.message).toBe('CVE-1 in lodash 4.17.11 (critical), new. Upgrade lodash to 4.17.12. (in 3 places)\nCVE-1 in lodash 4.17.11 (critical). Upgrade lodash to 4.17.12. (in 37 places)');
});

test('a lock file of one endless line is read once', () => {
  const lockFiles = LOCKS.map((path): LockFile => ({ path, text: `${' '.repeat(200_000)}"${'a@'.repeat(200_000)}:\n"${'-'.repeat(200_000)}` }));
  expect(annotations(evaluation(SHOP_FINDINGS), { mask, lockFiles }).map(({ file }) => file)).not.toContain(LOCKS[0]);
});
