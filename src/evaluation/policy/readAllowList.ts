import { readInstant } from '../../text/instant.js';
import type { AllowList } from './bundle.js';
import type { BundleFile, Path } from './bundleFile.js';
import { allowListSchema } from './bundleSchema.js';
import { wildcard } from './wildcard.js';

/** Reads an allow list of a bundle. Throws InputError. */
export function readAllowList(file: BundleFile, value: unknown, path: Path): AllowList {
  const raw = file.parse(allowListSchema, value, path);
  const items = raw.items.map((item, index) => {
    const at = [...path, 'items', index];
    const expires = item.expires_on ?? undefined;
    return {
      id: item.id === '' ? `${raw.id}.${index + 1}` : item.id,
      gate: item.gate.toLowerCase(),
      triggerId: file.attempt([...at, 'trigger_id'], () => wildcard(item.trigger_id)),
      comment: item.comment || (item.description ?? ''),
      ...(expires === undefined ? {} : { expires: file.attempt([...at, 'expires_on'], () => readInstant(expires)) }),
    };
  });
  return { id: raw.id, name: raw.name === '' ? raw.id : raw.name, items };
}
