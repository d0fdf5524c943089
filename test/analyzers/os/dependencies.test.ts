import { expect, test } from '@jest/globals';
import { dependencyNames } from '../../../src/analyzers/os/dependencies.js';

test('a need is met by a name, by what is provided, by a file; one that nothing meets is left out', () => {
  const all = [
    { name: 'app', needs: ['libc', 'so:libssl.so.3', '/bin/sh', 'awk', 'nobody', '/none', 'app', 'libc'], provides: [] },
    { name: 'libc', needs: [], provides: ['so:libc.so'] },
    { name: 'openssl', needs: ['so:libc.so'], provides: ['so:libssl.so.3'] },
    { name: 'dash', needs: [], provides: [], files: ['/bin/sh', '/bin/dash'] },
    { name: 'mawk', needs: [], provides: ['awk', 'libc'] },
    { name: 'gawk', needs: [], provides: ['awk'] },
  ];
  const dependenciesOf = dependencyNames(all);
  expect(all.map(dependenciesOf)).toEqual([['libc', 'openssl', 'dash', 'mawk'], [], ['libc'], [], [], []]);
});
