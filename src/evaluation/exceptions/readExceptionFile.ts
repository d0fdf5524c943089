import * as z from 'zod';
import { InputError } from '../../errors.js';
import { readDateOrInstant } from '../../text/instant.js';
import { readConfigFile, type ConfigFile } from '../configFile.js';
import { gateOf, triggerOf } from '../policy/readPolicy.js';
import { wildcard } from '../policy/wildcard.js';
import type { Exception, Exceptions } from './exception.js';
import { readPurl } from './purlMatch.js';
import { readVersionRange } from './versionRange.js';

/** One text or several. */
const texts = z.union([z.string().transform((text) => [text]), z.array(z.string()).min(1)]);
const date = z.union([z.string(), z.date().transform((value) => value.toISOString())]);

const schema = z.strictObject({
  id: texts.optional(),
  gate: z.string().optional(),
  trigger: z.string().optional(),
  policy: z.string().optional(),
  rule: z.string().optional(),
  package: texts.optional(),
  version: z.union([z.string(), z.number().transform(String)]).optional(),
  purl: texts.optional(),
  path: texts.optional(),
  paths: texts.optional(),
  image: texts.optional(),
  images: texts.optional(),
  reason: z.string({ error: 'it has no reason: say why the finding is accepted' }).trim().min(1, 'its reason is empty: say why the finding is accepted'),
  expires: date.transform((text, context) => {
    try {
      return readDateOrInstant(text);
    } catch {
      context.addIssue({ code: 'custom', message: `expires is no date such as 2026-12-31: ${JSON.stringify(text)}` });
      return z.NEVER;
    }
  }),
});

/** What narrows an exception to some findings of an image; the rest only says where or why. */
const SELECTORS = ['id', 'gate', 'trigger', 'policy', 'rule', 'package', 'purl', 'path', 'paths'] as const;

/**
 * Reads `.inline-scan.yaml`: `exceptions:`, a list in which every item has a reason and an expiry.
 * Throws InputError with the line for what cannot be understood: an exception that is misread could hide anything.
 */
export function readExceptionFile(file: string, text: string): Exceptions {
  const config = readConfigFile(file, text);
  if (config.value === null || config.value === undefined) return { entries: [], notices: [] };
  const items = itemsOf(config);
  return { entries: items.map((item, index) => readException(item, index, config)), notices: [] };
}

function itemsOf(config: ConfigFile): readonly unknown[] {
  const { value } = config;
  if (Array.isArray(value)) throw error(config, [], 'it is a list: write exceptions: before it, and the list below');
  const known = typeof value === 'object' && value !== null && 'exceptions' in value ? value.exceptions : undefined;
  const other = Object.keys(value ?? {}).find((key) => key !== 'exceptions');
  if (other !== undefined) throw error(config, [other], `the key ${JSON.stringify(other)} is not known; allowed: exceptions`);
  if (known === null) return [];
  if (!Array.isArray(known)) throw error(config, ['exceptions'], 'exceptions has to be a list');
  return known;
}

function readException(item: unknown, index: number, config: ConfigFile): Exception {
  const at = ['exceptions', index];
  const result = schema.safeParse(item);
  if (!result.success) throw error(config, at, `exception ${index + 1}: ${explain(result.error.issues[0] as z.core.$ZodIssue)}`);
  const raw = result.data;
  const fail = (message: string, key: string): InputError => error(config, [...at, key], `exception ${index + 1}: ${message}`);
  if (SELECTORS.every((name) => raw[name] === undefined || takesAll(raw[name]))) {
    throw error(config, at, `exception ${index + 1}: it would accept every finding; give one of ${SELECTORS.filter((name) => name !== 'paths').join(', ')}`);
  }
  const paths = raw.paths ?? raw.path;
  const images = raw.images ?? raw.image;
  const selector = packageSelector(raw, fail);
  const { gate, trigger } = gateAndTrigger(raw, fail);
  for (const key of ['id', 'package', 'image', 'images'] as const) for (const pattern of raw[key] ?? []) checked(() => wildcard(pattern), key, fail);
  return {
    id: raw.id?.join(', ') ?? `${index + 1}`,
    source: `${config.file}, line ${config.lineOf(at)}`,
    by: 'exception',
    aliases: true,
    ...(raw.id === undefined ? {} : { ids: raw.id, wildcards: true }),
    ...(gate === undefined ? {} : { gate }),
    ...(trigger === undefined ? {} : { trigger }),
    ...(raw.policy === undefined ? {} : { policy: raw.policy }),
    ...(raw.rule === undefined ? {} : { rule: raw.rule }),
    ...(selector === undefined ? {} : { package: selector }),
    ...(paths === undefined ? {} : { paths }),
    ...(images === undefined ? {} : { images }),
    reason: raw.reason,
    expires: raw.expires,
  };
}

/** `*`, `/**`: it selects nothing. */
function takesAll(values: string | readonly string[]): boolean {
  return [values].flat().some((value) => /^(?:\*+|\/?\*\*(?:\/\*+)?|regexp:(?:\.\*)?)$/.test(value));
}

type Raw = z.infer<typeof schema>;
type Fail = (message: string, key: string) => InputError;

function packageSelector(raw: Raw, fail: Fail): Exception['package'] {
  if (raw.package === undefined && raw.version === undefined && raw.purl === undefined) return undefined;
  if (raw.version !== undefined && raw.package === undefined && raw.purl === undefined) throw fail('a version needs a package or a purl', 'version');
  const { version } = raw;
  if (version !== undefined) checked(() => readVersionRange(version), 'version', fail);
  for (const purl of raw.purl ?? []) if (readPurl(purl) === undefined) throw fail(`${JSON.stringify(purl)} is no package URL such as pkg:npm/lodash`, 'purl');
  return {
    ...(raw.package === undefined ? {} : { names: raw.package }),
    ...(version === undefined ? {} : { version }),
    ...(raw.purl === undefined ? {} : { purls: raw.purl }),
  };
}

function gateAndTrigger(raw: Raw, fail: Fail): { readonly gate?: string; readonly trigger?: string } {
  if (raw.gate === undefined) {
    if (raw.trigger !== undefined) throw fail('a trigger needs its gate', 'trigger');
    return {};
  }
  const { gate: gateName, trigger: triggerName } = raw;
  const gate = checked(() => gateOf(gateName), 'gate', fail);
  if (triggerName === undefined) return { gate: gate.name };
  return { gate: gate.name, trigger: checked(() => triggerOf(gate, triggerName), 'trigger', fail).name };
}

function checked<Result>(run: () => Result, key: string, fail: Fail): Result {
  try {
    return run();
  } catch (cause) {
    throw fail((cause as Error).message, key);
  }
}

function explain(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `the key ${issue.keys.map((key) => JSON.stringify(key)).join(', ')} is not known; allowed: ${Object.keys(schema.shape).join(', ')}`;
  if (issue.path.at(-1) === 'expires' && issue.code === 'invalid_union') return 'it has no date of expiry: give expires, such as 2026-12-31';
  return issue.code === 'custom' || issue.path.at(-1) === 'reason' ? issue.message : `${issue.path.map(String).join('.') || 'it'}: ${issue.message}`;
}

function error(config: ConfigFile, path: readonly PropertyKey[], message: string): InputError {
  return new InputError(`${config.file}, line ${config.lineOf(path)}: ${message}.`);
}
