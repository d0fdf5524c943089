import { expect, test } from '@jest/globals';
import { nodeAt } from '../../../src/analyzers/os/links.js';
import { image, node } from '../sample-image.js';

const link = (path: string, linkname: string): ReturnType<typeof node> => node(path, { type: 'symlink', linkname });
const { flattened } = image([
  node('/usr', { type: 'directory' }), node('/usr/lib', { type: 'directory' }), node('/usr/lib/os-release'), node('/usr/lib/sub/file'),
  link('/lib', 'usr/lib'), link('/etc/os-release', '../usr/lib/os-release'), link('/etc/absolute', '/lib/os-release'),
  link('/etc/up', '../../../../usr/lib/os-release'), link('/a', '/b'), link('/b', 'a'), link('/self', 'self/self'), link('/dangling', '/nowhere'),
  ...Array.from({ length: 50 }, (_, index) => link(`/chain${index}`, `chain${index + 1}`)),
]);

test.each([
  ['/usr/lib/os-release', '/usr/lib/os-release'],
  ['/lib/os-release', '/usr/lib/os-release'],
  ['/lib/sub/../os-release', '/usr/lib/os-release'],
  ['/etc/os-release', '/usr/lib/os-release'],
  ['/etc/absolute', '/usr/lib/os-release'],
  ['/etc/up', '/usr/lib/os-release'],
  ['/a', undefined],
  ['/self', undefined],
  ['/dangling', undefined],
  ['/chain0', undefined],
  ['/none', undefined],
])('%s leads to %s', (path, expected) => {
  expect(nodeAt(flattened, path)?.path).toBe(expected);
});
