import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { viewOf } from '../../src/analyzers/view.js';
import { checksums } from '../../src/analyzers/checksums.js';
import { InputError } from '../../src/errors.js';
import type { Image } from '../../src/image/image.js';
import type { LayerFacts } from '../../src/image/layer.js';
import type { LayerStore } from '../../src/lanes/store.js';
import type { Progress } from '../../src/lanes/progress.js';
import { takeImage, type TakeOptions } from '../../src/lanes/takeImage.js';
import { docker25, dockerLegacy, kaniko, ociBlobs, ociIndex, packTar, sha256, unique, configOf, type Built, type PackedEntry } from '../image/build.js';
import { zstdOf } from '../image/zstd.js';
import { archiveOf, directoryOf, fileOf } from './temporary.js';

const CONFIG = { config: { names: ['checksums'] } };

async function take(archive: string, options: Partial<TakeOptions> = {}): Promise<Image> {
  return (await takeImage({ archive }, { ...CONFIG, ...options })).image;
}

let built: Built;
beforeAll(async () => {
  const base = await packTar([
    { name: 'etc/', type: 'directory' },
    { name: 'etc/os-release', content: 'ID=tiny\n' },
    { name: 'usr/bin/', type: 'directory' },
    { name: 'usr/bin/big', content: Buffer.alloc(1_300_000, 'big') },
    { name: 'usr/bin/big2', type: 'link', linkname: 'usr/bin/big' },
    { name: 'bin', type: 'symlink', linkname: 'usr/bin' },
  ]);
  const empty = Buffer.alloc(1024);
  const top = await packTar([{ name: 'bin/tool', content: 'tool' }, { name: 'etc/.wh.os-release', content: '' }]);
  built = { layers: [base, empty, top, empty] };
});

const NAMES = ['/bin', '/etc', '/usr', '/usr/bin', '/usr/bin/big', '/usr/bin/big2', '/usr/bin/tool'];

describe('every layout gives the same image', () => {
  const layouts: [string, () => Promise<string>][] = [
    ['docker save, Docker < 25, repeated layers as links', async () => archiveOf(dockerLegacy(built, ['shop:1.0']))],
    ['docker save, Docker ≥ 25', async () => archiveOf(docker25(built, ['shop:1.0']))],
    ['containerd image store, gzip', async () => archiveOf(docker25(built, ['shop:1.0'], (layer) => gzipSync(layer)))],
    ['containerd image store, zstd', async () => archiveOf(docker25(built, ['shop:1.0'], zstdOf))],
    ['kaniko, crane, ko', async () => archiveOf(kaniko(built, ['shop:1.0']))],
    ['manifest first', async () => archiveOf(dockerLegacy(built, ['shop:1.0']).reverse())],
    ['names that begin with ./', async () => archiveOf(docker25(built, ['shop:1.0']).map((member) => ({ ...member, name: `./${member.name}` })))],
    ['an unpacked docker save', async () => directoryOf(docker25(built, ['shop:1.0']))],
    ['gzip around the archive', async () => fileOf(gzipSync(await packTar(dockerLegacy(built, ['shop:1.0']))), 'image.tar.gz')],
    ['gzip around gzip layers', async () => fileOf(gzipSync(await packTar(docker25(built, ['shop:1.0'], (layer) => gzipSync(layer)))))],
    ['zstd around the archive', async () => fileOf(zstdOf(await packTar(docker25(built, ['shop:1.0']))))],
    ['oci-archive', async () => archiveOf(oci(['shop:1.0']))],
    ['OCI layout directory, gzip', async () => directoryOf(oci(['shop:1.0'], (layer) => gzipSync(layer)))],
  ];
  test.each(layouts)('%s', async (_, archive) => {
    const image = await take(await archive());
    expect([...image.flattened.nodes.keys()]).toEqual(NAMES);
    expect(image.identity).toEqual({
      imageId: sha256(configOf(built)), name: 'localbuild/shop:1.0', repoTags: ['shop:1.0'],
      // What `skopeo inspect --raw docker-archive:…` (1.9) says of the first of them, hashed.
      digest: 'sha256:6971c8ffde90616bf829f932319a76da61b563aee135c66f6dc69f7704df71a5',
    });
    expect(image.layers.map(({ facts, createdBy }) => [facts.sizeBytes, createdBy])).toEqual(built.layers.map((layer, index) => [layer.length, `step ${index}`]));
    const sums = [...viewOf(image, checksums, []).facts()].map(({ path, fact, layer }) => [path, fact.sha256, layer]);
    const big = sha256(Buffer.alloc(1_300_000, 'big'));
    expect(sums).toEqual([['/usr/bin/big', big, 0], ['/usr/bin/big2', big, 0], ['/usr/bin/tool', sha256('tool'), 2]]);
    expect([...viewOf(image, checksums, []).hidden()].map(({ path, layer, hiddenBy }) => [path, layer, hiddenBy])).toEqual([['/etc/os-release', 0, 2]]);
  });
});

/** What `skopeo copy … dir:` and `podman save --format docker-dir` write. */
function skopeoDirectory(compress?: (layer: Buffer) => Buffer): PackedEntry[] {
  const { blobs } = ociBlobs(built, compress);
  const bare = blobs.map(({ name, content }) => ({ name: name.slice(name.lastIndexOf('/') + 1), content: content ?? '' }));
  return [{ name: 'version', content: 'Directory Transport Version: 1.1\n' }, ...unique(bare.slice(0, -1)), { name: 'manifest.json', content: bare.at(-1)?.content ?? '' }];
}

describe("skopeo's dir:", () => {
  test.each([['plain', undefined], ['gzip', (layer: Buffer) => gzipSync(layer)]])('%s', async (_, compress) => {
    const image = await take(await directoryOf(skopeoDirectory(compress)), { name: 'shop:1.0' });
    expect([...image.flattened.nodes.keys()]).toEqual(NAMES);
    expect(image.identity).toMatchObject({ imageId: sha256(configOf(built)), name: 'localbuild/shop:1.0' });
  });

  test('a blob that is not what its name says', async () => {
    const members = skopeoDirectory((layer) => gzipSync(layer)).map((member, index) => (index === 1 ? { ...member, content: gzipSync(built.layers[0] ?? '', { level: 0 }) } : member));
    await expect(take(await directoryOf(members))).rejects.toThrow(/is not what the image says/);
    const config = sha256(configOf(built));
    await expect(take(await directoryOf(skopeoDirectory().map((member) => (member.name === config ? { ...member, content: '{}' } : member))))).rejects.toThrow(/is not what its digest says/);
  });

  test('all platforms', async () => {
    const arm = ociBlobs({ ...built, config: { architecture: 'arm64' } });
    const here = ociBlobs(built);
    const bare = [...here.blobs, ...arm.blobs].map(({ name, content }) => ({ name: name.slice(name.lastIndexOf('/') + 1), content: content ?? '' }));
    const manifests = [here, arm].map(({ manifest }) => manifest.digest.slice(7));
    const members = unique(bare).map((member) => (manifests.includes(member.name) ? { ...member, name: `${member.name}.manifest.json` } : member));
    const directory = await directoryOf([...members, { name: 'version', content: 'Directory Transport Version: 1.1\n' }, { name: 'manifest.json', content: JSON.stringify({ manifests: [here.manifest, arm.manifest] }) }]);
    expect((await take(directory, { platform: 'linux/arm64' })).config.architecture).toBe('arm64');
  });

  test('of a version that is none', async () => {
    await expect(take(await directoryOf([{ name: 'version', content: 'x' }, { name: 'manifest.json', content: '{}' }]))).rejects.toThrow(/version is not that of a directory by skopeo/);
  });
});

function oci(names: readonly string[], compress?: (layer: Buffer) => Buffer): PackedEntry[] {
  const { blobs, manifest } = ociBlobs(built, compress);
  return [...unique(blobs), ...ociIndex(names.map((name) => ({ ...manifest, annotations: { 'io.containerd.image.name': name } })))];
}

describe('several images', () => {
  const other = (): Built => ({ layers: [built.layers[1] ?? Buffer.alloc(0)] });
  const two = (): PackedEntry[] => {
    const [first, second] = [dockerLegacy(built, ['shop:1.0', 'shop:latest']), dockerLegacy(other(), ['tools/other:2'])];
    const manifests = [first, second].flatMap((members) => JSON.parse(String(members.at(-1)?.content)) as object[]);
    return unique([...first.slice(0, -1), ...second.slice(0, -1), { name: 'manifest.json', content: JSON.stringify(manifests) }]);
  };

  test.each(['shop:1.0', 'shop', 'docker.io/library/shop:1.0'])('chosen by name: %s', async (name) => {
    const image = await take(await archiveOf(two()), { name });
    expect(image.identity.imageId).toBe(sha256(configOf(built)));
  });

  test('in a compressed archive too', async () => {
    const image = await take(await fileOf(gzipSync(await packTar(two()))), { name: 'tools/other:2' });
    expect(image.identity.imageId).toBe(sha256(configOf(other())));
  });

  test.each([[undefined, /holds 2 images \(shop:1\.0, tools\/other:2\)\. Say which/], ['nope', /none of them nope/]])('asked for %s, they are listed', async (name, message) => {
    const archive = await archiveOf(two());
    await expect(take(archive, { name })).rejects.toThrow(message);
    await expect(take(archive, { name })).rejects.toThrow(InputError);
  });

  test('by a tag, where a layout has nothing else', async () => {
    const [one, two] = [ociBlobs(built), ociBlobs(other())];
    const tagged = (manifest: typeof one.manifest, tag: string): typeof one.manifest => ({ ...manifest, annotations: { 'org.opencontainers.image.ref.name': tag } });
    const archive = await archiveOf([...unique([...one.blobs, ...two.blobs]), ...ociIndex([tagged(one.manifest, '1.0'), tagged(two.manifest, 'next')])]);
    expect((await take(archive, { name: 'ghcr.io/acme/shop:1.0' })).identity).toMatchObject({ imageId: sha256(configOf(built)), name: 'ghcr.io/acme/shop:1.0' });
    expect((await take(archive, { name: 'next' })).identity.imageId).toBe(sha256(configOf(other())));
    await expect(take(archive)).rejects.toThrow(/holds 2 images \(1\.0, next\)\. Say which/);
  });

  test('a single one is renamed by the name', async () => {
    const image = await take(await archiveOf(dockerLegacy(built, ['shop:1.0'])), { name: 'ghcr.io/acme/shop:pr-7' });
    expect(image.identity).toMatchObject({ name: 'ghcr.io/acme/shop:pr-7', repoTags: ['shop:1.0'] });
  });

  test('one without a name is named by its ID', async () => {
    const image = await take(await archiveOf(dockerLegacy(built, null)));
    expect(image.identity.name).toBe(`localbuild/${sha256(configOf(built)).slice(0, 12)}:latest`);
  });
});

describe('several platforms', () => {
  const arm = (): Built => ({ ...built, config: { architecture: 'arm64', variant: 'v8' } });
  const attestation = { 'vnd.docker.reference.type': 'attestation-manifest' };
  /** As BuildKit and the containerd image store write it: an index of an index, attestations in between. */
  const multi = (): PackedEntry[] => {
    const images = [ociBlobs(built), ociBlobs(arm())];
    const statement = ociBlobs({ layers: [Buffer.from('{"_type":"in-toto"}')] });
    const manifests = [
      { ...images[0]?.manifest, platform: { os: 'linux', architecture: 'amd64' } },
      { ...images[1]?.manifest, platform: { os: 'linux', architecture: 'arm64', variant: 'v8' } },
      { ...statement.manifest, platform: { os: 'unknown', architecture: 'unknown' }, annotations: attestation },
      { mediaType: 'application/vnd.oci.image.manifest.v1+json', digest: `sha256:${sha256('absent')}`, size: 1, platform: { os: 'linux', architecture: 's390x' } },
    ];
    const index = Buffer.from(JSON.stringify({ schemaVersion: 2, manifests }));
    const descriptor = { mediaType: 'application/vnd.oci.image.index.v1+json', digest: `sha256:${sha256(index)}`, size: index.length, annotations: { 'io.containerd.image.name': 'docker.io/library/shop:1.0' } };
    const blobs = [...images, statement].flatMap((image) => image.blobs);
    return [...unique([...blobs, { name: `blobs/sha256/${sha256(index)}`, content: index }]), ...ociIndex([descriptor])];
  };

  test.each([['linux/arm64', 'arm64'], ['linux/aarch64', 'arm64'], ['linux/arm64/v8', 'arm64'], ['linux/amd64', 'amd64']])('%s', async (platform, architecture) => {
    const image = await take(await archiveOf(multi()), { platform });
    expect(image.config.architecture).toBe(architecture);
    expect(image.identity.name).toBe('docker.io/library/shop:1.0');
  });

  test.each(['linux/s390x', 'windows/amd64', 'nonsense'])('%s is not there', async (platform) => {
    const archive = await archiveOf(multi());
    await expect(take(archive, { platform })).rejects.toThrow(/^The image is for linux\/amd64, linux\/arm64\/v8, not for/);
  });

  test('with manifest.json beside the index, the names are its own', async () => {
    const { names } = ociBlobs(built);
    const archive = await archiveOf([...multi(), { name: 'manifest.json', content: JSON.stringify([{ Config: names.config, RepoTags: ['shop:1.0'], Layers: names.layers }]) }]);
    expect((await take(archive, { platform: 'linux/arm64' })).identity.repoTags).toEqual(['shop:1.0']);
  });

  test('the only one is taken, unless another is asked for', async () => {
    const archive = await archiveOf(dockerLegacy(arm(), ['shop:1.0']));
    expect((await take(archive)).config.architecture).toBe('arm64');
    await expect(take(archive, { platform: 'linux/amd64' })).rejects.toThrow(/^The image is for linux\/arm64\/v8, not for linux\/amd64\. Say which/);
  });
});

describe('a store of layers', () => {
  function store(): LayerStore & { readonly puts: string[] } {
    const kept = new Map<string, LayerFacts>();
    const puts: string[] = [];
    return { puts, has: async (name) => kept.has(name), get: async (name) => kept.get(name), put: async (name, facts) => { puts.push(name); kept.set(name, facts); } };
  }

  test.each([['a file', false], ['a passing archive', true]])('%s: layers that it has are not analysed again', async (_, passing) => {
    const plain = await packTar(docker25(built, ['shop:1.0']));
    const archive = await fileOf(passing ? gzipSync(plain) : plain);
    const layers = store();
    const first = await take(archive, { store: layers });
    expect(layers.puts).toHaveLength(3);
    const second = await take(archive, { store: layers });
    expect(layers.puts).toHaveLength(3);
    expect(second).toEqual(first);
  });

  test('of a file, they are not even read', async () => {
    const members = docker25(built, ['shop:1.0']);
    const layers = store();
    await take(await archiveOf(members), { store: layers });
    const big = `blobs/sha256/${sha256(built.layers[0] ?? '')}`;
    const spoiled = members.map((member) => (member.name === big ? { ...member, content: Buffer.alloc((member.content ?? '').length, 'x') } : member));
    expect([...(await take(await archiveOf(spoiled), { store: layers })).flattened.nodes.keys()]).toEqual(NAMES);
    await expect(take(await archiveOf(spoiled))).rejects.toThrow(/^The layer blobs\/sha256\/[0-9a-f]+/);
    await expect(take(await fileOf(gzipSync(await packTar(spoiled))), { store: layers })).rejects.toThrow();
  });

  /** An image whose config names the layers of another one, while its manifest names compressed bytes that hold something else. */
  async function lying(): Promise<PackedEntry[]> {
    const evil = await packTar([{ name: 'root/key', content: 'secret' }]);
    const honest = ociBlobs(built, (layer) => gzipSync(layer));
    const digests = built.layers.map((layer, index) => (index === 2 ? gzipSync(evil) : gzipSync(layer)));
    const config = configOf(built);
    const manifest = Buffer.from(JSON.stringify({
      schemaVersion: 2, config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: `sha256:${sha256(config)}`, size: config.length },
      layers: digests.map((bytes) => ({ mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', digest: `sha256:${sha256(bytes)}`, size: bytes.length })),
    }));
    const blobs = [...honest.blobs, ...[gzipSync(evil), manifest].map((content) => ({ name: `blobs/sha256/${sha256(content)}`, content }))];
    return [...unique(blobs), ...ociIndex([{ mediaType: 'application/vnd.oci.image.manifest.v1+json', digest: `sha256:${sha256(manifest)}`, size: manifest.length }])];
  }

  test('a config that claims the diff ID of a known layer for other bytes, which some engines run, is not believed', async () => {
    const layers = store();
    for (const compress of [undefined, (layer: Buffer) => gzipSync(layer)]) await take(await archiveOf(oci(['shop:1.0'], compress)), { store: layers });
    const archive = await archiveOf(await lying());
    await expect(take(archive, { store: layers })).rejects.toThrow(/is not what the image says/);
    await expect(take(await directoryOf(await lying()), { store: layers })).rejects.toThrow(/is not what the image says/);
    await expect(take(await fileOf(gzipSync(await packTar(await lying()))), { store: layers })).rejects.toThrow(/is not what the image says/);
    await expect(take(archive)).rejects.toThrow(/is not what the image says/);
  });

  test('a blob under another digest, in passing, is kept under its own', async () => {
    const evil = gzipSync(await packTar([{ name: 'root/key', content: 'secret' }]));
    const good = gzipSync(built.layers[2] ?? '');
    const passing = [...oci(['shop:1.0'], (layer) => gzipSync(layer)), { name: `blobs/sha256/${sha256(evil)}`, content: good }];
    const layers = store();
    await take(await fileOf(gzipSync(await packTar(passing))), { store: layers });
    await expect(take(await archiveOf(await lying()), { store: layers })).rejects.toThrow(/is not what the image says/);
  });
});

test('two members that the config calls one layer are both read', async () => {
  const [one, other] = [await packTar([{ name: 'a', content: 'a' }]), await packTar([{ name: 'b', content: 'b' }])];
  const honest = { layers: [one, one] };
  const members = dockerLegacy(honest, ['shop:1.0']).map((member) => (member.name === 'manifest.json'
    ? { ...member, content: String(member.content).replace(/("Layers":\["[^"]+",)"[^"]+"/, '$1"other/layer.tar"') } : member));
  await expect(take(await archiveOf([...members, { name: 'other/layer.tar', content: other }]))).rejects.toThrow(/^The layer other\/layer\.tar is not what the image says/);
});

test('blobs named by sha512 are checked', async () => {
  const image: Built = { layers: [built.layers[2] ?? Buffer.alloc(0)] };
  const sha512 = (bytes: Buffer | string): string => createHash('sha512').update(bytes).digest('hex');
  const archive = (claimed: string, compress: (layer: Buffer) => Buffer): PackedEntry[] => {
    const config = configOf(image);
    const layer = compress(image.layers[0] ?? Buffer.alloc(0));
    const digest = claimed || sha512(layer);
    const manifest = Buffer.from(JSON.stringify({ config: { digest: `sha512:${sha512(config)}` }, layers: [{ digest: `sha512:${digest}` }] }));
    return [
      { name: `blobs/sha512/${sha512(config)}`, content: config }, { name: `blobs/sha512/${digest}`, content: layer }, { name: `blobs/sha512/${sha512(manifest)}`, content: manifest },
      ...ociIndex([{ mediaType: 'application/vnd.oci.image.manifest.v1+json', digest: `sha512:${sha512(manifest)}`, size: manifest.length }]),
    ];
  };
  for (const compress of [(layer: Buffer) => layer, (layer: Buffer) => gzipSync(layer)]) {
    for (const pack of [archiveOf, directoryOf, async (members: readonly PackedEntry[]) => fileOf(gzipSync(await packTar(members)))]) {
      expect([...(await take(await pack(archive('', compress)))).flattened.nodes.keys()]).toEqual(['/bin', '/bin/tool']);
      await expect(take(await pack(archive('0'.repeat(128), compress)))).rejects.toThrow(/is not what the image says/);
    }
  }
});

test('progress reaches the total', async () => {
  const seen: Progress[] = [];
  await take(await archiveOf(docker25(built, ['shop:1.0'])), { onProgress: (progress) => seen.push(progress) });
  expect(seen.at(-1)).toMatchObject({ layers: 4, bytes: built.layers.reduce((sum, layer) => sum + layer.length, 0) });
  expect(seen.at(-1)?.bytes).toBe(seen.at(-1)?.totalBytes);
  expect(seen.every(({ bytes }, index) => index === 0 || bytes >= (seen[index - 1]?.bytes ?? 0))).toBe(true);
});

test('an abort ends it', async () => {
  const controller = new AbortController();
  const taking = takeImage({ archive: await archiveOf(docker25(built, ['shop:1.0'])) }, { ...CONFIG, signal: controller.signal, onProgress: () => controller.abort(new Error('enough')) });
  await expect(taking).rejects.toThrow('enough');
});

describe('images with little in them', () => {
  test.each([['no layers', []], ['none but empty ones', [Buffer.alloc(1024), Buffer.alloc(10240)]], ['a layer of no bytes', [Buffer.alloc(0)]]])('%s', async (_, layers) => {
    for (const passing of [false, true]) {
      const plain = await packTar(docker25({ layers }, ['void:1']));
      const image = await take(await fileOf(passing ? gzipSync(plain) : plain));
      expect(image.flattened.nodes.size).toBe(0);
      expect(image.layers).toHaveLength(layers.length);
    }
  });
});
