import { expect, test } from '@jest/globals';
import { logProgress } from '../../src/action/log.js';

test.each([
  [3, 3],
  [20, 20],
  [120, 20],
  [127, 19],
])('of %i layers, %i lines', (layers, expected) => {
  const lines: string[] = [];
  const progress = logProgress((line) => lines.push(line));
  for (let layer = 0; layer < layers; layer += 1) for (const part of [1, 2]) progress({ layer, layers, bytes: (layer * 2 + part) * 1e6, totalBytes: layers * 2e6 });
  expect(lines).toHaveLength(expected);
  expect(lines[0]).toBe(`Reading layer 1 of ${layers}, 1 MB of ${layers * 2} MB`);
});
