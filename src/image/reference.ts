import { InputError } from '../errors.js';

/** An image's name, taken apart. Source: distribution/reference, grammar of `reference.go`. */
export interface Reference {
  /** Host with port; the empty string where the name has none. */
  readonly registry: string;
  /** `library/nginx`, `shop`, `a/b/c`. */
  readonly repository: string;
  /** The empty string where the name has none. */
  readonly tag: string;
  /** `sha256:…`, or the empty string. */
  readonly digest: string;
}

const COMPONENT = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const HOST = /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const DIGEST = /^[A-Za-z][A-Za-z0-9]*(?:[+._-][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/;
const MAX_NAME = 255;

/** The registry of names that policies and the backend know, but no registry does. */
export const LOCAL_BUILD = 'localbuild';

/**
 * Parses a name such as `shop`, `host:5000/team/shop:1.0` or `nginx@sha256:…`.
 * @throws InputError when it is none.
 */
export function parseReference(name: string): Reference {
  const parsed = tryReference(name);
  if (!parsed) throw new InputError(`${JSON.stringify(name)} is not an image's name. Write it as [REGISTRY[:PORT]/]REPOSITORY[:TAG], in lower case.`);
  return parsed;
}

/** The same, with undefined for what is no name. */
export function tryReference(name: string): Reference | undefined {
  if (name.length > MAX_NAME + 300) return undefined;
  const at = name.indexOf('@');
  const digest = at < 0 ? '' : name.slice(at + 1);
  const tagged = at < 0 ? name : name.slice(0, at);
  const colon = tagged.indexOf(':', tagged.lastIndexOf('/') + 1);
  const tag = colon < 0 ? '' : tagged.slice(colon + 1);
  const path = colon < 0 ? tagged : tagged.slice(0, colon);
  const slash = path.indexOf('/');
  const first = path.slice(0, Math.max(slash, 0));
  const isHost = /[.:]/.test(first) || first === 'localhost' || first === LOCAL_BUILD || first !== first.toLowerCase();
  const registry = isHost ? first : '';
  const repository = isHost ? path.slice(slash + 1) : path;
  const valid = (registry === '' || HOST.test(registry))
    && path.length <= MAX_NAME
    && repository.split('/').every((component) => COMPONENT.test(component))
    && (colon < 0 || TAG.test(tag))
    && (at < 0 || DIGEST.test(digest));
  return valid ? { registry, repository, tag, digest } : undefined;
}

/**
 * The full name by which policies and the backend know an image: registry, repository and tag are always there, a digest never.
 * A name without a registry was built here: `shop` → `localbuild/shop:latest`. Docker Hub's have `docker.io/` and, for its own, `library/`.
 */
export function fullName(reference: Reference): string {
  const { registry, repository, tag } = reference;
  const host = registry === '' ? LOCAL_BUILD : registry === 'index.docker.io' ? 'docker.io' : registry;
  const path = host === 'docker.io' && !repository.includes('/') ? `library/${repository}` : repository;
  return `${host}/${path}:${tag || 'latest'}`;
}

/** Whether two names mean the same image to an engine, for which `shop` and `docker.io/library/shop:latest` are one. */
export function sameImage(left: string, right: string): boolean {
  const [a, b] = [tryReference(left), tryReference(right)];
  if (!a || !b) return left === right;
  const asEngine = (reference: Reference): string => {
    const registry = reference.registry === LOCAL_BUILD || reference.registry === '' ? 'docker.io' : reference.registry;
    return fullName({ ...reference, registry });
  };
  return asEngine(a) === asEngine(b);
}
