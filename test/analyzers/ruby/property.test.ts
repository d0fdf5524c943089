import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { constantsOf } from '../../../src/analyzers/ruby/constants.js';
import { parseGemfileLock } from '../../../src/analyzers/ruby/gemfileLock.js';
import { parseGemspec } from '../../../src/analyzers/ruby/gemspec.js';
import { scanLiteral } from '../../../src/analyzers/ruby/scan.js';

const TOKENS = ['Gem::Specification.new do |s|\n', 's.name', 's.version', 's.files', ' = ', '"', "'", '[', ']', ',', '%q<', '>', '%w[', '.freeze', '\\', '\\u{41}', '#{', '#', '\n', 'VERSION', 'A::', 'Gem::Version.new(', ')', 'require_relative ', 'File.join(', 's.add_dependency(', 'a', 'é', '\ufffd'];
const ruby = fc.array(fc.constantFrom(...TOKENS), { maxLength: 40 }).map((tokens) => tokens.join(''));

test('whatever a gemspec holds, it is read or it is none (property)', () => {
  fc.assert(fc.property(ruby, (text) => {
    const gemspec = parseGemspec(text);
    expect(gemspec === undefined || gemspec.name !== '').toBe(true);
    constantsOf(text);
    parseGemfileLock(text);
  }), { numRuns: 500, seed: 5 });
});

test('a string that Ruby’s dump writes is read back (property)', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 20 }), (value) => {
    const dumped = JSON.stringify(value).replaceAll('#', '\\#').replace(/\\b/g, '\\u0008').replace(/\\f/g, '\\u000c');
    expect(scanLiteral(dumped, 0)).toEqual({ value, end: dumped.length });
  }), { numRuns: 200, seed: 5 });
});
