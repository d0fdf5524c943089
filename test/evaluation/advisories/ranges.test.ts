import { describe, expect, test } from '@jest/globals';
import { fixesAbove, holding } from '../../../src/evaluation/advisories/ranges.js';
import { advisory, affectedOf } from './build.js';

function says(events: readonly object[], version: string, ecosystem = 'npm', type = 'SEMVER'): boolean {
  return holding(affectedOf(advisory({ id: 'X-1', ecosystem, events, type })), version).holds;
}

describe('OSV’s evaluation', () => {
  const BRANCHES = [{ introduced: '1.0.0' }, { fixed: '1.4.2' }, { introduced: '2.0.0' }, { fixed: '2.3.0' }];
  test.each([
    [[{ introduced: '0' }], '0.0.0', true],
    [[{ introduced: '0' }], '99.0.0', true],
    [[{ introduced: '0' }, { fixed: '2.0.0' }], '1.9.9', true],
    [[{ introduced: '0' }, { fixed: '2.0.0' }], '2.0.0', false],
    [[{ introduced: '0' }, { fixed: '2.0.0' }], '2.0.0-rc.1', true],
    [[{ introduced: '1.0.0' }, { fixed: '2.0.0' }], '1.0.0-rc.1', false],
    [[{ introduced: '0' }, { last_affected: '2.0.0' }], '2.0.0', true],
    [[{ introduced: '0' }, { last_affected: '2.0.0' }], '2.0.1', false],
    [[{ introduced: '1.0.0' }, { last_affected: '1.0.0' }], '1.0.0', true],
    [BRANCHES, '0.9.0', false], [BRANCHES, '1.4.1', true], [BRANCHES, '1.4.2', false], [BRANCHES, '1.9.0', false], [BRANCHES, '2.0.0', true], [BRANCHES, '2.3.0', false],
    // the order in which events are written does not matter
    [[...BRANCHES].reverse(), '1.4.1', true], [[...BRANCHES].reverse(), '1.9.0', false],
    // limits: before any of them; `*` is no limit
    [[{ introduced: '1.0.0' }, { limit: '2.0.0' }], '1.5.0', true],
    [[{ introduced: '1.0.0' }, { limit: '2.0.0' }], '2.0.0', false],
    [[{ introduced: '1.0.0' }, { limit: '*' }], '9.0.0', true],
    [[{ introduced: '1.0.0' }, { limit: '2.0.0' }, { limit: '3.0.0' }], '2.5.0', true],
    // intervals that touch, in whatever order (PYSEC-2022-42972, PYSEC-2023-72), and empty ones
    [[{ introduced: '0.13.0' }, { fixed: '0.14.0' }, { introduced: '0.12.2' }, { fixed: '0.13.0' }], '0.13.3', true],
    [[{ introduced: '0.13.0' }, { fixed: '0.14.0' }, { introduced: '0.12.2' }, { fixed: '0.13.0' }], '0.13.0', true],
    [[{ introduced: '0.13.0' }, { fixed: '0.14.0' }, { introduced: '0.12.2' }, { fixed: '0.13.0' }], '0.14.0', false],
    [[{ introduced: '0' }, { last_affected: '1.0.0' }, { introduced: '1.0.0' }, { fixed: '2.0.0' }], '1.5.0', true],
    [[{ introduced: '1.0.0' }, { fixed: '1.0.0' }], '1.0.0', false], [[{ introduced: '1.0.0' }, { fixed: '1.0.0' }, { introduced: '3.0.0' }], '2.0.0', false],
  ])('%j holds %s: %s', (events, version, expected) => expect(says(events, version)).toBe(expected));

  test('a range of commits says nothing of versions; the list of versions does', () => {
    const affected = affectedOf(advisory({ id: 'X-1', affected: [{ package: { ecosystem: 'PyPI', name: 'x' }, ranges: [{ type: 'GIT', events: [{ introduced: '0' }] }], versions: ['1.0', '1.1'] }] }));
    expect(holding(affected, '1.1')).toEqual({ holds: true, rule: 'affected[0].versions has 1.1', doubts: [] });
    expect(holding(affected, '1.1.0').rule).toBe('affected[0].versions has 1.1');
    expect(holding(affected, '1.2').holds).toBe(false);
  });

  test('the rule names record’s place and interval', () => {
    const touching = [{ introduced: '1.0.0' }, { fixed: '2.0.0' }, { introduced: '2.0.0' }, { fixed: '3.0.0' }];
    expect(holding(affectedOf(advisory({ id: 'X-1', events: touching })), '2.0.0').rule).toBe('affected[0].ranges[0] (SEMVER) [2.0.0, 3.0.0)');
    expect(holding(affectedOf(advisory({ id: 'X-1', events: BRANCHES })), '2.1.0').rule).toBe('affected[0].ranges[0] (SEMVER) [2.0.0, 2.3.0)');
    expect(holding(affectedOf(advisory({ id: 'X-1', events: [{ introduced: '0' }, { last_affected: '3.0.0' }] })), '2.1.0').rule).toBe('affected[0].ranges[0] (SEMVER) [0, 3.0.0]');
    expect(holding(affectedOf(advisory({ id: 'X-1', events: [{ introduced: '0' }] })), '2.1.0').rule).toBe('affected[0].ranges[0] (SEMVER) [0, ∞)');
  });

  test.each([
    ['Debian:12', '1:1.2-3+deb12u1', '1:1.2-3+deb12u2', true], ['Debian:12', '1:1.2-3+deb12u2', '1:1.2-3+deb12u2', false], ['Debian:12', '1.2-3', '0:1.2-3', false],
    ['Red Hat:enterprise_linux:9::baseos', '1:3.0.7-16.el9', '1:3.0.7-18.el9_2', true], ['Alpine:v3.20', '3.3.0-r2', '3.3.0-r3', true], ['PyPI', '2.0rc1', '2.0', true],
    ['Maven', '2.14.1', '2.15.0', true], ['Go', 'go1.21.3', '1.21.4', true], ['RubyGems', '2.1.4', '2.2.0', true], ['NuGet', '1.0.0.1', '1.0.0.2', true],
  ])('%s: %s before %s: %s', (ecosystem, version, fixed, expected) => {
    expect(says([{ introduced: '0' }, { fixed }], version, ecosystem, ecosystem === 'Go' ? 'SEMVER' : 'ECOSYSTEM')).toBe(expected);
  });
});

describe('what cannot be judged', () => {
  test('a version that nobody can read is matched by equality only', () => {
    const affected = affectedOf(advisory({ id: 'X-1', affected: [{ package: { ecosystem: 'npm', name: 'x' }, ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }] }], versions: ['nightly'] }] }));
    expect(holding(affected, 'nightly').holds).toBe(true);
    expect(holding(affected, 'weekly').holds).toBe(false);
  });

  test('a bound that nobody can read is told, and the other ranges still count', () => {
    const affected = affectedOf(advisory({ id: 'X-1', affected: [{ package: { ecosystem: 'npm', name: 'x' }, ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: 'soon' }] }, { type: 'SEMVER', events: [{ introduced: '3.0.0' }] }] }] }));
    expect(holding(affected, '1.0.0')).toEqual({ holds: false, rule: '', doubts: ['affected[0].ranges[0]: SemVer cannot read "soon"'] });
    expect(holding(affected, '3.1.0').holds).toBe(true);
  });

  test.each([
    [[{ fixed: '1.0.0' }, { introduced: '2.0.0' }], 'affected[0].ranges[0]: it ends at 1.0.0 before it begins'],
    [[{ introduced: '0' }, { fixed: '3.0.0' }, { last_affected: '2.0.0' }], 'affected[0].ranges[0]: it has both fixed and last_affected'],
  ])('%j contradicts itself, which is told', (events, doubt) => {
    expect(holding(affectedOf(advisory({ id: 'X-1', events })), '2.5.0').doubts).toEqual([doubt]);
  });

  test('an ecosystem whose order nobody knows: by equality', () => {
    expect(says([{ introduced: '0' }], '1', 'Plan 9', 'ECOSYSTEM')).toBe(false);
  });
});

describe('the fix', () => {
  const branches = affectedOf(advisory({ id: 'X-1', ecosystem: 'PyPI', type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '2.2.25' }, { introduced: '3.0' }, { fixed: '3.2.10' }, { introduced: '4.0' }, { fixed: '4.0.1' }] }));
  test.each([['3.2', ['3.2.10', '4.0.1']], ['2.2.1', ['2.2.25', '3.2.10', '4.0.1']], ['4.0', ['4.0.1']]])('above %s: %j, the installed branch first', (version, fixes) => {
    expect(fixesAbove([branches], version)).toEqual(fixes);
  });

  test('is not a version that another range of the record holds', () => {
    const first = affectedOf(advisory({ id: 'X-1', events: [{ introduced: '0' }, { fixed: '1.1.0' }] }));
    const second = affectedOf(advisory({ id: 'X-1', events: [{ introduced: '1.0.0' }, { fixed: '1.2.0' }] }));
    expect(fixesAbove([first, second], '1.0.5')).toEqual(['1.2.0']);
  });

  test('there is none after last_affected', () => {
    expect(fixesAbove([affectedOf(advisory({ id: 'X-1', events: [{ introduced: '0' }, { last_affected: '1.0.0' }] }))], '0.5.0')).toEqual([]);
  });
});
