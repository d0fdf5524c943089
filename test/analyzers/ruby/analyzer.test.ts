import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { Analyzer } from '../../../src/analyzers/analyzer.js';
import { rubyAnalyzer } from '../../../src/analyzers/ruby/analyzer.js';
import { gemSection } from '../../../src/analyzers/ruby/section.js';
import { expectGolden, fixture } from '../../golden.js';
import { look, type Layer } from '../os/layers.js';

const ruby = rubyAnalyzer as Analyzer;
const read = (name: string): Buffer => readFileSync(fixture(`ruby/${name}`));
const SPECS = '/usr/lib/ruby/gems/2.7.0/specifications';
const LOCK = 'GEM\n  specs:\n    rack (2.2.8)\n    rake (13.0.6)\n';

function found(...layers: Layer[]): { packages: string[]; problems: string[] } {
  const seen = look([ruby], layers);
  return { packages: seen.packages(ruby).map(({ location, purl }) => `${location} ${purl}`), problems: seen.problems };
}

describe('what is installed', () => {
  test('specifications, default ones among them', () => {
    expect(found({ [`${SPECS}/rss-0.2.9.gemspec`]: read('rss-0.2.9.gemspec'), [`${SPECS}/default/yaml-0.2.1.gemspec`]: read('yaml-0.2.1.gemspec') })).toEqual({
      packages: [`${SPECS}/default/yaml-0.2.1.gemspec pkg:gem/yaml@0.2.1`, `${SPECS}/rss-0.2.9.gemspec pkg:gem/rss@0.2.9`], problems: [],
    });
  });

  test('the gemspec among an installed gem’s files only repeats that; Bundler’s checkouts of git count', () => {
    const checkout = '/usr/local/bundle/ruby/3.2.0/bundler/gems/example-0123456789ab';
    expect(found({
      '/usr/lib/ruby/gems/2.7.0/gems/rss-0.2.9/rss.gemspec': read('rss-0.2.9.gemspec'),
      [`${checkout}/example_app.gemspec`]: read('version_constant/version_constant.gemspec'),
      [`${checkout}/lib/example_app/version.rb`]: read('version_constant/lib/example_app/version.rb'),
    }).packages).toEqual([`${checkout}/example_app.gemspec pkg:gem/example_app@1.2.3`]);
  });

  test('what only Ruby could tell is a problem', () => {
    expect(found({ '/app/example_app.gemspec': read('version_method/version_method.gemspec'), [`${SPECS}/x.gemspec`]: read('invalid.gemspec') })).toEqual({
      packages: [],
      problems: [
        `${SPECS}/x.gemspec: The file is no gemspec that can be read without Ruby: it names no gem.`,
        '/app/example_app.gemspec: The version of the gem example_app is an expression that only Ruby can evaluate.',
      ],
    });
  });
});

test('a Gemfile.lock counts only where nothing was installed from it', () => {
  expect(found({ '/app/Gemfile.lock': LOCK }).packages).toEqual(['/app/Gemfile.lock pkg:gem/rack@2.2.8', '/app/Gemfile.lock pkg:gem/rake@13.0.6']);
  const rake = `Gem::Specification.new do |s|\n  s.name = "rake".freeze\n  s.version = "13.0.6"\nend\n`;
  expect(found({ '/app/Gemfile.lock': LOCK, [`${SPECS}/rake-13.0.6.gemspec`]: rake }).packages).toEqual([`${SPECS}/rake-13.0.6.gemspec pkg:gem/rake@13.0.6`]);
});

test('the section is the seed’s', () => {
  const native = `# -*- encoding: utf-8 -*-\nGem::Specification.new do |s|\n  s.name = "native".freeze\n  s.version = "1.0"\n  s.platform = "x86_64-linux".freeze\n  s.files = ["lib/native.rb".freeze, "LICENSE".freeze]\n  s.authors = ["A".freeze, "B".freeze]\nend\n`;
  const packages = look([ruby], [{ [`${SPECS}/rss-0.2.9.gemspec`]: read('rss-0.2.9.gemspec'), [`${SPECS}/native-1.0-x86_64-linux.gemspec`]: native, '/app/Gemfile.lock': LOCK }]).packages(ruby);
  expect(packages.find(({ name }) => name === 'native')?.files).toEqual(['lib/native.rb', 'LICENSE'].map((file) => `/usr/lib/ruby/gems/2.7.0/gems/native-1.0-x86_64-linux/${file}`));
  const rows = Object.entries(gemSection(packages)).map(([key, value]) => [key, JSON.parse(value) as unknown]);
  expectGolden('analyzers/gem-section.json', `${JSON.stringify(Object.fromEntries(rows), null, 2)}\n`);
});
