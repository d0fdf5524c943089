import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import type { Analyzer } from '../../src/analyzers/analyzer.js';
import { createAnalyzers } from '../../src/analyzers/index.js';
import { maskSecrets } from '../../src/analyzers/secrets/mask.js';
import { flatten } from '../../src/image/flatten.js';
import type { FactRow, LayerEntry, LayerFacts, Problem } from '../../src/image/layer.js';
import { parseConfig } from '../../src/image/parseConfig.js';
import { readLayer, type Chunk } from '../../src/lanes/readLayer.js';
import { layFoundation } from '../../src/report/foundation/lay.js';
import { standOn } from '../../src/report/foundation/stand.js';
import { reportBytes } from '../../src/report/serialize.js';
import type { LayeredImage } from '../../src/report/write.js';
import { parsedReport } from '../../src/report/written.js';
import { readReport } from '../../src/report/read.js';
import { packTar, type PackedEntry } from '../image/build.js';

let analyzers: readonly Analyzer[];
beforeAll(() => { analyzers = createAnalyzers({}); });

async function factsOf(entries: readonly PackedEntry[]): Promise<LayerFacts> {
  const tar = await packTar(entries);
  const growing: { entries: LayerEntry[]; facts: Record<string, FactRow[]>; problems: Problem[] } = { entries: [], facts: {}, problems: [] };
  const chunks = async function* (): AsyncGenerator<Chunk> { yield { bytes: tar, release: () => undefined }; };
  await readLayer('The layer', chunks(), analyzers, (part) => {
    growing.entries.push(...part.entries);
    growing.problems.push(...part.problems);
    for (const [name, rows] of Object.entries(part.facts)) (growing.facts[name] ??= []).push(...rows);
  });
  return { diffId: `sha256:${createHash('sha256').update(tar).digest('hex')}`, sizeBytes: tar.length, ...growing };
}

async function imageOf(layers: readonly (readonly PackedEntry[])[]): Promise<LayeredImage> {
  const facts = await Promise.all(layers.map(factsOf));
  const config = parseConfig(Buffer.from(JSON.stringify({
    architecture: 'amd64', os: 'linux', created: '2026-01-02T03:04:05Z', config: { Env: ['PATH=/bin', 'TOKEN=ghp_0123456789abcdefghijklmnopqrstuvwxyz'], ExposedPorts: { '22/tcp': {} } },
    rootfs: { type: 'layers', diff_ids: facts.map(({ diffId }) => diffId) }, history: facts.map((_, index) => ({ created_by: `COPY part${index} / # buildkit` })),
  })));
  const identity = { imageId: 'a'.repeat(64), digest: `sha256:${'b'.repeat(64)}`, name: 'localbuild/shop:1.0', repoTags: ['shop:1.0'] };
  return { identity, config, layers: facts.map((layer, index) => ({ index, facts: layer, createdBy: `COPY part${index} / # buildkit`, historyIndex: index })) };
}

/** The report of an image whose lowest layers are a foundation; those have no facts of their own then. */
function standing(image: LayeredImage, depth: number): string | undefined {
  const lower = image.layers.slice(0, depth);
  const { blocks } = layFoundation({ ...image, layers: lower, flattened: flatten(lower.map(({ facts }) => facts.entries)) }, analyzers);
  const bare = lower.map((layer) => ({ ...layer, facts: { diffId: layer.facts.diffId, sizeBytes: layer.facts.sizeBytes, entries: [], facts: {}, problems: [] } }));
  const report = standOn({ get: (block) => blocks.get(block) ?? Buffer.alloc(0) }, { ...image, layers: [...bare, ...image.layers.slice(depth)] }, analyzers, { dockerfile: undefined, mask: maskSecrets });
  return report && [...reportBytes(report)].map(String).join('');
}

const STATUS = (...names: string[]): string => names.map((name) => `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.0-1\nMaintainer: A\n`).join('\n');

/** Files that analyzers know, each in a few versions. */
const FILES: Readonly<Record<string, readonly string[]>> = {
  'etc/os-release': ['ID=debian\nVERSION_ID="12"\n', 'ID=busybox\nVERSION_ID="1.36"\n', 'ID=alpine\nVERSION_ID=3.20\n'],
  'usr/lib/os-release': ['ID=debian\nVERSION_ID="13"\n'],
  'etc/alpine-release': ['3.20\n'],
  'etc/passwd': ['root:x:0:0:root:/root:/bin/sh\n', 'root:x:0:0:root:/root:/bin/sh\napi:x:1:1::/:/bin/sh\n'],
  'etc/cron.daily/clean': ['#!/bin/sh\n'],
  'etc/crontab': ['1 2 * * * root clean\n', '5 * * * * root other\n'],
  'var/lib/dpkg/status': [STATUS('libc6'), STATUS('libc6', 'python3-six'), STATUS('curl')],
  'var/lib/dpkg/info/python3-six.list': ['/usr/lib/python3/dist-packages/six-1.0.egg-info\n/lib/x\n'],
  'usr/share/doc/libc6/copyright': ['License: GPL-2\n', 'License: MIT\n'],
  'usr/lib/python3/dist-packages/six-1.0.egg-info': ['Metadata-Version: 1.1\nName: six\nVersion: 1.0\n'],
  'srv/app/package.json': ['{"name":"shop","version":"1.0.0"}', '{"name":"shop","version":"1.0.1"}'],
  'srv/app/node_modules/left-pad/package.json': ['{"name":"left-pad","version":"1.3.0","license":"WTFPL"}', '{"name":"left-pad","version":"1.2.0"}'],
  'srv/app/composer.lock': ['{"packages":[{"name":"a/b","version":"1.0"}]}'],
  'srv/app/vendor/composer/installed.json': ['{"packages":[{"name":"a/b","version":"1.1"}]}'],
  'srv/app/key': ['token = "ghp_0123456789abcdefghijklmnopqrstuvwxyz"\n', 'nothing\n'],
  'usr/lib/systemd/system/ssh.service': ['[Service]\nExecStart=/bin/sshd\n', '[Service]\nExecStart=/bin/other\n'],
  'srv/plain "quoted"\\': ['a', 'b'],
  'srv/über': ['a'],
};

const LINKS: readonly (readonly [name: string, to: string])[] = [
  ['lib', 'usr/lib'], ['etc/systemd/system/multi-user.target.wants/ssh.service', '/usr/lib/systemd/system/ssh.service'], ['etc/os-release', '../usr/lib/os-release'],
  ['usr/share/doc/libc6', 'other'], ['srv/current', 'app'], ['srv/app/link', 'key'], ['srv/app/dangling', 'nowhere'], ['nowhere', 'srv/app/dangling'],
];

const paths = Object.keys(FILES);
const folders = [...new Set(paths.flatMap((path) => path.split('/').slice(0, -1).map((_, index, names) => names.slice(0, index + 1).join('/'))))];
const whiteout = (path: string): string => path.replace(/[^/]+$/, '.wh.$&');

const file = fc.constantFrom(...paths).chain((name) => fc.record({ content: fc.constantFrom(...(FILES[name] ?? [''])), mode: fc.constantFrom(0o644, 0o755, 0o4755, 0o666) }).map((rest): PackedEntry => ({ name, ...rest })));
const anyEntry = fc.oneof(
  { weight: 10, arbitrary: file },
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom(...folders), fc.constantFrom(0o755, 0o777)).map(([name, mode]): PackedEntry => ({ name: `${name}/`, type: 'directory', mode })) },
  { weight: 3, arbitrary: fc.constantFrom(...LINKS).map(([name, linkname]): PackedEntry => ({ name, type: 'symlink', linkname })) },
  { weight: 4, arbitrary: fc.constantFrom(...paths, ...folders, ...LINKS.map(([name]) => name)).map((name): PackedEntry => ({ name: whiteout(name), content: '' })) },
  { weight: 1, arbitrary: fc.constantFrom(...folders).map((name): PackedEntry => ({ name: `${name}/.wh..wh..opq`, content: '' })) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom('usr/bin/twin', 'srv/app/twin'), fc.constantFrom(...paths)).map(([name, linkname]): PackedEntry => ({ name, type: 'link', linkname })) },
  { weight: 1, arbitrary: fc.constantFrom('usr/bin/ping', 'usr/bin/broken').map((name): PackedEntry => ({ name, content: 'x', pax: { 'SCHILY.xattr.security.capability': name.endsWith('ping') ? '\x01\0\0\x02\0\x20\0\0\0\0\0\0\0\0\0\0\0\0\0\0' : 'no' } })) },
);

test('whatever a foundation holds, the report is the same, byte for byte', async () => {
  let stood = 0;
  let laid = 0;
  await fc.assert(fc.asyncProperty(fc.array(fc.array(anyEntry, { maxLength: 7 }), { minLength: 2, maxLength: 4 }), async (layers) => {
    const image = await imageOf(layers);
    try {
      flatten(image.layers.map(({ facts }) => facts.entries));
    } catch {
      return;
    }
    const whole = standing(image, layers.length);
    expect(whole).toBeDefined();
    for (let depth = 0; depth < layers.length; depth++) {
      const report = standing(image, depth);
      laid += 1;
      if (report === undefined) continue;
      stood += 1;
      expect(report).toBe(whole);
    }
  }), { numRuns: 60 });
  // where hard links cross, and where it is another distribution, all layers are laid out
  expect(stood).toBeGreaterThan(laid / 2);
}, 60_000);

describe('a small top layer', () => {
  const base: PackedEntry[] = Object.entries(FILES).map(([name, [content = '']]) => ({ name, content }));
  const cases: [string, PackedEntry[]][] = [
    ['of one new file', [{ name: 'srv/release', content: 'number 1\n' }]],
    ['of nothing', []],
    ['that replaces a manifest', [{ name: 'srv/app/package.json', content: '{"name":"shop","version":"2.0.0"}' }]],
    ['that deletes a package database', [{ name: 'var/lib/dpkg/.wh.status', content: '' }]],
    ['with an opaque directory', [{ name: 'srv/app/.wh..wh..opq', content: '' }, { name: 'srv/app/new', content: 'x' }]],
    ['that hides a secret', [{ name: 'srv/app/.wh.key', content: '' }]],
    ['with a symlink to a file below', [{ name: 'srv/latest', type: 'symlink', linkname: 'app/key' }]],
    ['with a file in place of a directory', [{ name: 'srv/app', content: 'x' }]],
    ['with hard links of its own', [{ name: 'srv/one', content: 'x' }, { name: 'srv/two', type: 'link', linkname: 'srv/one' }]],
    ['that diverts /lib', [{ name: 'lib', type: 'symlink', linkname: 'usr/lib' }]],
  ];
  test.each(cases)('%s stands on what lies below', async (_, top) => {
    const image = await imageOf([base, top]);
    const report = standing(image, 1);
    expect(report).toBeDefined();
    expect(report).toBe(standing(image, 2));
    expect(JSON.parse(report ?? '')).toHaveProperty('document');
  });

  test.each<[string, PackedEntry[]]>([
    ['a hard link to a file below', [{ name: 'srv/twin', type: 'link', linkname: 'srv/app/key' }]],
  ])('%s needs all layers', async (_, top) => {
    expect(standing(await imageOf([base, top]), 1)).toBeUndefined();
  });

  test('asks those analyzers again whose files it touches, and no others', async () => {
    const image = await imageOf([base, [{ name: 'srv/app/package.json', content: '{"name":"shop","version":"2.0.0"}' }]]);
    const lower = image.layers.slice(0, 1);
    const { blocks } = layFoundation({ ...image, layers: lower, flattened: flatten(lower.map(({ facts }) => facts.entries)) }, analyzers);
    const asked: string[] = [];
    const watching = analyzers.map((analyzer): Analyzer => ({
      ...analyzer, ...(analyzer.report && { report: (view) => { asked.push(analyzer.name); return analyzer.report?.(view) ?? {}; } }),
      ...(analyzer.packages && { packages: (view) => { asked.push(analyzer.name); return analyzer.packages?.(view) ?? []; } }),
    }));
    standOn({ get: (block) => blocks.get(block) ?? Buffer.alloc(0) }, image, watching, { dockerfile: undefined, mask: maskSecrets });
    expect(asked).toContain('npm');
    expect(asked).not.toContain('dpkg');
    expect(asked).not.toContain('python');
  });
});

test('the parsed report says what its bytes say', async () => {
  const image = await imageOf([Object.entries(FILES).map(([name, [content = '']]) => ({ name, content }))]);
  const { blocks } = layFoundation({ ...image, flattened: flatten(image.layers.map(({ facts }) => facts.entries)) }, analyzers);
  const report = standOn({ get: (block) => blocks.get(block) ?? Buffer.alloc(0) }, image, analyzers, { dockerfile: undefined, mask: maskSecrets });
  if (report === undefined) throw new Error('no report');
  const parsed = parsedReport(report);
  const bytes = JSON.parse([...reportBytes(report)].map(String).join('')) as typeof parsed;
  expect(JSON.parse(JSON.stringify(parsed.document[0].image.imagedata.analysis_report))).toEqual(bytes.document[0].image.imagedata.analysis_report);
  expect(readReport(parsed).files.size).toBe(readReport(bytes).files.size);
});
