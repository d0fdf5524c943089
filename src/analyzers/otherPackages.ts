import type { Analyzer } from './analyzer.js';
import { binaries } from './binary/analyzer.js';
import { bitnami } from './bitnami/bitnami.js';
import { conan } from './conan/conan.js';
import { pubspecLock } from './dart/pubspecLock.js';
import { assemblies } from './dotnet/assembly.js';
import { depsJson } from './dotnet/depsJson.js';
import { nugetLocks } from './dotnet/locks.js';
import { executables } from './executable/analyzer.js';
import { jetbrains } from './extensions/jetbrains.js';
import { vscode } from './extensions/vscode.js';
import { haskell } from './haskell/haskell.js';
import { erlangApplication } from './hex/application.js';
import { hexLocks } from './hex/locks.js';
import { rockspec } from './lua/rockspec.js';
import { cpanMeta } from './perl/cpan.js';
import { perlInstalled } from './perl/installed.js';
import { composerInstalled, composerLock } from './php/composer.js';
import { pear } from './php/pear.js';
import { rDescription } from './r/description.js';
import { cargoLock } from './rust/cargoLock.js';
import { sbom } from './sbom/sbom.js';
import { packageResolved } from './swift/packageResolved.js';
import { podfileLock } from './swift/podfileLock.js';
import { wordpress } from './wordpress/wordpress.js';

/** Packages of languages and applications whose sections have the shape of genericSection.ts. */
export const OTHER_PACKAGE_ANALYZERS: readonly Analyzer[] = [
  executables as Analyzer,
  binaries as Analyzer,
  assemblies as Analyzer,
  ...([
    bitnami, cargoLock, composerInstalled, composerLock, conan, cpanMeta, depsJson, erlangApplication, haskell, hexLocks, jetbrains, nugetLocks,
    packageResolved, pear, perlInstalled, podfileLock, pubspecLock, rDescription, rockspec, sbom, vscode, wordpress,
  ] as readonly Analyzer[]),
];
