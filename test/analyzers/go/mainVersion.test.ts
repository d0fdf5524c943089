import { describe, expect, test } from '@jest/globals';
import type { GoBuildInfo } from '../../../src/analyzers/go/buildInfo.js';
import { parseBuildInfo } from '../../../src/analyzers/go/buildInfo.js';
import { fromLinkerFlags, mainVersion } from '../../../src/analyzers/go/mainVersion.js';

describe('the version that -ldflags gives', () => {
  test.each([
    ['-X main.version=1.2.3', 'v1.2.3'],
    ['-s -w -X=main.Version=v1.2.3-rc.1', 'v1.2.3-rc.1'],
    ["-X 'main.version=1.2.3' -X main.commit=abc", 'v1.2.3'],
    ['-X "github.com/a/b/internal/version.gitVersion=v0.9.0+k3s1"', 'v0.9.0+k3s1'],
    ['-X github.com/a/b.buildTag=refs/tags/v2.0.0', 'v2.0.0'],
    ['-X github.com/a/b.Tag=refs/tags/v2.0.0', 'v2.0.0'],
    ['-X main.goVersion=1.22.0', ''],
    ['-X github.com/other/dep.Version=9.9.9', ''],
    ['-X github.com/a/b/cmd.Version=3.0.0 -X main.version=1.0.0', 'v1.0.0'],
    ['-X main.version=dev', ''],
    ['-X main.version', ''],
    ['-X', ''],
    ['', ''],
  ])('%s', (flags, version) => {
    expect(fromLinkerFlags(flags, 'github.com/a/b')).toBe(version);
  });
});

describe('the main module', () => {
  const info = (version: string, settings: readonly (readonly [string, string])[]): GoBuildInfo => ({ goVersion: 'go1.22.1', path: 'a', main: { path: 'example.org/a', version, sum: '' }, modules: [], settings });
  test.each([
    ['as stamped by Go', info('v1.5.0+dirty', [['-ldflags', '-X main.version=9.9.9']]), 'v1.5.0+dirty'],
    ['from the flags', info('(devel)', [['-ldflags', '-X main.version=1.2.3'], ['vcs.revision', 'abc']]), 'v1.2.3'],
    ['from version control', info('(devel)', [['vcs.revision', '0123456789abcdef0123'], ['vcs.time', '2024-01-31T12:00:00Z']]), 'v0.0.0-20240131120000-0123456789ab'],
    ['not known', info('(devel)', []), ''],
  ])('%s', (_, build, version) => {
    expect(mainVersion(build)).toBe(version);
  });
});

test('the text is read as Go writes it: quoted settings, replaced main module, unknown lines', () => {
  const text = 'path\texample.org/a\nmod\texample.org/a\tv1.0.0\th1:x\n=>\t../b\t\t\ndep\tb\tv1\nfuture\tline\nbuild\t-ldflags="-X \\"main.version=1\\""\nbuild\t"a=b"=c\nbuild\tplain=`x y`\n';
  expect(parseBuildInfo('go1.22.1', text)).toEqual({
    goVersion: 'go1.22.1',
    path: 'example.org/a',
    main: { path: 'example.org/a', version: 'v1.0.0', sum: 'h1:x', replacedBy: { path: '../b', version: '', sum: '' } },
    modules: [{ path: 'b', version: 'v1', sum: '' }],
    settings: [['-ldflags', '-X "main.version=1"'], ['a=b', 'c'], ['plain', 'x y']],
  });
});
