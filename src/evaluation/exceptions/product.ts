import type { PackageURL } from 'packageurl-js';
import type { ScannedImage } from '../../report/scanned.js';
import { imageName } from '../policy/imageMatch.js';
import type { Product } from './exception.js';
import type { Candidate } from './match.js';
import { matchesPurl, readPurl } from './purlMatch.js';

type Test = (candidate: Candidate) => boolean;

/** Tests whether a finding is about one of the products; undefined where none of them is in the image. */
export function productTest(products: readonly Product[], image: ScannedImage): Test | undefined {
  const tests = products.map((product) => oneProduct(product, image)).filter((test) => test !== undefined);
  return tests.length === 0 ? undefined : (candidate) => tests.some((test) => test(candidate));
}

function oneProduct({ id, subcomponents }: Product, image: ScannedImage): Test | undefined {
  const purl = readPurl(id);
  const within = subcomponents.length === 0 ? undefined : anyPackage(subcomponents);
  if (isImage(id, purl, image)) return within ?? (() => true);
  if (purl === undefined) return undefined;
  if (within === undefined) return anyPackage([id]);
  const present = image.packages.some((found) => {
    const actual = readPurl(found.purl);
    return actual !== undefined && matchesPurl(purl, actual);
  });
  return present ? within : undefined;
}

function anyPackage(ids: readonly string[]): Test {
  const purls = ids.map(readPurl).filter((purl) => purl !== undefined);
  return ({ package: found }) => {
    const actual = found === undefined ? undefined : readPurl(found.purl);
    return actual !== undefined && purls.some((purl) => matchesPurl(purl, actual));
  };
}

/** By name (`docker.io/a/b:1`), or by a package URL of type oci or docker: its digest, its repository and its tag have to be the image's where it names them. */
function isImage(id: string, purl: PackageURL | undefined, image: ScannedImage): boolean {
  const { registry, repository, tag } = imageName(image.name);
  if (purl === undefined) return [image.name, image.name.replace(/:[^/:]*$/, ''), ...image.repoTags].includes(id);
  if (purl.type !== 'oci' && purl.type !== 'docker') return false;
  if (purl.name.toLowerCase() !== repository.split('/').at(-1)?.toLowerCase()) return false;
  const { repository_url: url, tag: wanted } = purl.qualifiers ?? {};
  if (url !== undefined && !repositoryUrls(registry, repository, purl.type).has(url.replace(/^https?:\/\//, '').replace(/^index\.docker\.io(?=\/|$)/, 'docker.io').toLowerCase())) return false;
  if (purl.type === 'docker' && purl.namespace && repository !== `${purl.namespace}/${purl.name}`) return false;
  if (wanted !== undefined && wanted !== tag) return false;
  if (!purl.version) return true;
  return purl.version.startsWith('sha256:') ? [image.digest, `sha256:${image.id}`].includes(purl.version) : purl.version === tag;
}

/**
 * How documents write where an image is: with its whole name, or what goes before its last part; of type docker the registry alone.
 * Docker's own images have `library/` there, whether or not the name has it. Source: purl-spec, types docker and oci.
 */
function repositoryUrls(registry: string, repository: string, type: string): ReadonlySet<string> {
  const names = registry === 'docker.io' && !repository.includes('/') ? [repository, `library/${repository}`] : [repository];
  const urls = names.flatMap((name) => [`${registry}/${name}`, `${registry}/${name}`.replace(/\/[^/]*$/, ''), name]);
  return new Set([...urls, ...(type === 'docker' ? [registry] : [])].map((url) => url.toLowerCase()));
}
