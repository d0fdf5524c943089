import { describe, expect, test } from '@jest/globals';
import { analyse } from '../../scripts/fuzz/analyse.js';
import { hostileBytes, PATHS, TEXTS } from '../../scripts/fuzz/hostile.js';
import { createAnalyzers } from '../../src/analyzers/index.js';

/** Bytes of a text; `npm run fuzz -- text` takes larger ones, changes them, and measures. */
const SIZE = 2_000;

/** What a fact about so little may come to, in JSON: the text and its paths a few times over. */
const MOST_FACT = 40 * SIZE;

/** A sentence for a person; several of them would be a flood. */
const LONGEST_PROBLEM = 600;
const MOST_PROBLEMS = 20;

/** They read executables by their first bytes, or no bytes at all: test/analyzers/executable, dotnet and security. */
const NOT_TEXT = ['executables', 'dotnet-assemblies', 'file-list', 'file-suids', 'capabilities', 'world-writable'];

const ANALYZERS = createAnalyzers({ contentSearch: { patterns: [{ pattern: 'X=(a+)+$' }, { pattern: 'Y=.*.*.*=.*x' }], maxFileBytes: 1_000_000 } });

describe('hostile texts at every path that an analyzer reads: a problem or nothing, never an error', () => {
  test.each(Object.keys(TEXTS))('%s', (name) => {
    const bytes = hostileBytes(name, SIZE);
    const wrong: string[] = [];
    for (const path of PATHS) {
      for (const { analyzer, fact, problems } of analyse(ANALYZERS, path, bytes)) {
        const length = JSON.stringify(fact ?? null).length;
        if (length > MOST_FACT) wrong.push(`${analyzer} on ${path}: a fact of ${length}`);
        if (problems.length > MOST_PROBLEMS) wrong.push(`${analyzer} on ${path}: ${problems.length} problems`);
        wrong.push(...problems.filter((message) => message.length > LONGEST_PROBLEM || /[\n\0\u001b]/.test(message)).map((message) => `${analyzer} on ${path}: ${message}`));
      }
    }
    expect(wrong).toEqual([]);
    expect('polluted' in {}).toBe(false);
  });
});

test('every analyzer that reads text reads some of these paths', () => {
  const bytes = hostileBytes('RFC 822: fields', SIZE);
  const asked = new Set(PATHS.flatMap((path) => analyse(ANALYZERS, path, bytes).map(({ analyzer }) => analyzer)));
  const kernel = analyse(ANALYZERS, 'boot/vmlinuz-6.1', bytes).map(({ analyzer }) => analyzer);
  expect(ANALYZERS.map(({ name }) => name).filter((name) => !asked.has(name) && !kernel.includes(name) && !NOT_TEXT.includes(name))).toEqual([]);
});
