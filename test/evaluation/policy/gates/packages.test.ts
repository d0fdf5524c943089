import { describe, expect, test } from '@jest/globals';
import type { VerificationRecord } from '../../../../src/report/scanned.js';
import { messages, only, runRule } from '../../judge.js';
import { files, image, installed } from '../../scannedImage.js';

const scanned = image({ packages: [
  installed({ name: 'openssl', version: '3.0.1-1' }),
  installed({ name: 'curl', type: 'rpm', version: '7.61.1-22.el8', upstreamVersion: '7.61.1' }),
  installed({ name: 'lodash', type: 'npm', version: '4.17.20' }),
] });

test.each([
  ['blacklist', { name: 'openssl' }, ['Package is blacklisted: openssl']],
  ['denylist', { name: 'lodash' }, ['Package is blacklisted: lodash']],
  ['blacklist', { name: 'curl', version: '7.61.1' }, ['Package is blacklisted: curl-7.61.1']],
  ['blacklist', { name: 'curl', version: '7.61.0' }, []],
  ['blacklist', { name: 'nmap' }, []],
  ['required_package', { name: 'openssl' }, []],
  ['required_package', { name: 'nmap' }, ['Required input package (nmap) is not present in container image']],
  ['required_package', { name: 'nmap', version: '7' }, ['Required input package (nmap,7) is not present in container image']],
  ['required_package', { name: 'curl', version: '7.61.1-22.el8' }, []],
  ['required_package', { name: 'curl', version: '7.61.1' }, ['Required input package (curl) is present (7.61.1-22.el8), but not at the version specified in policy (curl)']],
  ['required_package', { name: 'curl', version: '7.61.1-9.el8', version_match_type: 'minimum' }, []],
  ['required_package', { name: 'curl', version: '7.62.0-1.el8', version_match_type: 'minimum' }, ['Required min-version input package (curl) is present (7.61.1-22.el8), but is lower version than what is specified in policy (7.62.0-1.el8)']],
  ['required_package', { name: 'lodash', version: '4.9.0', version_match_type: 'minimum' }, []],
])('%s %j', (trigger, params, expected) => {
  expect(messages(scanned, 'packages', trigger, params as Record<string, string>)).toEqual(expected);
});

test('a minimum without a known order is not evaluated', () => {
  const odd = image({ packages: [installed({ name: 'x', type: 'wordpress', version: '1' })] });
  expect(runRule(odd, 'packages', 'required_package', { name: 'x', version: '2', version_match_type: 'minimum' }).notEvaluated).toHaveLength(1);
});

describe('verify', () => {
  const record = (parts: Partial<VerificationRecord>): VerificationRecord => (
    { package: 'p', digest: null, digestalgo: null, mode: null, size: null, user: null, group: null, conffile: false, ...parts }
  );
  const digests = { md5: new Map([['/usr/bin/a', 'right'], ['/etc/c', 'right']]), sha1: new Map(), sha256: new Map() };
  const tree = files(['/bin', 0o120777], ['/usr/bin/a', 0o100755], '/etc/c', ['/d', 0o040755]);
  tree.set('/bin', { ...tree.get('/bin') as NonNullable<ReturnType<typeof tree.get>>, linkTarget: 'usr/bin' });
  const verified = (path: string, parts: Partial<VerificationRecord>) => image({ files: tree, digests, verification: new Map([[path, [record(parts)]]]) });
  const say = (path: string, status: string): string => `VERIFY check against package db for package 'p' failed on entry '${path}' with status: '${status}'`;

  test.each([
    ['/usr/bin/a', { digest: 'right', digestalgo: 'md5' }, undefined],
    ['/usr/bin/a', { digest: 'wrong', digestalgo: 'md5' }, 'changed'],
    ['/bin/a', { digest: 'right', digestalgo: 'md5' }, undefined],
    ['/bin/a', { digest: 'wrong', digestalgo: 'md5' }, 'changed'],
    ['/usr/bin/a', { digest: 'wrong', digestalgo: 'sha512' }, undefined],
    ['/etc/c', { digest: 'wrong', digestalgo: 'md5', conffile: true }, undefined],
    ['/usr/bin/gone', {}, 'missing'],
    ['/usr/bin/a', { mode: '0755' }, undefined],
    ['/usr/bin/a', { mode: '0100755' }, undefined],
    ['/usr/bin/a', { mode: '0644' }, 'changed'],
    ['/d', { mode: '0700' }, 'changed'],
    ['/usr/bin/a', { size: '10' }, undefined],
    ['/usr/bin/a', { size: '11' }, 'changed'],
  ])('%s %j', (path, parts, status) => {
    expect(messages(verified(path, parts), 'packages', 'verify')).toEqual(status === undefined ? [] : [say(path, status)]);
  });

  test.each([
    [{ check: 'missing' }, 0], [{ check: 'changed' }, 1], [{ only_packages: 'p,q' }, 1], [{ only_packages: 'q' }, 0],
    [{ only_directories: '/bin,/usr/bin' }, 1], [{ only_directories: '/opt' }, 0],
  ])('%j', (params, count) => {
    expect(messages(verified('/usr/bin/a', { digest: 'wrong', digestalgo: 'md5' }), 'packages', 'verify', params as Record<string, string>)).toHaveLength(count);
  });
});

test('tells which package a finding is about', () => {
  expect(only(runRule(scanned, 'packages', 'blacklist', { name: 'lodash' })).location).toMatchObject({ path: '/app/node_modules/lodash/package.json', layer: { index: 0 } });
});
