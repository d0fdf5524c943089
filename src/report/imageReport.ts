import { maskSetting, maskWords, type Mask } from '../analyzers/secrets/imageMask.js';
import { parseHistory } from '../dockerfile/history.js';
import type { Image } from '../image/image.js';
import { byCodeUnits } from '../text/order.js';
import type { DockerHistoryRow, ImageReport } from './document.js';
import type { HistoryLayer } from './inventory.js';

/** The user's Dockerfile, when it is known to be this image's. */
export interface ActualDockerfile {
  readonly contents: string;
}

export interface ImageReportOptions {
  readonly dockerfile?: ActualDockerfile | undefined;
  /** Hides secrets in instructions, environment and labels: they would be stored and sent. */
  readonly mask: Mask;
}

/** `image_report`: what the engine knows of the image, as Anchore took it from the config and the manifest. */
export function imageReport(image: Omit<Image, 'flattened'>, history: readonly HistoryLayer[], options: ImageReportOptions): ImageReport {
  const { identity, config } = image;
  const sizebytes = image.layers.reduce((sum, { facts }) => sum + facts.sizeBytes, 0);
  const diffIds = image.layers.map(({ facts }) => facts.diffId);
  const shortId = identity.imageId.slice(0, 12);
  return {
    meta: {
      imageId: identity.imageId, shortId, imagename: identity.imageId, humanname: identity.name, sizebytes,
      shortname: shortId, parentId: '', shortparentId: '', usertype: null,
    },
    docker_history: history.map((layer, row) => historyRow(layer, config.history[row], options.mask)),
    dockerfile_mode: options.dockerfile === undefined ? 'Guessed' : 'Actual',
    dockerfile_contents: options.dockerfile === undefined ? guessedDockerfile(history, config.history) : options.mask(options.dockerfile.contents),
    layers: diffIds,
    familytree: diffIds,
    docker_data: dockerData(image, sizebytes, options),
  };
}

function historyRow(layer: HistoryLayer, row: Image['config']['history'][number] | undefined, mask: Mask): DockerHistoryRow {
  return {
    Created: row?.created ?? '', CreatedBy: layer.createdBy, Comment: mask(row?.comment ?? ''),
    Id: layer.emptyLayer ? '<missing>' : layer.diffId, Size: layer.sizeBytes, Tags: [],
  };
}

/** What the Dockerfile must have been, by the image's history; unlike the seed's it understands BuildKit's. */
function guessedDockerfile(history: readonly HistoryLayer[], rows: Image['config']['history']): string {
  const lines = history.map(({ createdBy }, row) => {
    const { keyword, args } = parseHistory(createdBy, rows[row]?.comment);
    // rows of tools without a Dockerfile (jib, ko, docker import) tell no instruction
    if (keyword === '') return args === '' ? '' : `# ${args.replaceAll('\n', ' ')}`;
    return `${keyword} ${args}`;
  });
  return ['FROM scratch', ...lines.filter((line) => line !== ''), ''].join('\n');
}

function dockerData({ identity, config, layers }: Omit<Image, 'flattened'>, size: number, { mask }: ImageReportOptions): Record<string, unknown> {
  const repository = identity.name.replace(/@sha256:[0-9a-f]+$/, '').replace(/:[^:/]*$/, '');
  return {
    Id: `sha256:${identity.imageId}`,
    Architecture: config.architecture,
    ...(config.variant === '' ? {} : { Variant: config.variant }),
    Os: config.os,
    Author: mask(config.author),
    Created: config.created,
    Size: size,
    RepoDigests: [`${repository}@${identity.digest}`],
    RepoTags: [identity.name],
    RootFS: { Type: 'layers', Layers: layers.map(({ facts }) => facts.diffId) },
    Config: dockerConfig(config, mask),
  };
}

/** `docker inspect`'s Config, of what our rules and a backend's read. */
function dockerConfig(config: Image['config'], mask: Mask): Record<string, unknown> {
  const set = (values: readonly string[]): Record<string, object> | null =>
    values.length === 0 ? null : Object.fromEntries([...values].sort(byCodeUnits).map((value) => [value, {}]));
  return {
    User: config.user,
    ExposedPorts: set(config.exposedPorts),
    Env: config.env.map((variable) => maskSetting(variable, mask)),
    Cmd: maskWords(config.cmd, mask),
    Entrypoint: maskWords(config.entrypoint, mask),
    Shell: config.shell,
    Volumes: set(config.volumes),
    WorkingDir: config.workingDir,
    Labels: maskedLabels(config.labels, mask),
    OnBuild: config.onBuild.map(mask),
    StopSignal: config.stopSignal,
    Healthcheck: config.healthcheck === undefined ? null : { Test: maskWords(config.healthcheck.test, mask) },
  };
}

function maskedLabels(labels: Readonly<Record<string, string>>, mask: Mask): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, maskSetting(`${name}=${value}`, mask).slice(name.length + 1)]));
}
