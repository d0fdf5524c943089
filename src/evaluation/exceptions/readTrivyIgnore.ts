import * as z from 'zod';
import { InputError } from '../../errors.js';
import { readInstant } from '../../text/instant.js';
import { readConfigFile } from '../configFile.js';
import type { Exception, Exceptions } from './exception.js';
import { isSecretRule, secretNames } from './trivySecrets.js';

const NO_REASON = (file: string): string => `listed in ${file}, which gives no reason`;

/** Reads a `.trivyignore`: one id a line, `exp:YYYY-MM-DD` after it, comments after `#`. Source: trivy.dev, "Filtering". */
export function readTrivyIgnore(file: string, text: string): Exceptions {
  const entries: Exception[] = [];
  let comment = '';
  text.split(/\r?\n/).forEach((row, index) => {
    const line = row.trim();
    if (line.startsWith('#')) {
      comment = line.replace(/^#+\s*/, '');
      return;
    }
    const [id, ...fields] = line.split('#')[0]?.trim().split(/\s+/) ?? [];
    if (id === undefined || id === '') {
      comment = '';
      return;
    }
    const expires = readExpiry(fields.find((field) => field.startsWith('exp:'))?.slice('exp:'.length), `${file}, line ${index + 1}`);
    entries.push({
      id, source: `${file}, line ${index + 1}`, by: 'exception', aliases: true,
      ...(isSecretRule(id) ? { gate: 'secret_scans', mentions: secretNames(id) } : { ids: [id] }),
      reason: line.split('#')[1]?.trim() || comment || NO_REASON(file),
      ...(expires === undefined ? {} : { expires }),
    });
  });
  return { entries, notices: [] };
}

/** Trivy's dates are the first moment at which a line no longer holds. */
function readExpiry(text: string | undefined, where: string): string | undefined {
  try {
    return text === undefined ? undefined : readInstant(text);
  } catch (cause) {
    throw new InputError(`${where}: ${JSON.stringify(text)} is no date such as 2026-12-31.`, { cause });
  }
}

const item = z.looseObject({
  id: z.string(),
  paths: z.array(z.string()).optional(),
  purls: z.array(z.string()).optional(),
  expired_at: z.union([z.string(), z.date().transform((date) => date.toISOString())]).optional(),
  statement: z.string().optional(),
});
const section = z.array(item).nullish().transform((items) => items ?? []);
const schema = z.strictObject({ vulnerabilities: section, misconfigurations: section, secrets: section, licenses: section });

/** Reads a `.trivyignore.yaml`. Its misconfigurations have ids that mean nothing here: that is told, and they accept nothing. */
export function readTrivyIgnoreYaml(file: string, text: string): Exceptions {
  const config = readConfigFile(file, text);
  const result = schema.safeParse(config.value ?? {});
  if (!result.success) {
    const issue = result.error.issues[0] as z.core.$ZodIssue;
    throw new InputError(`${file}, line ${config.lineOf(issue.path)}: ${issue.path.map(String).join('.') || 'it'}: ${issue.message}.`);
  }
  const { vulnerabilities, misconfigurations, secrets, licenses } = result.data;
  const base = (name: string, index: number, { id, paths, purls, expired_at: expires, statement }: z.infer<typeof item>): Exception => {
    const line = config.lineOf([name, index]);
    const until = readExpiry(expires, `${file}, line ${line}`);
    return {
      id, source: `${file}, line ${line}`, by: 'exception', aliases: true, reason: statement ?? NO_REASON(file),
      ...(paths === undefined ? {} : { paths }),
      ...(purls === undefined ? {} : { package: { purls } }),
      ...(until === undefined ? {} : { expires: until }),
    };
  };
  return {
    entries: [
      ...vulnerabilities.map((one, index) => ({ ...base('vulnerabilities', index, one), ids: [one.id] })),
      ...secrets.map((one, index) => ({ ...base('secrets', index, one), gate: 'secret_scans', mentions: secretNames(one.id) })),
      ...licenses.map((one, index) => ({ ...base('licenses', index, one), gate: 'licenses', mentions: [one.id] })),
    ],
    notices: misconfigurations.map(({ id }) => `${file} ignores the misconfiguration ${id}, which has no counterpart here: write an exception for the gate and trigger.`),
  };
}
