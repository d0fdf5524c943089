import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { ScanError } from '../../src/errors.js';
import type { Engine } from '../../src/image/engine.js';
import type { Image } from '../../src/image/image.js';
import { takeImage } from '../../src/lanes/takeImage.js';
import { docker25, dockerLegacy, packTar, type Built } from '../image/build.js';
import { fileOf, temporary } from './temporary.js';

/** Engines are stood in for by shell scripts on a PATH of their own. */
const posix = process.platform === 'win32' ? describe.skip : describe;

let bin: string;
let archive: string;
let built: Built;
const PATH = process.env['PATH'];

beforeAll(async () => {
  built = { layers: [await packTar([{ name: 'a', content: 'x'.repeat(300_000) }]), await packTar([{ name: '.wh.a', content: '' }, { name: 'b', content: 'y' }])] };
  archive = await fileOf(await packTar(dockerLegacy(built, ['shop:1.0'])));
});

beforeEach(async () => {
  bin = path.join(await temporary(), 'bin');
  await mkdir(bin);
  for (const tool of ['cat', 'head', 'sleep', 'printf', 'kill']) await symlink(`/bin/${tool}`, path.join(bin, tool)).catch(() => undefined);
  process.env['PATH'] = bin;
});

afterEach(() => { process.env['PATH'] = PATH; });

async function engine(name: Engine, script: string): Promise<void> {
  const file = path.join(bin, name);
  await writeFile(file, `#!/bin/sh\nfor a in "$@"; do echo "$a"; done >'${bin}/${name}.args'\n${script}\n`);
  await chmod(file, 0o755);
}

async function argsOf(name: Engine): Promise<string[]> {
  return (await readFile(path.join(bin, `${name}.args`), 'utf8')).trimEnd().split('\n');
}

async function take(image: string, which?: Engine): Promise<Image> {
  return (await takeImage({ image, engine: which }, { config: { names: ['checksums'] } })).image;
}

async function failure(image: string, which?: Engine): Promise<ScanError> {
  const error = await take(image, which).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(ScanError);
  return error as ScanError;
}

posix('an image of an engine', () => {
  test('is streamed, and the same as its archive', async () => {
    await engine('docker', `cat '${archive}'`);
    const image = await take('shop:1.0');
    expect(image).toEqual((await takeImage({ archive }, { config: { names: ['checksums'] } })).image);
    expect(await argsOf('docker')).toEqual(['save', '--', 'shop:1.0']);
  });

  test('of Docker 25, with much padding after the end', async () => {
    const file = await fileOf(Buffer.concat([await packTar(docker25(built, ['docker.io/library/shop:1.0'])), Buffer.alloc(500_000)]));
    await engine('docker', `cat '${file}'`);
    expect([...(await take('shop:1.0')).flattened.nodes.keys()]).toEqual(['/b']);
  });

  test.each([
    ['shop', 'shop:latest', 'localbuild/shop:latest'],
    ['host:5000/shop', 'host:5000/shop:latest', 'host:5000/shop:latest'],
    ['localbuild/shop:1.0', 'shop:1.0', 'localbuild/shop:1.0'],
    [`shop@sha256:${'a'.repeat(64)}`, `shop@sha256:${'a'.repeat(64)}`, 'localbuild/shop:latest'],
    [`sha256:${'b'.repeat(64)}`, `sha256:${'b'.repeat(64)}`, 'localbuild/shop:1.0'],
  ])('%s is saved as %s and known as %s', async (name, argument, full) => {
    await engine('docker', `cat '${archive}'`);
    const image = await take(name);
    expect((await argsOf('docker')).at(-1)).toBe(argument);
    expect(image.identity.name).toBe(full);
  });

  test.each(['--help', '-o/tmp/x', '$(id)', 'a;b', 'A', ''])('%j is refused before any engine is asked', async (name) => {
    await engine('docker', `cat '${archive}'`);
    const error = await failure(name);
    expect(error.exitStatus).toBe(2);
    await expect(argsOf('docker')).rejects.toThrow();
  });

  test('podman is asked where docker does not have it, or is not there', async () => {
    await engine('podman', `cat '${archive}'`);
    expect((await take('shop:1.0')).flattened.nodes.size).toBe(1);
    await engine('docker', 'echo "Error response from daemon: reference does not exist" >&2; exit 1');
    expect((await take('shop:1.0')).flattened.nodes.size).toBe(1);
    expect(await argsOf('podman')).toEqual(['save', '--quiet', '--format', 'docker-archive', '--', 'shop:1.0']);
  });
});

posix('an engine that cannot', () => {
  test('none is installed', async () => {
    const error = await failure('shop');
    expect(error.message).toMatch(/^Neither docker nor podman is installed/);
    expect(error.exitStatus).toBe(3);
    expect((await failure('shop', 'podman')).message).toMatch(/^podman is not installed/);
  });

  test('docker, while podman is there and has no such image: the first is what keeps the user', async () => {
    await engine('docker', 'echo "Cannot connect to the Docker daemon" >&2; exit 1');
    await engine('podman', 'echo "Error: shop: image not known" >&2; exit 125');
    const error = await failure('shop');
    expect(error.message).toMatch(/^docker does not answer \(.*\)\. Start it, .*\. podman has no image shop:latest\. Build/);
    expect(error.exitStatus).toBe(3);
  });

  test('podman, while docker has no such image', async () => {
    await engine('docker', 'echo "Error response from daemon: reference does not exist" >&2; exit 1');
    await engine('podman', 'echo "Error: cannot set up namespace" >&2; exit 125');
    const error = await failure('shop');
    expect(error.message).toMatch(/^docker has no image shop:latest\. Build[^.]*\.$/);
    expect(error.exitStatus).toBe(2);
  });

  test.each([
    ['Error response from daemon: reference does not exist', 2, /^docker has no image shop:latest\. Build or pull it before the scan/],
    ['Error response from daemon: No such image: shop:latest', 2, /^docker has no image shop:latest/],
    ['Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?', 3, /^docker does not answer \(Cannot connect .*\)\. Start it/],
    ['permission denied while trying to connect to the Docker daemon socket', 3, /^docker does not answer/],
    ['write /tmp/docker-export-1/layer.tar: no space left on device', 3, /^docker could not save shop:latest: the disk is full/],
    ['something new', 3, /^`docker save shop:latest` ended with status 1 after 0 bytes \(something new\)/],
  ] as const)('%s', async (complaint, exitStatus, message) => {
    await engine('docker', `echo '${complaint}' >&2; exit 1`);
    const error = await failure('shop');
    expect(error.message).toMatch(message);
    expect(error.exitStatus).toBe(exitStatus);
  });

  test.each([
    ['dies half-way', `head -c 100000 '${'%'}'; echo 'unexpected EOF' >&2; exit 1`, /^`docker save shop:1\.0` ended with status 1 after 100000 bytes \(unexpected EOF\)/],
    ['is killed', `head -c 100000 '${'%'}'; kill -9 $$`, /^`docker save shop:1\.0` was ended by SIGKILL after 100000 bytes/],
    ['writes all and fails then', `cat '${'%'}'; exit 7`, /ended with status 7/],
    ['stops half-way and calls it well', `head -c 100000 '${'%'}'`, /^The archive ends in the middle of an entry/],
    ['writes no archive', 'echo hello', /^The archive/],
    ['writes nothing', 'exit 0', /holds no image/],
  ])('%s', async (_, script, message) => {
    await engine('docker', script.replace('%', archive));
    expect((await failure('shop:1.0')).message).toMatch(message);
  });
});
