import type { HistoryRow } from '../image/config.js';
import { readConfig } from './readConfig.js';
import { readDigests, readFiles, readRetrieved, readSuids } from './readFiles.js';
import { readHits } from './readHits.js';
import { readPackages, readVerification } from './readPackages.js';
import { INVENTORY, type HistoryLayer } from './inventory.js';
import type { ParsedReport } from './parse.js';
import { baseOf, jsonIn, lazily, said } from './readSection.js';
import type { ScannedImage, ScannedLayer } from './scanned.js';

/** What phase 2 needs of a report, ours or a foreign one of the same shape. Sections are read when they are first asked for. */
export function readReport(report: ParsedReport): ScannedImage {
  const { imageId, imagedata: { analysis_report: sections, image_report } } = report.document[0].image;
  const own = baseOf(sections, INVENTORY, 'image');
  const meta = baseOf(sections, 'analyzer_meta', 'analyzer_meta');
  const inspected = image_report.docker_data;
  const layersOfPaths = lazily(() => new Map(Object.entries(baseOf(sections, INVENTORY, 'layers')).map(([path, layer]) => [path, Number(layer)])));
  const files = lazily(() => readFiles(sections));
  const digests = readDigests(sections);
  const suids = lazily(() => readSuids(sections));
  const retrieved = lazily(() => readRetrieved(sections));
  const hits = lazily(() => readHits(sections, (path) => layersOfPaths().get(path) ?? -1));
  const packages = lazily(() => readPackages(sections));
  const verification = lazily(() => readVerification(sections));
  return {
    id: imageId,
    digest: said(own['digest']) || digestIn(inspected['RepoDigests']),
    name: image_report.meta.humanname,
    repoTags: strings(inspected['RepoTags']),
    distro: {
      id: (said(meta['DISTRO']) || 'unknown').toLowerCase(),
      version: said(meta['DISTROVERS']) === '0' ? '' : said(meta['DISTROVERS']),
      like: said(meta['LIKEDISTRO']).toLowerCase().split(',').map((like) => like.trim()).filter((like) => like !== ''),
    },
    architecture: text(inspected['Architecture']),
    os: said(own['os']) || text(inspected['Os']),
    created: said(own['created']) || text(inspected['Created']),
    sizeBytes: image_report.meta.sizebytes,
    config: readConfig(inspected['Config']),
    history: image_report.docker_history.map((row): HistoryRow => ({
      created: row.Created, createdBy: row.CreatedBy, comment: row.Comment ?? '', emptyLayer: row.Id === '<missing>' || row.Id === '',
    })),
    layers: readLayers(report),
    dockerfile: { mode: modeOf(image_report.dockerfile_mode), contents: image_report.dockerfile_contents ?? '' },
    get files() { return files(); },
    digests,
    get suids() { return suids(); },
    get retrieved() { return retrieved(); },
    get packages() { return packages(); },
    get verification() { return verification(); },
    get secrets() { return hits().secrets; },
    get hiddenSecrets() { return hits().hidden; },
    get configSecrets() { return hits().config; },
    get contents() { return hits().contents; },
    get malware() { return hits().malware; },
    problems: Object.values(baseOf(sections, INVENTORY, 'problems')).flatMap((row) => jsonIn<{ path: string; analyzer: string; message: string }>(row) ?? []),
    layerOf: (path) => layersOfPaths().get(path),
    sections,
  };
}

function readLayers(report: ParsedReport): ScannedLayer[] {
  const { analysis_report: sections, image_report } = report.document[0].image.imagedata;
  const own = jsonIn<HistoryLayer[]>(baseOf(sections, INVENTORY, 'history')['layers']);
  if (own !== undefined) return own;
  let index = -1;
  return image_report.docker_history.map((row): ScannedLayer => {
    const emptyLayer = !row.Id.startsWith('sha256:');
    return { index: emptyLayer ? -1 : ++index, diffId: emptyLayer ? '' : row.Id, sizeBytes: row.Size, createdBy: row.CreatedBy, emptyLayer };
  });
}

function modeOf(mode: string | null | undefined): 'Actual' | 'Guessed' | 'Unknown' {
  return mode === 'Actual' || mode === 'Guessed' ? mode : 'Unknown';
}

function digestIn(repoDigests: unknown): string {
  return /sha256:[0-9a-f]{64}$/.exec(strings(repoDigests)[0] ?? '')?.[0] ?? '';
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
