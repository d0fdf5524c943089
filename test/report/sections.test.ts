import { expect, test } from '@jest/globals';
import type { InstalledPackage } from '../../src/analyzers/package.js';
import type { FlattenedImage, FlatNode } from '../../src/image/image.js';
import { markOwned } from '../../src/report/ownership.js';
import { assemble } from '../../src/report/sections.js';
import { rowsText } from '../../src/report/foundation/rows.js';
import { reportBytes } from '../../src/report/serialize.js';
import type { WrittenReport } from '../../src/report/written.js';

test('outputs of several sources are merged and sorted; what is empty is left out, or written as none', () => {
  expect(JSON.stringify(assemble([
    { b: { two: { z: '1', a: '' } }, empty: { nothing: {} } },
    { a: { one: { k: 'v' } }, b: { two: { m: '2' } } },
  ]))).toBe('{"a":{"one":{"base":{"k":"v"}}},"b":{"two":{"base":{"a":"none","m":"2","z":"1"}}}}');
});

test('a path that is called __proto__ is a path', () => {
  const base = assemble([{ a: { b: { ['__proto__']: 'x' } } }])['a']?.['b']?.base ?? {};
  expect(Object.entries(base)).toEqual([['__proto__', 'x']]);
});

test('the pieces of a report are its JSON', () => {
  const many = Object.fromEntries(Array.from({ length: 24_500 }, (_, index) => [`/file${String(index).padStart(5, '0')}`, '0o644']));
  const report: WrittenReport = {
    imageId: 'x',
    sections: new Map([['file_list', new Map([['files.all', [rowsText(many)]]])], ['other', new Map([['one', [rowsText({ '"': '\\' }), rowsText({ z: 'ü' })]], ['two', []]])]]),
    manifest: { z: { version: 1 } }, imageReport: { docker_data: { b: 1, a: 2 } } as never,
  };
  const text = [...reportBytes(report)].map(String).join('');
  expect(JSON.parse(text)).toEqual({
    document: [{ image: { imageId: 'x', imagedata: {
      analysis_report: { file_list: { 'files.all': { base: many } }, other: { one: { base: { '"': '\\', z: 'ü' } }, two: { base: {} } } },
      image_report: { docker_data: { b: 1, a: 2 } }, analyzer_manifest: { z: { version: 1 } },
    } } }],
  });
  expect(text).toContain('{"a":2,"b":1}');
});

const PACKAGE: InstalledPackage = {
  type: 'dpkg', name: 'python3-six', version: '1', purl: '', location: '/var/lib/dpkg/status', layer: 0, licenses: [], origin: '', architecture: '',
  source: { name: '', version: '' }, size: null, files: ['/lib/python3/six.egg-info', '/usr/lib/python3/six.py'], dependencies: [], metadata: {}, verification: [],
};

test.each([
  ['by its own path', '/usr/lib/python3/six.py', 'python3-six'],
  ['through /lib → usr/lib', '/usr/lib/python3/six.egg-info', 'python3-six'],
  ['within an archive', '/usr/lib/python3/six.py:inner.jar', 'python3-six'],
  ['of nobody', '/srv/six.egg-info', ''],
])('a language package is owned %s', (_, location, owner) => {
  const link = { path: '/lib', entry: { type: 'symlink', linkname: 'usr/lib' } } as FlatNode;
  const image: FlattenedImage = { nodes: new Map([['/lib', link]]), hidden: [] };
  const [os, six] = markOwned([PACKAGE, { ...PACKAGE, type: 'python', name: 'six', location, files: [] }], image);
  expect(os?.ownedBy).toBe('');
  expect(six?.ownedBy).toBe(owner);
});
