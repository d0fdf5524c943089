import type { ScannedImage } from '../../report/scanned.js';
import type { Wildcard } from './wildcard.js';

/** Which images something applies to. */
export interface ImageSelector {
  readonly registry: Wildcard;
  readonly repository: Wildcard;
  readonly image: { readonly type: 'tag'; readonly tag: Wildcard } | { readonly type: 'digest' | 'id'; readonly value: string };
}

/** An image that a bundle always allows, or always denies. */
export interface ImageRule {
  readonly id: string;
  readonly name: string;
  readonly selector: ImageSelector;
}

interface ImageName {
  readonly registry: string;
  readonly repository: string;
  readonly tag: string;
}

/** Takes a name apart as Anchore does: `nginx` is the repository `nginx` of docker.io. What is not named, as the tag of an image that has a digest alone, is matched by `*` alone. */
export function imageName(fullTag: string): ImageName {
  if (fullTag === '') return { registry: '*', repository: '*', tag: '*' };
  const [reference = '', digest] = fullTag.replace(/^dockerhub\//, 'docker.io/').split('@', 2);
  const slash = reference.indexOf('/');
  const host = reference.slice(0, Math.max(slash, 0));
  const isHost = /[.:]/.test(host) || ['localhost', 'localbuild'].includes(host);
  const rest = isHost ? reference.slice(slash + 1) : reference;
  const colon = rest.indexOf(':', rest.lastIndexOf('/') + 1);
  return {
    registry: isHost ? host : 'docker.io',
    repository: colon < 0 ? rest : rest.slice(0, colon),
    tag: colon >= 0 ? rest.slice(colon + 1) : digest === undefined ? 'latest' : '*',
  };
}

export function matchesImage({ registry, repository, image }: ImageSelector, scanned: ScannedImage): boolean {
  const name = imageName(scanned.name);
  if (!registry.matches(name.registry) || !repositories(name).some((one) => repository.matches(one))) return false;
  if (image.type === 'tag') return image.tag.matches(name.tag);
  const bare = image.value.replace(/^sha256:/, '');
  const actual = image.type === 'id' ? scanned.id : scanned.digest;
  return bare !== '' && actual.replace(/^sha256:/, '') === bare;
}

/** Docker's own images are known with and without `library/`. */
function repositories({ registry, repository }: ImageName): readonly string[] {
  return registry === 'docker.io' && repository.startsWith('library/') ? [repository, repository.slice('library/'.length)] : [repository];
}
