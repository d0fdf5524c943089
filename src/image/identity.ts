import { createHash } from 'node:crypto';
import type { ImageConfig } from './config.js';
import type { ImageIdentity } from './image.js';
import { fullName, LOCAL_BUILD, parseReference, tryReference } from './reference.js';

/**
 * The digest of the manifest that skopeo derives from a `docker save` archive (`skopeo inspect --raw docker-archive:…`), byte for byte:
 * schema 2, layers uncompressed. The same whichever layout the image came in, and never a registry's.
 */
function derivedDigest(config: ImageConfig, layerSizes: readonly number[]): string {
  const manifest = {
    schemaVersion: 2,
    mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
    config: { mediaType: 'application/vnd.docker.container.image.v1+json', size: config.sizeBytes, digest: `sha256:${config.imageId}` },
    layers: config.diffIds.map((digest, index) => ({
      mediaType: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
      size: layerSizes[index] ?? 0,
      digest,
    })),
  };
  return `sha256:${createHash('sha256').update(JSON.stringify(manifest)).digest('hex')}`;
}

/**
 * @param wanted the name that the user gave it; else the archive's first is taken, and an image without one is named by its ID.
 * @throws InputError when `wanted` is no name.
 */
export function identify(config: ImageConfig, layerSizes: readonly number[], repoTags: readonly string[], wanted: string | undefined): ImageIdentity {
  const reference = wanted === undefined ? repoTags.map(tryReference).find(Boolean) : parseReference(wanted);
  const name = reference ? fullName(reference) : `${LOCAL_BUILD}/${config.imageId.slice(0, 12)}:latest`;
  return { imageId: config.imageId, digest: derivedDigest(config, layerSizes), name, repoTags };
}
