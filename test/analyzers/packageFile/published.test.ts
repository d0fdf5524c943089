import { expect, test } from '@jest/globals';
import { isPublished } from '../../../src/analyzers/packageFile/published.js';

test.each([
  ['app/yarn.lock', false],
  ['srv/vendor/yarn.lock', false],
  ['srv/gems/Gemfile.lock', false],
  ['app/node_modules/a/yarn.lock', true],
  ['opt/venv/lib/python3.11/site-packages/jupyterlab/staging/yarn.lock', true],
  ['usr/lib/ruby/gems/3.1.0/gems/typeprof-0.21.2/vscode/package-lock.json', true],
  ['root/.cargo/registry/src/index.crates.io-6f17d22bba15001f/serde-1.0.0/Cargo.lock', true],
  ['go/pkg/mod/example.com/a@v1.0.0/yarn.lock', true],
  ['var/www/vendor/monolog/monolog/composer.lock', true],
  ['app/deps/phoenix/mix.lock', true],
])('a lock file at %s came with a package: %s', (path, published) => {
  expect(isPublished(path)).toBe(published);
});
