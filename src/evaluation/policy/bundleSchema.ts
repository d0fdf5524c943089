import * as z from 'zod';
import type { Action } from '../evaluation.js';

/** The shape of a bundle file, in Anchore Engine's vocabulary; `vocabulary.ts` translates the other one first. */

/** `1_0`, and `2` of Anchore Enterprise, whose rules are the same. */
export const VERSIONS = ['1_0', '2'] as const;

const version = z.union([z.string(), z.number().transform(String)]).optional().refine(
  (text) => text === undefined || (VERSIONS as readonly string[]).includes(text),
  { error: `the version is not supported; allowed: ${VERSIONS.join(', ')}` },
);
/** YAML takes `id: 7` for a number. */
const word = z.union([z.string(), z.number().transform(String)], { error: ({ input }) => (input === undefined ? 'an id is missing' : 'an id has to be a text') });
const text = z.union([z.string(), z.number().transform(String)]).nullish().transform((value) => value ?? '');
const list = <Item extends z.ZodType>(item: Item) => z.array(item).nullish().transform((items) => items ?? []);

/** Values are strings in JSON; a number or a boolean of YAML means its text. */
const parameter = z.strictObject({
  name: z.string(),
  value: z.union([z.string(), z.number().transform(String), z.boolean().transform(String), z.null()], {
    error: ({ input }) => (Array.isArray(input) ? 'its value is a list: write the items as one text, with commas, such as "a,b"' : 'its value has to be a text, such as "true" or "7"'),
  }),
});

const action = z.string().transform((word, context): Action => {
  const lower = word.toLowerCase();
  if (lower === 'stop' || lower === 'warn' || lower === 'go') return lower;
  context.addIssue({ code: 'custom', message: `${JSON.stringify(word)} is no action; allowed: STOP, WARN, GO` });
  return z.NEVER;
});

export const ruleSchema = z.strictObject({
  id: word.optional(),
  gate: z.string(),
  trigger: z.string(),
  action,
  params: list(parameter),
  control: z.string().optional(),
  recommendation: z.string().optional(),
  comment: z.string().optional(),
  description: z.string().optional(),
  name: z.string().optional(),
});

export const policySchema = z.looseObject({
  id: word,
  name: text,
  version,
  rules: z.array(z.unknown(), { error: 'it has no list of rules' }),
});

export const allowListSchema = z.looseObject({
  id: word,
  name: text,
  version,
  items: list(z.strictObject({
    id: text,
    gate: z.string(),
    trigger_id: z.string(),
    trigger: z.string().nullish(),
    comment: text,
    description: z.string().nullish(),
    created_at: z.unknown().optional(),
    expires_on: z.union([z.string(), z.date().transform((date) => date.toISOString())]).nullish(),
  })),
});

const image = z.strictObject({ type: z.enum(['tag', 'digest', 'id']), value: z.union([z.string(), z.number().transform(String)]) });
const images = { id: text, name: text, registry: z.string(), repository: z.string(), image };

export const mappingSchema = z.strictObject({
  ...images,
  policy_id: word.optional(),
  policy_ids: z.array(word).optional(),
  whitelist_ids: list(word),
  description: z.string().nullish(),
  comment: z.string().nullish(),
});

export const bundleSchema = z.looseObject({
  id: word,
  name: text,
  version,
  policies: z.array(z.looseObject({ id: word })),
  whitelists: list(z.looseObject({ id: word })),
  mappings: z.array(mappingSchema),
  whitelisted_images: list(z.strictObject({ ...images, description: z.string().nullish(), comment: z.string().nullish() })),
  blacklisted_images: list(z.strictObject({ ...images, description: z.string().nullish(), comment: z.string().nullish() })),
});
