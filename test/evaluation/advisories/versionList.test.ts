import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { VersionList } from '../../../src/evaluation/advisories/versionList.js';

const ODD = fc.constantFrom('', '1', '1.0', '\n', '\\', '\\n', '"', '1\n2', '1\\n2', '\ud800', '😀', '\u2028', '\r');
const VERSION = fc.oneof(ODD, fc.string(), fc.string({ unit: 'binary' }));

test('what was listed comes back, in order, and it alone is in the list', () => {
  fc.assert(fc.property(fc.array(VERSION, { maxLength: 6 }), VERSION, (versions, other) => {
    const list = VersionList.of(versions);
    expect(list.all()).toEqual(versions);
    expect(new VersionList(list.lines).all()).toEqual(versions);
    for (const version of [...versions, other]) expect([version, list.has(version)]).toEqual([version, versions.includes(version)]);
  }), { numRuns: 1000 });
});

test.each([
  [['1.0', '2.0'], false], [['1.0', '1!2.0'], true], [['2:1.0'], true], [[], false],
])('%j may have epochs: %s', (versions, expected) => expect(VersionList.of(versions).hasEpochs).toBe(expected));
