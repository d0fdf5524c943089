import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { Analyzer } from '../../../src/analyzers/analyzer.js';
import { pythonAnalyzer } from '../../../src/analyzers/python/analyzer.js';
import { condaAnalyzer } from '../../../src/analyzers/python/conda.js';
import { pythonSection } from '../../../src/analyzers/python/section.js';
import { expectGolden, fixture } from '../../golden.js';
import { look, type Layer } from '../os/layers.js';

const python = pythonAnalyzer as Analyzer;
const SITE = '/usr/lib/python3/site-packages';
const read = (name: string): Buffer => readFileSync(fixture(`python/${name}`));
const metadata = (name: string, version: string): string => `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`;
const purls = (...layers: Layer[]): string[] => look([python], layers).packages(python).map(({ location, purl }) => `${location} ${purl}`);

describe('what is installed', () => {
  test('dist-info and egg-info, as folder and as file, unpacked and zipped eggs, wheels', () => {
    expect(purls({
      [`${SITE}/pip-22.2.2.dist-info/METADATA`]: read('distinfo_meta'),
      [`${SITE}/setuptools.egg-info/PKG-INFO`]: read('egginfo_pkginfo'),
      [`${SITE}/pycups-2.0.1.egg-info`]: read('egginfo'),
      [`${SITE}/root-1.egg/EGG-INFO/PKG-INFO`]: read('repeated_pkginfo'),
      [`${SITE}/monotonic-1.6-py3.10.egg`]: read('monotonic-1.6-py3.10.egg'),
      '/wheels/monotonic-1.6-py2.py3-none-any.whl': read('monotonic-1.6-py2.py3-none-any.whl'),
      [`${SITE}/monotonic_no_pkginfo-1.6-py3.10.egg`]: read('monotonic_no_pkginfo-1.6-py3.10.egg'),
      [`${SITE}/empty.dist-info/METADATA`]: read('empty'),
    })).toEqual([
      `${SITE}/pip-22.2.2.dist-info/METADATA pkg:pypi/pip@22.2.2`,
      `${SITE}/pycups-2.0.1.egg-info pkg:pypi/pycups@2.0.1`,
      `${SITE}/root-1.egg/EGG-INFO/PKG-INFO pkg:pypi/root@1.0.0`,
      `${SITE}/setuptools.egg-info/PKG-INFO pkg:pypi/setuptools@57.4.0`,
      `${SITE}/monotonic-1.6-py3.10.egg:EGG-INFO/PKG-INFO pkg:pypi/monotonic@1.6`,
      '/wheels/monotonic-1.6-py2.py3-none-any.whl:monotonic-1.6.dist-info/METADATA pkg:pypi/monotonic@1.6',
    ]);
  });

  test('METADATA counts before PKG-INFO, as in importlib.metadata', () => {
    expect(purls({ [`${SITE}/a.dist-info/METADATA`]: metadata('a', '1'), [`${SITE}/a.dist-info/PKG-INFO`]: metadata('b', '2') })).toEqual([`${SITE}/a.dist-info/METADATA pkg:pypi/a@1`]);
  });

  test('its files, by RECORD or installed-files.txt', () => {
    const packages = look([python], [{
      [`${SITE}/a-1.dist-info/METADATA`]: metadata('a', '1'),
      [`${SITE}/a-1.dist-info/RECORD`]: 'a/__init__.py,,\n../../../bin/a,,\n',
      [`${SITE}/a-1.dist-info/top_level.txt`]: 'a\n_a\n',
      [`${SITE}/b-1.egg-info/PKG-INFO`]: metadata('b', '1'),
      [`${SITE}/b-1.egg-info/installed-files.txt`]: '../b.py\nPKG-INFO\n',
    }]).packages(python);
    expect(packages.map(({ files, metadata: said }) => [files, said['topLevel']])).toEqual([
      [[`${SITE}/a/__init__.py`, '/usr/bin/a'], 'a _a'],
      [[`${SITE}/b.py`, `${SITE}/b-1.egg-info/PKG-INFO`], undefined],
    ]);
  });

  test('an uninstalled package is not there, one that a later layer upgraded is of that layer', () => {
    expect(look([python], [{ [`${SITE}/a.dist-info/METADATA`]: metadata('a', '1') }, { [`${SITE}/a.dist-info/METADATA`]: metadata('a', '2') }]).packages(python)).toMatchObject([{ version: '2', layer: 1 }]);
  });

  test.each(['x.egg', 'x.whl'])('%s that is no zip is a problem', (name) => {
    expect(look([python], [{ [`/x/${name}`]: 'text' }]).problems).toEqual([`/x/${name}: The archive is no zip archive: it has no end record.`]);
  });
});

describe('lock files', () => {
  const PINNED = ['certifi', 'charset-normalizer', 'idna', 'requests', 'urllib3'];
  const names = (file: string, content: Buffer | string): string[] => look([python], [{ [`/app/${file}`]: content }]).packages(python).map(({ name }) => name);

  test.each([
    ['uv.lock', read('locks/uv.lock'), [...PINNED, 'colorama', 'iniconfig', 'packaging', 'pluggy', 'pytest', 'pyyaml']],
    ['pylock.toml', read('locks/pylock.toml'), [...PINNED, 'colorama', 'iniconfig', 'packaging', 'pluggy', 'pytest', 'pyyaml']],
    ['Pipfile.lock', read('locks/Pipfile.lock'), PINNED],
    ['poetry.lock', '[[package]]\nname = "a"\nversion = "1.0"\ncategory = "main"\n[package.dependencies]\nb = ">=1"\n[[package]]\nname = "dev"\nversion = "1.0"\ncategory = "dev"\n[metadata]\nlock-version = "2.0"\n', ['a']],
    ['poetry.lock', '[[package]]\nname = "a"\nversion = "1.0"\ngroups = ["main", "dev"]\n[[package]]\nname = "b"\nversion = "1.0"\ngroups = ["dev"]\n', ['a']],
    ['pdm.lock', '[[package]]\nname = "a"\nversion = "1.0"\ngroups = ["default"]\ndependencies = ["b>=1"]\n[[package]]\nname = "b"\nversion = "1.0"\ngroups = ["test"]\n', ['a']],
    ['requirements-prod.txt', 'a==1.0\nb>=2\n', ['a']],
  ])('%s', (file, content, expected) => {
    expect(names(file, content).sort()).toEqual([...expected].sort());
  });

  test('count only where nothing was installed from them', () => {
    const lock = { '/app/requirements.txt': 'Requests==2.31.0\nidna==3.4\n' };
    expect(purls(lock)).toHaveLength(2);
    expect(purls(lock, { [`${SITE}/requests-2.31.0.dist-info/METADATA`]: metadata('requests', '2.31.0') })).toEqual([`${SITE}/requests-2.31.0.dist-info/METADATA pkg:pypi/requests@2.31.0`]);
    expect(purls(lock, { [`${SITE}/requests-2.0.dist-info/METADATA`]: metadata('requests', '2.0') })).toHaveLength(3);
  });

  test('of packages bind nobody', () => {
    expect(purls({ [`${SITE}/a/requirements.txt`]: 'a==1.0\n' })).toEqual([]);
  });

  test.each(['poetry.lock', 'uv.lock', 'pdm.lock', 'pylock.toml', 'Pipfile.lock', 'requirements.txt'])('%s, hostile ones', (file) => {
    for (const text of ['{', '[[package]]', 'package = 7', '{"default":[]}', '{"default":{"__proto__":{"version":"==1"}}}', `a = ${'['.repeat(50_000)}`, '"\\'.repeat(50_000), '='.repeat(200_000), '\u0000']) {
      const seen = look([python], [{ [`/app/${file}`]: text }]);
      expect(() => seen.packages(python)).not.toThrow();
    }
  });
});

describe('conda', () => {
  const conda = condaAnalyzer;
  test('a record in conda-meta', () => {
    const [found] = look([conda], [{ '/opt/conda/conda-meta/jupyterlab-3.1.12-py39hf3db000.json': read('condameta/valid') }]).packages(conda);
    expect(found).toMatchObject({
      type: 'conda', name: 'jupyterlab', version: '3.1.12', licenses: ['BSD-3-Clause'], size: 38124560, architecture: 'x86_64',
      purl: 'pkg:conda/jupyterlab@3.1.12?build=py39hf3db000&channel=main&subdir=linux-64', dependencies: ['jupyterlab_server', 'nbclassic', 'python', 'tornado'],
    });
  });

  test('its files lie below the prefix', () => {
    const record = JSON.stringify({ name: 'a', version: '1', files: ['bin/a', 'lib/../x'] });
    expect(look([conda], [{ '/opt/conda/conda-meta/a-1-0.json': record }]).packages(conda)).toMatchObject([{ files: ['/opt/conda/bin/a', '/opt/conda/x'] }]);
  });

  test.each(['empty', 'invalid', 'noname', 'noversion'])('%s is a problem', (file) => {
    const seen = look([conda], [{ '/opt/conda/conda-meta/x.json': read(`condameta/${file}`) }]);
    expect([seen.packages(conda).length, seen.problems.length]).toEqual([0, 1]);
  });
});

test('the section is the seed’s', () => {
  const packages = look([python], [{
    [`${SITE}/pip-22.2.2.dist-info/METADATA`]: read('distinfo_meta'),
    [`${SITE}/pip-22.2.2.dist-info/RECORD`]: 'yaml/__init__.py,sha256=x,1\n',
    [`${SITE}/root.egg-info/PKG-INFO`]: read('repeated_pkginfo'),
    [`${SITE}/root-old.egg-info`]: metadata('root', '0.9'),
    '/app/Pipfile.lock': read('locks/Pipfile.lock'),
  }]).packages(python);
  const rows = Object.entries(pythonSection(packages)).map(([key, value]) => [key, JSON.parse(value) as unknown]);
  expectGolden('analyzers/python-section.json', `${JSON.stringify(Object.fromEntries(rows), null, 2)}\n`);
});
