import type { ImageRule, ImageSelector } from './imageMatch.js';
import type { BundleFile, Path } from './bundleFile.js';
import { wildcard, type Wildcard } from './wildcard.js';

interface RawSelector {
  readonly registry: string;
  readonly repository: string;
  readonly image: { readonly type: 'tag' | 'digest' | 'id'; readonly value: string };
}

/** Reads which images a mapping or a rule about images is for. Throws InputError. */
export function readSelector(file: BundleFile, { registry, repository, image }: RawSelector, path: Path): ImageSelector {
  const pattern = (text: string, name: string): Wildcard => file.attempt(path, () => wildcard(text), `${name} ${JSON.stringify(text)}: `);
  return {
    registry: pattern(registry, 'registry'),
    repository: pattern(repository, 'repository'),
    image: image.type === 'tag' ? { type: 'tag', tag: pattern(image.value, 'tag') } : { type: image.type, value: digest(file, image.value, image.type, path) },
  };
}

export function readImageRule(file: BundleFile, raw: { readonly id: string; readonly name: string } & RawSelector, path: Path): ImageRule {
  return { id: raw.id, name: raw.name, selector: readSelector(file, raw, path) };
}

/** One that is misspelled would match no image, and so deny none. */
function digest(file: BundleFile, value: string, type: string, path: Path): string {
  const hex = value.trim().toLowerCase().replace(/^sha256:/, '');
  if (!/^[0-9a-f]{64}$/.test(hex)) throw file.error([...path, 'image'], `${JSON.stringify(value)} is no ${type} of an image, such as sha256: and 64 hex digits`);
  return hex;
}
