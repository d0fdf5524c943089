import { describe, expect, test } from '@jest/globals';
import type { Analyzer } from '../../../src/analyzers/analyzer.js';
import { bitnami } from '../../../src/analyzers/bitnami/bitnami.js';
import { conan } from '../../../src/analyzers/conan/conan.js';
import { pubspecLock } from '../../../src/analyzers/dart/pubspecLock.js';
import { depsJson } from '../../../src/analyzers/dotnet/depsJson.js';
import { nugetLocks } from '../../../src/analyzers/dotnet/locks.js';
import { haskell } from '../../../src/analyzers/haskell/haskell.js';
import { erlangApplication } from '../../../src/analyzers/hex/application.js';
import { hexLocks } from '../../../src/analyzers/hex/locks.js';
import { rockspec } from '../../../src/analyzers/lua/rockspec.js';
import type { PackageDraft } from '../../../src/analyzers/packageFile/draft.js';
import { cpanMeta } from '../../../src/analyzers/perl/cpan.js';
import { composerInstalled, composerLock } from '../../../src/analyzers/php/composer.js';
import { pear } from '../../../src/analyzers/php/pear.js';
import { rDescription } from '../../../src/analyzers/r/description.js';
import { cargoLock } from '../../../src/analyzers/rust/cargoLock.js';
import { packageResolved } from '../../../src/analyzers/swift/packageResolved.js';
import { podfileLock } from '../../../src/analyzers/swift/podfileLock.js';
import { expectGolden } from '../../golden.js';
import { fixtureBytes, runOn, table } from './run.js';

/** Real files of public projects: test/fixtures/executable/SOURCES.tsv. */
const REAL: readonly (readonly [fixture: string, path: string, analyzer: Analyzer<readonly PackageDraft[]>, packages: number])[] = [
  ['php/composer1-installed.json', 'srv/vendor/composer/installed.json', composerInstalled, 2],
  ['php/composer2-installed.json', 'srv/vendor/composer/installed.json', composerInstalled, 2],
  ['php/composer.lock', 'srv/composer.lock', composerLock, 4],
  ['php/memcached-v5.reg', 'usr/share/php/.registry/memcached.reg', pear, 1],
  ['php/memcached-v6.reg', 'usr/local/lib/php/.registry/.channel.pecl.php.net/memcached.reg', pear, 1],
  ['r/stringr.DESCRIPTION', 'usr/lib/R/library/stringr/DESCRIPTION', rDescription, 1],
  ['r/base.DESCRIPTION', 'usr/lib/R/library/base/DESCRIPTION', rDescription, 1],
  // 17 lines, of which one is a path within the project: it has no version and is no package.
  ['hex/mix.lock', 'srv/mix.lock', hexLocks, 16],
  ['hex/rebar.lock', 'srv/rebar.lock', hexLocks, 7],
  ['hex/rabbitmq.app', 'opt/rabbitmq/plugins/rabbit/ebin/rabbitmq.app', erlangApplication, 1],
  ['dart/pubspec.lock', 'srv/pubspec.lock', pubspecLock, 6],
  ['swift/Package.resolved', 'srv/Package.resolved', packageResolved, 5],
  ['swift/Podfile.lock', 'srv/Podfile.lock', podfileLock, 23],
  ['conan/conan1.lock', 'srv/conan.lock', conan, 6],
  ['conan/conan2.lock', 'srv/conan.lock', conan, 2],
  ['conan/conaninfo.txt', 'root/.conan/data/mfast/1.2.2/my_user/my_channel/package/9d1f076b/conaninfo.txt', conan, 6],
  ['haskell/stack.yaml.lock', 'srv/stack.yaml.lock', haskell, 10],
  ['haskell/cabal.project.freeze', 'srv/cabal.project.freeze', haskell, 11],
  ['lua/kong-3.7.0-0.rockspec', 'usr/local/lib/luarocks/rocks-5.1/kong/3.7.0-0/kong-3.7.0-0.rockspec', rockspec, 1],
  ['lua/kong-pgmoon-1.16.2-1.rockspec', 'usr/local/lib/luarocks/rocks-5.1/kong-pgmoon/1.16.2-1/kong-pgmoon-1.16.2-1.rockspec', rockspec, 1],
  ['lua/lpeg-1.0.2-1.rockspec', 'usr/local/lib/luarocks/rocks-5.1/lpeg/1.0.2-1/lpeg-1.0.2-1.rockspec', rockspec, 1],
  ['lua/luasyslog-2.0.1-1.rockspec', 'usr/local/lib/luarocks/rocks-5.1/luasyslog/2.0.1-1/luasyslog-2.0.1-1.rockspec', rockspec, 1],
  ['rust/Cargo.lock', 'srv/Cargo.lock', cargoLock, 14],
  ['rust/git-dependencies.Cargo.lock', 'srv/Cargo.lock', cargoLock, 12],
  ['perl/META_correct.yml', 'root/.cpan/build/x/META.yml', cpanMeta, 1],
  ['perl/META_correct1.json', 'root/.cpan/build/x/META.json', cpanMeta, 1],
  ['perl/META_correct1.yml', 'root/.cpan/build/x/META.yml', cpanMeta, 1],
  ['perl/META_correct2.json', 'root/.cpan/build/x/META.json', cpanMeta, 1],
  ['perl/META_withoutname.json', 'root/.cpan/build/x/META.json', cpanMeta, 0],
  ['perl/META_withoutversion.yml', 'root/.cpan/build/x/META.yml', cpanMeta, 0],
  ['dotnet/TestLibrary.deps.json', 'app/TestLibrary.deps.json', depsJson, 3],
  ['dotnet/nopackagename.deps.json', 'app/TestLibrary.deps.json', depsJson, 2],
  ['dotnet/packages.lock.json', 'src/packages.lock.json', nugetLocks, 9],
  ['bitnami/postgresql.spdx', 'opt/bitnami/postgresql/.spdx-postgresql.spdx', bitnami, 19],
];

describe('real files', () => {
  test.each(REAL)('%s', (name, path, analyzer, count) => {
    const { fact, problems } = runOn(analyzer, path, fixtureBytes(name));
    expectGolden(`packageFile/${name}.txt`, table(fact));
    expect(problems).toEqual([]);
    expect(fact?.length ?? 0).toBe(count);
  });
});
