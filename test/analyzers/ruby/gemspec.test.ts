import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { resolveVersion } from '../../../src/analyzers/ruby/analyzer.js';
import { constantsOf } from '../../../src/analyzers/ruby/constants.js';
import { parseGemfileLock } from '../../../src/analyzers/ruby/gemfileLock.js';
import { parseGemspec } from '../../../src/analyzers/ruby/gemspec.js';
import { scanLiteral } from '../../../src/analyzers/ruby/scan.js';
import { fixture } from '../../golden.js';

const read = (name: string): string => readFileSync(fixture(`ruby/${name}`), 'utf8');

/** Name and version, with lib/example_app/version.rb beside where there is one; the version is empty where only Ruby can tell it. */
function resolved(path: string): [string, string] | undefined {
  const gemspec = parseGemspec(read(path));
  if (gemspec === undefined) return undefined;
  const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
  const library = `${folder}/lib/example_app/version`;
  const constants = folder === '' ? [] : [[`/${library}.rb`, constantsOf(read(`${library}.rb`))] as const];
  return [gemspec.name, resolveVersion(gemspec, `/${path}`, new Map(constants))];
}

describe('a gemspec, without Ruby', () => {
  test.each<[string, [string, string] | undefined]>([
    ['yaml-0.2.1.gemspec', ['yaml', '0.2.1']],
    ['rss-0.2.9.gemspec', ['rss', '0.2.9']],
    ['version_inline.gemspec', ['example_inline', '3.0.0']],
    ['badspec.gemspec', undefined],
    ['empty.gemspec', undefined],
    ['invalid.gemspec', undefined],
    ['version_constant/version_constant.gemspec', ['example_app', '1.2.3']],
    ['version_constant_freeze/version_constant_freeze.gemspec', ['example_app_freeze', '2.3.4']],
    ['version_constant_class/version_constant_class.gemspec', ['example_app', '3.0.0']],
    ['version_constant_different_casing/version_constant_different_casing.gemspec', ['example_app', '4.0.0']],
    ['version_constant_join/version_constant_join.gemspec', ['example_app_join', '4.5.6']],
    ['version_constant_join_multiline/version_constant_join_multiline.gemspec', ['example_app_join_multiline', '7.8.9']],
    ['version_constant_expand/version_constant_expand.gemspec', ['example_app_expand', '5.6.7']],
    ['version_constant_expand_join/version_constant_expand_join.gemspec', ['example_app_expand_join', '6.7.8']],
    ['version_constant_dirname/version_constant_dirname.gemspec', ['example_app_dirname', '8.9.0']],
    ['version_constant_require/version_constant_require.gemspec', ['example_app_require', '0.9.9']],
    ['version_constant_conditional/version_constant_conditional.gemspec', ['example_app_conditional', '9.0.1']],
    // further than osv-scalibr goes: `lib` on the load path
    ['version_load_path/version_load_path.gemspec', ['example_app', '2.0.0']],
    // only Ruby can tell
    ['version_constant_missing/version_constant_missing.gemspec', ['example_missing', '']],
    ['version_method/version_method.gemspec', ['example_app', '']],
  ])('%s', (path, expected) => {
    expect(resolved(path)).toEqual(expected);
  });

  test('all that it says', () => {
    expect(parseGemspec(read('rss-0.2.9.gemspec'))).toEqual({
      name: 'rss', version: '0.2.9', versionConstant: '', requires: [], platform: '', licenses: ['BSD-2-Clause'], authors: ['Kouhei Sutou'],
      homepage: 'https://github.com/ruby/rss', summary: 'Family of libraries that support various formats of XML "feeds".', files: [], dependencies: ['rexml'],
    });
    expect(parseGemspec(read('yaml-0.2.1.gemspec'))).toMatchObject({ licenses: ['Ruby', 'BSD-2-Clause'], authors: ['Aaron Patterson', 'SHIBATA Hiroshi'] });
  });

  test('lists over lines, other words for a list, a platform', () => {
    const text = `Gem::Specification.new do |gem|
      gem.name, gem.x = 1, 2
      gem.name = %q{a}
      gem.version = Gem::Version.new("1.0.pre")
      gem.platform = "x86_64-linux".freeze
      gem.files = [
        "lib/a.rb", # the library
        'README.md',
      ]
      gem.license = "MIT"
      gem.author = 'A'
      gem.add_dependency "b", "~> 1"
      gem.add_development_dependency('c')
      gem.add_dependency('c')
    end`;
    expect(parseGemspec(text)).toMatchObject({ name: 'a', version: '1.0.pre', platform: 'x86_64-linux', files: ['lib/a.rb', 'README.md'], licenses: ['MIT'], authors: ['A'], dependencies: ['b'] });
  });

  test.each([
    ['unfinished lists', `Gem::Specification.new do |s|\ns.name = "a"\n${'s.files = ["\n'.repeat(20_000)}`],
    ['unfinished calls', `Gem::Specification.new do |s|\n${'s.add_dependency(%q<\n'.repeat(20_000)}`],
    ['requires without end', `${'require("\n'.repeat(50_000)}Gem::Specification.new do |s|\ns.name="a"\n`],
    ['many blocks', 'Gem::Specification.new do |'.repeat(30_000)],
    ['constants', `${'VERSION = "\n'.repeat(50_000)}`],
    ['deep brackets', `Gem::Specification.new do |s|\ns.files = ${'['.repeat(500_000)}`],
    ['comments', `Gem::Specification.new do |s|\ns.files = [${'#\n'.repeat(200_000)}`],
    ['versions', `Gem::Specification.new do |s|\ns.version = ${'Gem::Version.new('.repeat(60_000)}`],
  ])('hostile: %s', (_, text) => {
    expect(() => [parseGemspec(text), constantsOf(text)]).not.toThrow();
  });
});

describe('a literal of Ruby', () => {
  test.each<[string, unknown]>([
    ['"a\\"b\\n\\u00e9\\u{1f600 41}\\xC3\\xA9"', 'a"b\né😀Aé'],
    ["'it\\'s \\\\ \\n'", "it's \\ \\n"],
    ['%q<a<b>c>', 'a<b>c'],
    ['%Q(x\\)y)', 'x)y'],
    ['%w[a b\n c]', ['a', 'b', 'c']],
    ['["a".freeze, \'b\' , %q(c)].freeze', ['a', 'b', 'c']],
    ['[]', []],
    ['"a#{b}"', undefined],
    ['"\\u{110000}"', '\ufffd'],
    ['File.read("x")', undefined],
    ['"unfinished', undefined],
    ['["a" "b"]', undefined],
  ])('%s', (text, value) => {
    expect(scanLiteral(text, 0)?.value).toEqual(value);
  });
});

test('a Gemfile.lock', () => {
  const lock = `GIT
  remote: https://x/g.git
  revision: abc
  specs:
    g (0.1.0)
      rack

PATH
  remote: .
  specs:
    own (1.0.0)
      rack

GEM
  remote: https://registry.example/
  specs:
    nokogiri (1.15.4-x86_64-linux)
      racc (~> 1.4)
    rack (2.2.8)

PLATFORMS
  x86_64-linux

DEPENDENCIES
  own!
  rack (~> 2)
`;
  expect(parseGemfileLock(lock)).toEqual([
    { name: 'g', version: '0.1.0', platform: '', dependencies: ['rack'] },
    { name: 'nokogiri', version: '1.15.4', platform: 'x86_64-linux', dependencies: ['racc'] },
    { name: 'rack', version: '2.2.8', platform: '', dependencies: [] },
  ]);
});
