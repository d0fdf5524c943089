import { readFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { linuxKernel, linuxKernelModules } from '../../../src/analyzers/os/kernel.js';
import type { Analyzer } from '../../../src/analyzers/analyzer.js';
import { fixture } from '../../golden.js';
import { entry } from '../sample-image.js';
import { look } from './layers.js';

const HEAD = gunzipSync(readFileSync(fixture('os/kernel/vmlinuz-head.gz')));
const CRC7 = readFileSync(fixture('os/kernel/crc7.ko'));

/** What a kernel's file says, its bytes coming in pieces. */
function kernelFact(path: string, bytes: Buffer, piece = 1000): unknown {
  const of = entry(path, { size: bytes.length });
  if (linuxKernel.wants(of, bytes.subarray(0, 1024)) !== 'stream') return undefined;
  const sink = linuxKernel.open?.(of, () => undefined);
  for (let at = 0; at < bytes.length; at += piece) sink?.write(bytes.subarray(at, at + piece));
  return sink?.end();
}

describe('a kernel', () => {
  const debian = '6.1.0-56-cloud-amd64';
  const banner = Buffer.from('Linux version 5.10.110-v8+ (dom@buildbot) (aarch64-gcc) #1553 SMP PREEMPT\n\0');
  const image = Buffer.concat([Buffer.alloc(56), Buffer.from('ARM\x64'), Buffer.alloc(5000), Buffer.from('Linux version %s\0'), Buffer.alloc(3000), banner, Buffer.alloc(500)]);

  test.each<[string, string, Buffer, unknown]>([
    ['Debian\'s', `boot/vmlinuz-${debian}`, HEAD, expect.objectContaining({ version: debian, architecture: 'amd64', format: 'bzImage', banner: expect.stringContaining('debian-kernel@') })],
    ['Debian\'s by another name', 'kernel', HEAD, expect.objectContaining({ version: debian })],
    ['an uncompressed one of 64-bit Arm', 'boot/Image', image, { version: '5.10.110-v8+', architecture: 'arm64', format: 'Image', banner: banner.toString('latin1', 14).replace(/\n\0$/, '') }],
    ['one that ends with its banner', 'vmlinux', Buffer.concat([Buffer.from('\x7fELF'), Buffer.alloc(600), banner.subarray(0, 30)]), expect.objectContaining({ version: '5.10.110-v8+' })],
    ['one known by its name', 'boot/vmlinuz-5.10.0-28-arm64', Buffer.from('\x1f\x8b compressed'), { version: '5.10.0-28-arm64', architecture: '', format: 'file name', banner: '' }],
    ['one known by its folder', 'usr/lib/modules/6.8.5-301.fc40.x86_64/vmlinuz', Buffer.from('MZ'), expect.objectContaining({ version: '6.8.5-301.fc40.x86_64', format: 'file name' })],
    ['a file that is only called so', 'srv/kernel', Buffer.from('text'), undefined],
    ['an ELF file without a banner', 'opt/vmlinux', Buffer.concat([Buffer.from('\x7fELF'), Buffer.alloc(600)]), undefined],
    ['a head whose version lies beyond the file', 'bzImage', Buffer.concat([Buffer.alloc(0x202), Buffer.from('HdrS'), Buffer.alloc(8), Buffer.from([0xff, 0xff])]), undefined],
  ])('%s', (_, path, bytes, expected) => {
    expect(kernelFact(path, bytes)).toEqual(expected);
    expect(kernelFact(path, bytes, 7)).toEqual(expected);
  });
});

describe('a module', () => {
  const FOLDER = '/lib/modules/6.1.0-56-cloud-amd64/kernel/lib';
  const packages = (name: string, bytes: Buffer): unknown[] => {
    const seen = look([linuxKernelModules as Analyzer], [{ [`${FOLDER}/${name}`]: bytes }]);
    return [...seen.packages(linuxKernelModules as Analyzer).map(({ name: found, version, licenses, metadata, purl }) => [found, version, licenses, metadata['kernelVersion'], purl]), ...seen.problems];
  };
  const crc7 = ['crc7', '', ['GPL'], '6.1.0-56-cloud-amd64', 'pkg:generic/crc7'];

  test.each<[string, Buffer, unknown[]]>([
    ['crc7.ko', CRC7, [crc7]],
    ['crc7.ko.gz', gzipSync(CRC7), [crc7]],
    ['crc-itu-t.ko.xz', Buffer.from('\xfd7zXZ', 'latin1'), [['crc_itu_t', '', [], '6.1.0-56-cloud-amd64', 'pkg:generic/crc_itu_t']]],
    ['cut.ko', CRC7.subarray(0, 3000), [expect.stringMatching(/This kernel module .*\.$/)]],
    ['text.ko', Buffer.from('text'), [expect.stringMatching(/This kernel module .*\.$/)]],
    ['text.ko.gz', Buffer.from('text'), [`${FOLDER}/text.ko.gz: This kernel module cannot be unpacked as gzip.`]],
    ['text.ko.zst', Buffer.from('text'), [`${FOLDER}/text.ko.zst: This kernel module cannot be unpacked as zstd.`]],
    ['crc7.ko.txt', CRC7, []],
  ])('%s', (name, bytes, expected) => {
    expect(packages(name, bytes)).toEqual(expected);
  });
});
