import { expect, test } from '@jest/globals';
import type { Image } from '../../src/image/image.js';
import { baseImageSections } from '../../src/report/baseImage.js';
import { licenseSections } from '../../src/report/licenses.js';
import type { CataloguedPackage } from '../../src/report/ownership.js';

function installed(name: string, licenses: readonly string[]): CataloguedPackage {
  return {
    type: 'npm', name, version: '1', purl: '', location: `/${name}`, layer: 0, licenses, origin: '', architecture: '', source: { name: '', version: '' },
    size: null, files: [], dependencies: [], metadata: {}, verification: [], ownedBy: '',
  };
}

test('licences name their packages, each once; a package may have several, or say none', () => {
  expect(licenseSections([installed('b', ['MIT', 'Apache-2.0']), installed('a', ['MIT']), installed('a', ['MIT']), installed('c', [])])).toEqual({
    licenses: { licenses: { 'MIT': '["npm:a@1","npm:b@1"]', 'Apache-2.0': '["npm:b@1"]', 'UNKNOWN': '["npm:c@1"]' } },
  });
});

function image(createdBy: string, labels: Record<string, string>): Image {
  const layer = { index: 0, facts: { diffId: 'sha256:1', sizeBytes: 1, entries: [], facts: {}, problems: [] }, createdBy, historyIndex: 0 };
  return { config: { labels, history: [{ created: '2026-01-01T00:00:00Z', createdBy, comment: '', emptyLayer: false }] }, layers: [layer] } as unknown as Image;
}

test.each([
  ['labels of a builder', 'RUN true # buildkit', { 'org.opencontainers.image.base.name': 'docker.io/library/debian:12', 'org.opencontainers.image.base.digest': 'sha256:2' }, { name: 'docker.io/library/debian:12', digest: 'sha256:2' }],
  ['the classic builder\'s root', '/bin/sh -c #(nop) ADD file:5d6b in / ', {}, { root_layer: 'sha256:1', root_created: '2026-01-01T00:00:00Z' }],
  ['docker import', 'Imported from -', {}, { root_layer: 'sha256:1', root_created: '2026-01-01T00:00:00Z' }],
  ['neither', 'COPY app / # buildkit', {}, {}],
])('the base image is told by %s', (_, createdBy, labels, expected) => {
  expect(baseImageSections(image(createdBy, labels as unknown as Record<string, string>))).toEqual({ base_image: { base_image: expected } });
});
