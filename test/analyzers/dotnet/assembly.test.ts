import { describe, expect, test } from '@jest/globals';
import type { Analyzer, ImageView } from '../../../src/analyzers/analyzer.js';
import { assemblies } from '../../../src/analyzers/dotnet/assembly.js';
import { depsJson } from '../../../src/analyzers/dotnet/depsJson.js';
import type { PackageDraft } from '../../../src/analyzers/packageFile/draft.js';
import { fixtureBytes, runOn } from '../packageFile/run.js';

const dll = fixtureBytes('dotnet/HelloWorldApp.dll');

describe('assemblies', () => {
  test('a managed one says its name, version and company', () => {
    expect(runOn(assemblies, 'app/HelloWorldApp.dll', dll)).toEqual({
      problems: [],
      fact: {
        name: 'HelloWorldApp', version: '1.0.0', purl: 'pkg:nuget/HelloWorldApp@1.0.0', origin: 'HelloWorldApp',
        metadata: { productName: 'HelloWorldApp', fileVersion: '1.0.0.0', productVersion: '1.0.0', fileDescription: 'HelloWorldApp' },
      },
    });
  });

  test('the native host beside it is no assembly', () => {
    expect(runOn(assemblies, 'app/HelloWorldApp.exe', fixtureBytes('dotnet/HelloWorldApp.exe.gz'))).toEqual({ problems: [], fact: undefined });
  });

  test('translations say nothing', () => {
    expect(runOn(assemblies, 'app/de/HelloWorldApp.resources.dll', dll).fact).toBeUndefined();
  });

  test.each([
    ['cut in its headers', dll.subarray(0, 200)],
    ['cut in its resources', dll.subarray(0, 4100)],
    ['an MZ file that is something else', Buffer.concat([Buffer.from('MZ'), Buffer.alloc(600)])],
  ])('%s: a problem', (_, bytes) => {
    const { fact, problems } = runOn(assemblies, 'app/HelloWorldApp.dll', bytes);
    expect(fact).toBeUndefined();
    expect(problems.length).toBe(1);
  });

  test('where a deps.json names the file, the package speaks for it', () => {
    const fact = runOn(assemblies, 'app/AWSSDK.Core.dll', dll).fact;
    const deps = runOn(depsJson as Analyzer<readonly PackageDraft[]>, 'app/TestLibrary.deps.json', fixtureBytes('dotnet/TestLibrary.deps.json')).fact;
    const view = (path: string): ImageView<PackageDraft> => ({ facts: () => [{ path, layer: 0, fact }], of: () => [{ path: '/app/TestLibrary.deps.json', layer: 0, fact: deps }] }) as unknown as ImageView<PackageDraft>;
    expect(assemblies.packages?.(view('/app/AWSSDK.Core.dll'))).toEqual([]);
    expect(assemblies.packages?.(view('/app/Other.dll')).map(({ purl }) => purl)).toEqual(['pkg:nuget/HelloWorldApp@1.0.0']);
  });
});
