import type { AdvisoryAnswer, VulnerabilityMatch } from '../../src/evaluation/vulnerability.js';
import type { PatternHit, ScannedConfig, ScannedFile, ScannedImage, ScannedLayer, ScannedPackage } from '../../src/report/scanned.js';

/** Small images for tests: what is not said is as in an image from scratch whose report knows everything. */
export function image(parts: Partial<ScannedImage> = {}): ScannedImage {
  const layers = parts.layers ?? [layer(0)];
  return {
    id: 'a'.repeat(64),
    digest: `sha256:${'d'.repeat(64)}`,
    name: 'localbuild/shop:1.0',
    repoTags: ['shop:1.0'],
    distro: { id: 'debian', version: '12', like: [] },
    architecture: 'amd64',
    os: 'linux',
    created: '2026-11-01T00:00:00Z',
    sizeBytes: 1000,
    config: config(),
    history: layers.map(({ createdBy, emptyLayer }) => ({ created: '', createdBy, comment: '', emptyLayer })),
    layers,
    dockerfile: { mode: 'Guessed', contents: '' },
    files: new Map(),
    digests: { md5: new Map(), sha1: new Map(), sha256: new Map() },
    suids: new Map(),
    packages: [],
    verification: new Map(),
    retrieved: new Map(),
    secrets: [],
    hiddenSecrets: [],
    configSecrets: [],
    contents: [],
    malware: null,
    problems: [],
    layerOf: () => undefined,
    sections: {},
    ...parts,
  };
}

export function config(parts: Partial<ScannedConfig> = {}): ScannedConfig {
  return {
    user: '', exposedPorts: [], env: [], cmd: [], entrypoint: [], volumes: [], workingDir: '', labels: {}, onBuild: [], stopSignal: '', healthcheck: null,
    ...parts,
  };
}

/** The history of an image, one layer for each row. */
export function history(...rows: readonly string[]): ScannedLayer[] {
  return rows.map((createdBy, index) => layer(index, createdBy));
}

export function layer(index: number, createdBy = ''): ScannedLayer {
  return { index, diffId: `sha256:${String(index).padStart(64, '0')}`, sizeBytes: 10, createdBy, emptyLayer: index < 0 };
}

/** An image whose Dockerfile was given. */
export function withDockerfile(contents: string, parts: Partial<ScannedImage> = {}): ScannedImage {
  return image({ dockerfile: { mode: 'Actual', contents }, ...parts });
}

/** Files by path; a number is a mode with its type. */
export function files(...paths: readonly (string | readonly [path: string, mode: number] | Partial<ScannedFile> & { readonly path: string })[]): Map<string, ScannedFile> {
  return new Map(paths.map((given) => {
    const parts = typeof given === 'string' ? { path: given } : 'path' in given ? given : { path: given[0], mode: given[1] };
    const mode = parts.mode ?? 0o100644;
    const type = (mode & 0o170000) === 0o040000 ? 'dir' : (mode & 0o170000) === 0o120000 ? 'slink' : 'file';
    return [parts.path, { size: 10, uid: 0, gid: 0, linkTarget: '', type, mode, ...parts }];
  }));
}

export function installed(parts: Partial<ScannedPackage> = {}): ScannedPackage {
  const type = parts.type ?? 'dpkg';
  const kind = ['dpkg', 'rpm', 'apk'].includes(type) ? 'os' : 'non-os';
  const name = parts.name ?? 'openssl';
  const version = parts.version ?? '3.0.1-1';
  return {
    type, kind, name, version, upstreamVersion: version, architecture: 'amd64',
    purl: kind === 'os' ? `pkg:deb/debian/${name}@${version}` : `pkg:${type}/${name}@${version}`,
    path: kind === 'os' ? '/var/lib/dpkg/status' : `/app/node_modules/${name}/package.json`,
    layer: 0, licenses: [], source: { name: '', version: '' }, dependencies: [], ownedBy: '', metadata: {},
    ...parts,
  };
}

export function match(parts: Partial<VulnerabilityMatch> = {}): VulnerabilityMatch {
  return {
    id: 'CVE-2026-0001', aliases: [], package: installed(), severity: 'high', cvss: [], fixedIn: ['3.0.2-1'], wontFix: '',
    url: 'https://osv.dev/CVE-2026-0001', summary: 'A bug', published: '2026-01-01T00:00:00Z', fixedAt: '2026-01-10T00:00:00Z',
    knownExploited: null, epss: null, matchedBy: '',
    ...parts,
  };
}

export function answer(parts: Partial<AdvisoryAnswer> = {}): AdvisoryAnswer {
  return {
    used: { source: 'test', records: 1, newest: '2026-11-27T00:00:00Z', fetchedAt: '2026-11-27T00:00:00Z' },
    matches: [], covered: ['Debian:12', 'npm'], uncovered: [], newest: { 'Debian:12': '2026-11-27T00:00:00Z' }, problems: [],
    hasKnownExploited: true, hasEpss: true,
    ...parts,
  };
}

export function hit(path: string, name = 'AWS_ACCESS_KEY', pattern = `${name}=(?i).*AKIA.*`): PatternHit {
  return { path, name, pattern, lines: [2], layer: 0 };
}
