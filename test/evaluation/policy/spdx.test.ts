import { expect, test } from '@jest/globals';
import { spdxId } from '../../../src/evaluation/policy/spdx.js';

test.each([
  ['GPLv2+', 'GPL-2.0-or-later'],
  ['GPL-2+', 'GPL-2.0-or-later'],
  ['GPL-2.0', 'GPL-2.0-only'],
  ['gpl-3.0-or-later', 'GPL-3.0-or-later'],
  ['LGPL-2.1+', 'LGPL-2.1-or-later'],
  ['AGPLv3', 'AGPL-3.0-only'],
  ['Expat', 'MIT'],
  ['mit', 'MIT'],
  ['Apache License 2.0', 'Apache-2.0'],
  ['BSD-3-clause', 'BSD-3-Clause'],
  ['Our-Own', 'Our-Own'],
  ['constructor', 'constructor'],
])('%s is %s', (name, id) => {
  expect(spdxId(name)).toBe(id);
});
