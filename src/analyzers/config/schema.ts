import * as z from 'zod';
import { secretKinds } from '../secrets/rules/index.js';

/**
 * analyzer-config as written. The keys of Anchore Engine's analyzer_config.yaml (1.1.0) are understood as they are:
 * `regexp_match`, `match_params` (MAXFILESIZE in bytes, STOREONMATCH), `file_list`, `max_file_size_kb`, `malware.clamav.enabled`.
 * Ours beside them: `secret_search.disable`, `secret_search.max_file_size_kb`, `malware.clamd`, `malware.clamscan`, `malware.database`.
 */

const KINDS = secretKinds();

/** A gigabyte: what a report, or a single buffer, could still hold. */
const sizeInKilobytes = z.int().positive().max(1024 * 1024);

const matchParameter = z.string().regex(/^(?:MAXFILESIZE=[1-9]\d{0,9}|STOREONMATCH=[nN])$/, 'is neither MAXFILESIZE=bytes nor STOREONMATCH=n (what matched is never stored)');

const pattern = z.string().min(1).max(10_000);

const search = z.strictObject({
  match_params: z.array(matchParameter).max(10).nullish(),
  regexp_match: z.array(pattern).max(1_000).nullish(),
});

export const analyzerConfigSchema = z.strictObject({
  secret_search: search
    .extend({
      disable: z.array(z.string().refine((name) => KINDS.has(name) || name === 'KEYSTORE', 'is no built-in kind of secret')).nullish(),
      max_file_size_kb: sizeInKilobytes.nullish(),
    })
    .nullish(),
  content_search: search.extend({ max_file_size_kb: sizeInKilobytes.nullish() }).nullish(),
  retrieve_files: z
    .strictObject({
      file_list: z.array(z.string().startsWith('/', 'is no absolute path')).max(10_000).nullish(),
      max_file_size_kb: sizeInKilobytes.nullish(),
    })
    .nullish(),
  malware: z
    .strictObject({
      clamav: z.looseObject({ enabled: z.boolean().nullish() }).nullish(),
      clamd: z.string().min(1).nullish(),
      clamscan: z.union([z.boolean(), z.string().min(1)], 'is neither true nor a program').nullish(),
      database: z.string().min(1).nullish(),
    })
    .nullish(),
});

export type WrittenAnalyzerConfig = z.infer<typeof analyzerConfigSchema>;
