import * as z from 'zod';
import { InputError } from '../../errors.js';
import { readInstant } from '../../text/instant.js';
import { readConfigFile, type ConfigFile } from '../configFile.js';
import { allowListSchema } from '../policy/bundleSchema.js';
import { translateKeys } from '../policy/vocabulary.js';
import { wildcard } from '../policy/wildcard.js';
import type { Exception, Exceptions } from './exception.js';

/** Whether a document is an allow list of Anchore's, a list of them, or a bundle that holds some. */
export function isAnchoreAllowList(value: unknown): boolean {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === 'object' && first !== null && ('items' in first || 'whitelists' in first || 'allowlists' in first);
}

/** Reads Anchore's allow lists as exceptions for whatever image: mappings do not count here. */
export function readAnchoreAllowList(file: string, text: string): Exceptions {
  const config = readConfigFile(file, text);
  const { value } = translateKeys(config.value);
  const lists = Array.isArray(value) ? value : typeof value === 'object' && value !== null && 'whitelists' in value ? value.whitelists : [value];
  const result = z.array(allowListSchema).safeParse(lists);
  if (!result.success) {
    const issue = result.error.issues[0] as z.core.$ZodIssue;
    throw new InputError(`${file}: an allow list cannot be read: ${issue.path.slice(1).map(String).join('.') || 'it'}: ${issue.message}. Give id, items, and of each item gate and trigger_id.`);
  }
  return { entries: result.data.flatMap((list) => list.items.map((item, index) => readItem(item, list.name || list.id, index, config))), notices: [] };
}

function readItem(item: z.infer<typeof allowListSchema>['items'][number], list: string, index: number, config: ConfigFile): Exception {
  const expires = item.expires_on ?? undefined;
  const source = `${config.file}, allow list ${list}, item ${index + 1}`;
  let until: string | undefined;
  try {
    wildcard(item.trigger_id);
    until = expires === undefined ? undefined : readInstant(expires);
  } catch (cause) {
    throw new InputError(`${source}: ${(cause as Error).message}.`, { cause });
  }
  return {
    id: item.id || item.trigger_id,
    source,
    by: 'exception',
    ids: [item.trigger_id],
    wildcards: true,
    aliases: false,
    gate: item.gate.toLowerCase(),
    reason: item.comment || item.description || `on the allow list ${list}`,
    ...(until === undefined ? {} : { expires: until }),
  };
}
