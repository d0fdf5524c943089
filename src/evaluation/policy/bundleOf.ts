import type { z } from 'zod';
import { didYouMean } from '../../text/suggest.js';
import type { ConfigFile } from '../configFile.js';
import type { Bundle, Mapping, Policy } from './bundle.js';
import { BundleFile, type Path } from './bundleFile.js';
import { bundleSchema, type mappingSchema } from './bundleSchema.js';
import type { ImageSelector } from './imageMatch.js';
import { readAllowList } from './readAllowList.js';
import { readPolicy } from './readPolicy.js';
import { readImageRule, readSelector } from './readSelector.js';
import { translateKeys } from './vocabulary.js';
import { wildcard } from './wildcard.js';

/**
 * The bundle in a file's value: a bundle, a policy, or a list of policies. The latter two apply to every image.
 * Throws InputError, with file, line and what is allowed, for whatever cannot be understood: that never becomes a pass.
 */
export function bundleOf(config: ConfigFile): Bundle {
  const { value: whole, root } = unwrap(config.value);
  const plain = new BundleFile(config, root);
  if (Array.isArray(whole)) return forEveryImage(plain, whole, []);
  if (typeof whole !== 'object' || whole === null) throw plain.error([], 'this is neither a bundle nor a policy: it has to be an object with policies and mappings, or one with rules');
  const { value, written } = plain.attempt([], () => translateKeys(whole));
  const file = new BundleFile(config, root, written);
  const object = value as Readonly<Record<string, unknown>>;
  if ('rules' in object) return singlePolicy(file, object);
  if (!('policies' in object)) throw file.error([], 'this is neither a bundle (policies and mappings) nor a policy (rules)');
  if (!('mappings' in object) && Array.isArray(object['policies'])) return forEveryImage(file, object['policies'], ['policies']);
  return mapped(file, object);
}

/** Anchore's API gives a bundle with what it knows about it around it. */
function unwrap(value: unknown): { readonly value: unknown; readonly root: Path } {
  if (typeof value !== 'object' || value === null || !('policybundle' in value)) return { value, root: [] };
  return { value: value.policybundle, root: ['policybundle'] };
}

function singlePolicy(file: BundleFile, value: Readonly<Record<string, unknown>>): Bundle {
  return everyImage(file, [readPolicy(file, value, [])]);
}

function forEveryImage(file: BundleFile, values: readonly unknown[], at: Path): Bundle {
  if (values.length === 0) throw file.error(at, 'the list of policies is empty, and nothing would be evaluated');
  const policies = values.map((value, index) => readPolicy(file, value, [...at, index]));
  file.unique(policies.map(({ id }) => id), at, 'policy');
  return everyImage(file, policies);
}

function everyImage({ config }: BundleFile, policies: readonly Policy[]): Bundle {
  const [first] = policies as readonly [Policy];
  const any = wildcard('*');
  const selector: ImageSelector = { registry: any, repository: any, image: { type: 'tag', tag: any } };
  return {
    source: config.file,
    id: first.id,
    name: first.name,
    mappings: [{ id: 'every image', name: 'every image', selector, policies, allowLists: [] }],
    allowedImages: [],
    deniedImages: [],
  };
}

function mapped(file: BundleFile, value: Readonly<Record<string, unknown>>): Bundle {
  const raw = file.parse(bundleSchema, value, []);
  const policy = references(file, raw.policies, 'policies', 'policy', readPolicy);
  const allowList = references(file, raw.whitelists, 'whitelists', 'allow list', readAllowList);
  return {
    source: file.config.file,
    id: raw.id,
    name: raw.name === '' ? raw.id : raw.name,
    mappings: raw.mappings.map((mapping, index) => readMapping(file, mapping, ['mappings', index], { policy, allowList })),
    allowedImages: raw.whitelisted_images.map((rule, index) => readImageRule(file, rule, ['whitelisted_images', index])),
    deniedImages: raw.blacklisted_images.map((rule, index) => readImageRule(file, rule, ['blacklisted_images', index])),
  };
}

type Find<Item> = (id: string, path: Path) => Item;

/** Reads what a mapping refers to, once; what no mapping refers to is never looked at, and may be there twice. */
function references<Raw extends { readonly id: string }, Item>(file: BundleFile, all: readonly Raw[], key: string, noun: string, read: (file: BundleFile, raw: Raw, path: Path) => Item): Find<Item> {
  const known = new Map<string, Item>();
  return (id, path) => {
    const before = known.get(id);
    if (before !== undefined) return before;
    const at = all.findIndex((one) => one.id === id);
    const raw = all[at];
    const ids = all.map((one) => one.id);
    if (raw === undefined) throw file.error(path, `there is no ${noun} ${JSON.stringify(id)}${didYouMean(id, ids)}; there are: ${ids.join(', ') || 'none'}`);
    if (ids.lastIndexOf(id) !== at) throw file.error([key, ids.lastIndexOf(id)], `the ${noun} id ${JSON.stringify(id)} is there twice`);
    const item = read(file, raw, [key, at]);
    known.set(id, item);
    return item;
  };
}

interface References {
  readonly policy: Find<Policy>;
  readonly allowList: Find<Mapping['allowLists'][number]>;
}

function readMapping(file: BundleFile, raw: z.infer<typeof mappingSchema>, path: Path, find: References): Mapping {
  if ((raw.policy_id === undefined) === (raw.policy_ids === undefined)) throw file.error(path, 'a mapping has either policy_id or policy_ids');
  const policyIds = raw.policy_ids ?? [raw.policy_id as string];
  return {
    id: raw.id === '' ? String(Number(path.at(-1)) + 1) : raw.id,
    name: raw.name,
    selector: readSelector(file, raw, path),
    policies: policyIds.map((id, index) => find.policy(id, raw.policy_ids === undefined ? [...path, 'policy_id'] : [...path, 'policy_ids', index])),
    allowLists: raw.whitelist_ids.map((id, index) => find.allowList(id, [...path, 'whitelist_ids', index])),
  };
}
