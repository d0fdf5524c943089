import type { ParsedReport } from '../parse.js';
import { baseOf, jsonIn } from '../readSection.js';
import { sortedJson } from '../../text/order.js';
import type { ScannedImage } from '../scanned.js';

/** What the archive needs beyond the report. */
export interface ArchiveIdentity {
  /** The account that the backend knows us by. */
  readonly account: string;
  /** `sha256:…` */
  readonly digest: string;
  /** The full tag. */
  readonly name: string;
  /** RFC 3339; the image's own creation, so that the same image gives the same bytes. */
  readonly at: string;
}

/** The account of an archive that is written without asking a backend: `inline-scan serve` takes it for whoever imports it. */
export const ANY_ACCOUNT = 'inline-scan';

/** Where the image does not say when it was made, the beginning of time. */
const UNKNOWN_TIME = '1970-01-01T00:00:00.000Z';

/** Who an image is to the account that imports it. */
export function identityOf({ digest, name, created }: ScannedImage, account: string): ArchiveIdentity {
  return { account, digest, name, at: created === '' ? UNKNOWN_TIME : created };
}

/** The parts of `docker.io/a/b:c`. */
interface NameParts {
  readonly registry: string;
  readonly repo: string;
  readonly tag: string;
}

function nameParts(name: string): NameParts {
  const [, registry = 'docker.io', rest = name] = /^([^/]+)\/(.+)$/.exec(name) ?? [];
  const [, repo = rest, tag = 'latest'] = /^(.+?)(?::([^:/@]+))?(?:@.*)?$/.exec(rest) ?? [];
  return { registry, repo, tag };
}

/** `image_content`: the report's rows by kind of content, decoded, as Anchore's archives have them. */
export function imageContent(report: ParsedReport): string {
  const { analysis_report: sections, image_report } = report.document[0].image.imagedata;
  const decoded = (output: string): Record<string, unknown> =>
    Object.fromEntries(Object.entries(baseOf(sections, 'package_list', output)).map(([key, value]) => [key, jsonIn<unknown>(value) ?? value]));
  const sha256 = baseOf(sections, 'file_checksums', 'files.sha256sums');
  const files = Object.entries(baseOf(sections, 'file_list', 'files.allinfo')).map(([path, value]) =>
    [path, { ...jsonIn<Record<string, unknown>>(value), sha256: sha256[path] ?? null }] as const);
  const malware = Object.values(baseOf(sections, 'malware', 'malware')).map((value) => jsonIn<unknown>(value) ?? value);
  return sortedJson({
    document: {
      os: decoded('pkgs.allinfo'), files: Object.fromEntries(files), npm: decoded('pkgs.npms'), gem: decoded('pkgs.gems'),
      python: decoded('pkgs.python'), java: decoded('pkgs.java'), binary: decoded('pkgs.binary'), go: decoded('pkgs.go'), malware,
      manifest: {}, docker_history: image_report.docker_history,
      dockerfile: image_report.dockerfile_mode === 'Actual' ? image_report.dockerfile_contents ?? '' : '',
    },
  });
}

/** `archive_manifest`: what the archive holds, and the record by which the backend files the image. */
export function archiveManifest(report: ParsedReport, identity: ArchiveIdentity, version: string): string {
  const { imageId } = report.document[0].image;
  const artifact = (name: string, bucket: string): Record<string, unknown> =>
    ({ name, metadata: null, source: { bucket, key: identity.digest }, dest: { tarfile_path: name } });
  return sortedJson({
    account: identity.account,
    image_digest: identity.digest,
    archived_at: identity.at,
    metadata: { versions: { inline_scan: version }, image_id: imageId, image_record: sortedJson(imageRecord(report, identity)) },
    artifacts: [artifact('analysis', 'analysis_data'), artifact('image_content', 'image_content_data'), artifact('image_manifest', 'manifest_data')],
  });
}

function imageRecord(report: ParsedReport, identity: ArchiveIdentity): Record<string, unknown> {
  const { imageId, imagedata: { analysis_report: sections, image_report } } = report.document[0].image;
  const distro = baseOf(sections, 'analyzer_meta', 'analyzer_meta');
  const seconds = Math.floor((Date.parse(identity.at) || 0) / 1000);
  const { registry, repo, tag } = nameParts(identity.name);
  const times = { created_at: seconds, last_updated: seconds };
  return {
    imageDigest: identity.digest, parentDigest: identity.digest, userId: identity.account, image_type: 'docker',
    ...times, analyzed_at: seconds, analysis_status: 'analyzed', image_status: 'active', record_state_key: 'active',
    dockerfile_mode: image_report.dockerfile_mode ?? 'Guessed', annotations: JSON.stringify({ 'added-by': 'inline-scan' }),
    arch: image_report.docker_data['Architecture'] ?? '', distro: distro['DISTRO'] ?? 'Unknown', distro_version: distro['DISTROVERS'] ?? '0',
    layer_count: String(image_report.layers.length), image_size: image_report.meta.sizebytes,
    image_detail: [{
      imageDigest: identity.digest, userId: identity.account, registry, repo, tag, digest: identity.digest, imageId,
      dockerfile: Buffer.from(image_report.dockerfile_contents ?? '').toString('base64'), ...times, tag_detected_at: seconds, record_state_key: 'active',
    }],
  };
}
