import type { FlatNode, Image } from '../../src/image/image.js';
import type { ImageConfig } from '../../src/image/config.js';
import type { HiddenEntry, ImageLayer } from '../../src/image/image.js';
import type { LayerEntry, Problem } from '../../src/image/layer.js';
import type { ImageView, Located } from '../../src/analyzers/analyzer.js';

/** A small image written by hand, for analyzers' reports. */
export function entry(path: string, more: Partial<LayerEntry> = {}): LayerEntry {
  return { path, type: 'file', mode: 0o644, uid: 0, gid: 0, size: 0, mtime: 0, ...more };
}

export function node(path: string, more: Partial<LayerEntry> = {}, otherNames: readonly string[] = []): FlatNode {
  const of = entry(path.slice(1), more);
  return { path, entry: of, layer: 0, content: 0, size: of.size, otherNames };
}

export const EMPTY_CONFIG: ImageConfig = {
  imageId: '0'.repeat(64), sizeBytes: 0, architecture: 'amd64', variant: '', os: 'linux', created: '', author: '', user: '',
  exposedPorts: [], env: [], cmd: [], entrypoint: [], shell: [], onBuild: [], volumes: [], workingDir: '', labels: {},
  stopSignal: '', diffIds: [], history: [], raw: {},
};

export function image(nodes: readonly FlatNode[], config: Partial<ImageConfig> = {}, layers: readonly ImageLayer[] = [], hidden: readonly HiddenEntry[] = []): Image {
  return {
    identity: { imageId: '0'.repeat(64), digest: `sha256:${'0'.repeat(64)}`, name: 'a:b', repoTags: [] },
    config: { ...EMPTY_CONFIG, ...config },
    layers,
    flattened: { nodes: new Map(nodes.map((one) => [one.path, one])), hidden },
  };
}

export interface TestView<Fact> extends ImageView<Fact> {
  readonly problems: Problem[];
}

/** A view of facts that are given as they are. */
export function view<Fact>(of: Image, facts: readonly Located<Fact>[] = [], hidden: readonly (Located<Fact> & { hiddenBy: number })[] = []): TestView<Fact> {
  const problems: Problem[] = [];
  return {
    image: of,
    facts: () => facts,
    hidden: () => hidden,
    of: () => [],
    problem: (path, message) => problems.push({ path, analyzer: 'test', message }),
    problems,
  };
}

export function located<Fact>(path: string, fact: Fact, layer = 0, more: Partial<LayerEntry> = {}): Located<Fact> {
  return { path, entry: entry(path.slice(1), more), layer, fact };
}
