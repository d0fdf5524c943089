import { z } from 'zod';
import { InputError } from '../../errors.js';
import { readConfigFile } from '../configFile.js';
import type { Exception, Exceptions } from './exception.js';

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
    const expires = fields.find((field) => field.startsWith('exp:'))?.slice('exp:'.length);
    if (expires !== undefined && Number.isNaN(Date.parse(expires))) throw new InputError(`${file}, line ${index + 1}: ${JSON.stringify(expires)} is no date such as 2026-12-31.`);
    entries.push({
      id, source: `${file}, line ${index + 1}`, by: 'exception', ids: [id], aliases: true,
      reason: line.split('#')[1]?.trim() || comment || NO_REASON(file),
      ...(expires === undefined ? {} : { expires }),
    });
  });
  return { entries, notices: [] };
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
    if (expires !== undefined && Number.isNaN(Date.parse(expires))) throw new InputError(`${file}, line ${line}: ${JSON.stringify(expires)} is no date such as 2026-12-31.`);
    return {
      id, source: `${file}, line ${line}`, by: 'exception', aliases: true, reason: statement ?? NO_REASON(file),
      ...(paths === undefined ? {} : { paths }),
      ...(purls === undefined ? {} : { package: { purls } }),
      ...(expires === undefined ? {} : { expires: expires.replace(/T00:00:00(?:\.000)?Z$/, '') }),
    };
  };
  return {
    entries: [
      ...vulnerabilities.map((one, index) => ({ ...base('vulnerabilities', index, one), ids: [one.id] })),
      ...secrets.map((one, index) => ({ ...base('secrets', index, one), gate: 'secret_scans', mentions: [one.id] })),
      ...licenses.map((one, index) => ({ ...base('licenses', index, one), gate: 'licenses', mentions: [one.id] })),
    ],
    notices: misconfigurations.map(({ id }) => `${file} ignores the misconfiguration ${id}, which has no counterpart here: write an exception for the gate and trigger.`),
  };
}
