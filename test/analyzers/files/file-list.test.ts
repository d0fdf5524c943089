import { describe, expect, test } from '@jest/globals';
import { fileList } from '../../../src/analyzers/files/file-list.js';
import { fileSuids } from '../../../src/analyzers/files/file-suids.js';
import type { FlatNode } from '../../../src/image/image.js';
import { image, node, view } from '../sample-image.js';

const NODES: readonly FlatNode[] = [
  node('/bin', { type: 'symlink', mode: 0o777, linkname: 'usr/bin' }),
  node('/dev/null', { type: 'character', mode: 0o666 }),
  node('/etc/motd', { mode: 0o644, size: 12, uid: 1, gid: 2 }),
  node('/etc/motd.link', { type: 'symlink', mode: 0o777, linkname: '/etc/motd' }),
  node('/usr/bin', { type: 'directory', mode: 0o755 }),
  node('/usr/bin/perl', { mode: 0o755, size: 9 }, ['/usr/bin/perl5']),
  { ...node('/usr/bin/perl5', { type: 'hardlink', mode: 0o755, linkname: 'usr/bin/perl' }, ['/usr/bin/perl']), size: 9 },
  node('/usr/bin/su', { mode: 0o4755 }),
  node('/usr/local', { type: 'directory', mode: 0o2775 }),
  node('/usr/up', { type: 'symlink', mode: 0o6777, linkname: '../../../../etc/motd' }),
  node('/var/fifo', { type: 'fifo', mode: 0o600 }),
];

function sections(nodes: readonly FlatNode[]): { all: Readonly<Record<string, string>>; info: (path: string) => unknown; text: (path: string) => string | undefined } {
  const { file_list } = fileList().report?.(view(image(nodes))) ?? {};
  const allinfo = file_list?.['files.allinfo'] ?? {};
  return { all: file_list?.['files.all'] ?? {}, info: (path) => JSON.parse(allinfo[path] ?? 'null'), text: (path) => allinfo[path] };
}

describe('files.all', () => {
  test.each([
    ['/bin', '0o777'],
    ['/dev/null', '0o666'],
    ['/usr/bin/su', '0o4755'],
    ['/usr/local', '0o2775'],
    ['/var/fifo', '0o600'],
  ])('%s is %s', (path, octal) => {
    expect(sections(NODES).all[path]).toBe(octal);
  });
});

describe('files.allinfo', () => {
  test('a row is written with the seed’s keys in the seed’s order', () => {
    expect(sections(NODES).text('/etc/motd')).toBe(
      '{"name": "/etc/motd", "fullpath": "/etc/motd", "size": 12, "mode": 33188, "uid": 1, "gid": 2, "linkdst": null, "linkdst_fullpath": null, "type": "file", "othernames": {"/etc/motd": true, "/etc/motd.link": true, "/usr/up": true}}',
    );
  });

  test.each([
    ['/bin', { type: 'slink', mode: 0o120777, size: 7, linkdst: 'usr/bin', linkdst_fullpath: '/usr/bin', othernames: { '/bin': true, '/usr/bin': true, 'usr/bin': true } }],
    ['/usr/bin/perl5', { type: 'file', mode: 0o100755, size: 9, linkdst: null, othernames: { '/usr/bin/perl': true, '/usr/bin/perl5': true } }],
    ['/usr/bin', { type: 'dir', mode: 0o040755, othernames: { '/usr/bin': true, '/bin': true } }],
    ['/dev/null', { type: 'dev', mode: 0o020666 }],
    ['/var/fifo', { type: 'dev', mode: 0o010600 }],
    ['/usr/up', { type: 'slink', linkdst: '../../../../etc/motd', linkdst_fullpath: '/etc/motd' }],
  ])('%s', (path, expected) => {
    expect(sections(NODES).info(path)).toMatchObject(expected);
  });

  test('a link’s size is its target’s bytes', () => {
    expect(sections([node('/a', { type: 'symlink', linkname: 'Főtanúsítvány' })]).info('/a')).toMatchObject({ size: 17 });
  });

  test('a link to __proto__ stays a name', () => {
    expect(sections([node('/a', { type: 'symlink', linkname: '__proto__' })]).text('/a')).toContain('"__proto__": true');
  });

  test('ten thousand links to one file list at most a thousand names', () => {
    const links = Array.from({ length: 10_000 }, (_, index) => node(`/l${index}`, { type: 'symlink', linkname: 'target' }));
    const info = sections([...links, node('/target')]).info('/target') as { othernames: object };
    expect(Object.keys(info.othernames)).toHaveLength(1_001);
  });
});

test('files.suids has both bits, files and directories, and no symlinks', () => {
  expect(fileSuids().report?.(view(image(NODES)))).toEqual({ file_suids: { 'files.suids': { '/usr/bin/su': '0o4755', '/usr/local': '0o2775' } } });
});
