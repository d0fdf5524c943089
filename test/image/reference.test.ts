import { expect, test } from '@jest/globals';
import { InputError } from '../../src/errors.js';
import { fullName, parseReference, sameImage, tryReference } from '../../src/image/reference.js';

const HEX = 'a'.repeat(64);

test.each([
  ['shop', { registry: '', repository: 'shop', tag: '', digest: '' }, 'localbuild/shop:latest'],
  ['shop:1.0', { registry: '', repository: 'shop', tag: '1.0', digest: '' }, 'localbuild/shop:1.0'],
  ['team/shop', { registry: '', repository: 'team/shop', tag: '', digest: '' }, 'localbuild/team/shop:latest'],
  ['host:5000/shop', { registry: 'host:5000', repository: 'shop', tag: '', digest: '' }, 'host:5000/shop:latest'],
  ['host:5000/team/shop:1.0', { registry: 'host:5000', repository: 'team/shop', tag: '1.0', digest: '' }, 'host:5000/team/shop:1.0'],
  ['localhost/shop', { registry: 'localhost', repository: 'shop', tag: '', digest: '' }, 'localhost/shop:latest'],
  ['[::1]:5000/shop:x', { registry: '[::1]:5000', repository: 'shop', tag: 'x', digest: '' }, '[::1]:5000/shop:x'],
  ['docker.io/nginx', { registry: 'docker.io', repository: 'nginx', tag: '', digest: '' }, 'docker.io/library/nginx:latest'],
  ['docker.io/grafana/grafana:9', { registry: 'docker.io', repository: 'grafana/grafana', tag: '9', digest: '' }, 'docker.io/grafana/grafana:9'],
  ['index.docker.io/nginx:1', { registry: 'index.docker.io', repository: 'nginx', tag: '1', digest: '' }, 'docker.io/library/nginx:1'],
  [`ghcr.io/a/b@sha256:${HEX}`, { registry: 'ghcr.io', repository: 'a/b', tag: '', digest: `sha256:${HEX}` }, 'ghcr.io/a/b:latest'],
  [`ghcr.io/a/b:c@sha256:${HEX}`, { registry: 'ghcr.io', repository: 'a/b', tag: 'c', digest: `sha256:${HEX}` }, 'ghcr.io/a/b:c'],
  ['a__b/c-d/e.f', { registry: '', repository: 'a__b/c-d/e.f', tag: '', digest: '' }, 'localbuild/a__b/c-d/e.f:latest'],
  ['localbuild/shop:2', { registry: 'localbuild', repository: 'shop', tag: '2', digest: '' }, 'localbuild/shop:2'],
])('%s', (name, reference, full) => {
  expect(parseReference(name)).toEqual(reference);
  expect(fullName(parseReference(name))).toBe(full);
  expect(fullName(parseReference(full))).toBe(full);
});

test.each(['', ' ', '-rf', '--output=/etc/passwd', 'Shop', 'shop:', ':1', 'shop:a b', 'a//b', 'shop@sha256:12', 'shop;id', '$(id)', 'a/-b', 'shop:' + 't'.repeat(129), 'x'.repeat(256), 'a\nb', '../a'])('%j is no name', (name) => {
  expect(tryReference(name)).toBeUndefined();
  expect(() => parseReference(name)).toThrow(InputError);
});

test.each([
  ['shop', 'docker.io/library/shop:latest', true],
  ['shop:1', 'localbuild/shop:1', true],
  ['shop:1', 'shop:2', false],
  ['localhost/shop', 'shop', false],
  ['no name!', 'no name!', true],
])('%s and %s are the same: %s', (left, right, same) => expect(sameImage(left, right)).toBe(same));
