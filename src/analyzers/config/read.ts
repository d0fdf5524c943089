import { readFileSync, statSync } from 'node:fs';
import { isMap, isNode, LineCounter, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import { InputError } from '../../errors.js';
import { compilePattern } from '../contents/line-search.js';
import type { SearchConfig, UserPattern } from '../contents/line-search.js';
import { DEFAULT_CONTENT_SEARCH } from '../contents/content-search.js';
import { DEFAULT_RETRIEVE_FILES } from '../contents/retrieve-files.js';
import type { RetrieveFilesConfig } from '../contents/retrieve-files.js';
import { parseClamdAddress } from '../malware/address.js';
import type { MalwareConfig } from '../malware/address.js';
import { ORIGINAL_REGEXES } from '../secrets/rules/original.js';
import { DEFAULT_SECRET_SEARCH } from '../secrets/secret-search.js';
import type { SecretSearchConfig } from '../secrets/secret-search.js';
import { analyzerConfigSchema } from './schema.js';
import type { WrittenAnalyzerConfig } from './schema.js';

/** What a configuration says; what it leaves out keeps its default. Plain data. */
export interface ConfiguredAnalyzers {
  readonly secretSearch?: SecretSearchConfig;
  readonly contentSearch?: SearchConfig;
  readonly retrieveFiles?: RetrieveFilesConfig;
  readonly malware?: MalwareConfig;
}

/** Larger is no configuration that somebody wrote. */
const MAX_CONFIG_BYTES = 1024 * 1024;

/** Aliases that a document may expand: a dozen are use, a hundred nested ones are a billion laughs. */
const MAX_ALIASES = 50;

/** Reads analyzer-config. @throws InputError with the file and the line. */
export function readAnalyzerConfig(path: string): ConfiguredAnalyzers {
  let text: string;
  try {
    if (statSync(path).size > MAX_CONFIG_BYTES) throw new InputError(`${path} has more than ${MAX_CONFIG_BYTES} bytes. Give analyzer-config a YAML file of settings.`);
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`${path} cannot be read (${error instanceof Error ? error.message : String(error)}). Give analyzer-config the path of a YAML file.`, { cause: error });
  }
  return parseAnalyzerConfig(text, path);
}

/** Parses analyzer-config; `file` is for messages. @throws InputError */
export function parseAnalyzerConfig(text: string, file: string): ConfiguredAnalyzers {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const place = (offset: number): string => `${file}:${lines.linePos(offset).line}`;
  const broken = document.errors[0];
  if (broken !== undefined) throw new InputError(`${place(broken.pos[0])}: ${broken.message}. Write analyzer-config as YAML.`);
  const at = (path: readonly PropertyKey[]): string => place(offsetOf(document, path));
  const parsed = analyzerConfigSchema.safeParse(plain(document, file) ?? {});
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const key = issue?.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : (issue?.path ?? []);
    throw new InputError(`${at(key)}: ${key.join('.')} ${meaning(issue?.message ?? '')}. See docs/analyzers.md for what analyzer-config may say.`);
  }
  return configured(parsed.data, at);
}

function plain(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES }) as unknown;
  } catch (error) {
    throw new InputError(`${file} uses aliases that expand without end (${error instanceof Error ? error.message : String(error)}). Write the values out.`, { cause: error });
  }
}

/** zod's sentences begin with a capital or a quote of the kind expected; ours go on behind the key's name. */
function meaning(message: string): string {
  return message.startsWith('Unrecognized') ? 'is not known here' : message.startsWith('is ') ? message : `is wrong: ${message}`;
}

/** Offset of the innermost node of a path that is there; of a key rather than of its value. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const parent: unknown = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const last = path[length - 1];
    const pair = isMap(parent) ? parent.items.find(({ key }) => isNode(key) && String(key) === String(last)) : undefined;
    const node: unknown = pair?.key ?? document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range !== undefined && node.range !== null) return node.range[0];
  }
  return 0;
}

function configured(written: WrittenAnalyzerConfig, at: (path: readonly PropertyKey[]) => string): ConfiguredAnalyzers {
  const { secret_search: secrets, content_search: contents, retrieve_files: retrieve, malware } = written;
  return {
    ...(secrets ? { secretSearch: {
      disabled: secrets.disable ?? [],
      maxTextBytes: kilobytes(secrets.max_file_size_kb) ?? DEFAULT_SECRET_SEARCH.maxTextBytes,
      patterns: patternsOf(secrets.regexp_match, 'secret_search', at).filter(({ pattern }) => !isOriginal(pattern)),
      maxFileBytes: maximum(secrets.match_params) ?? DEFAULT_SECRET_SEARCH.maxFileBytes,
    } } : {}),
    ...(contents ? { contentSearch: {
      patterns: patternsOf(contents.regexp_match, 'content_search', at),
      maxFileBytes: maximum(contents.match_params) ?? kilobytes(contents.max_file_size_kb) ?? DEFAULT_CONTENT_SEARCH.maxFileBytes,
    } } : {}),
    ...(retrieve ? { retrieveFiles: {
      files: retrieve.file_list ?? DEFAULT_RETRIEVE_FILES.files,
      maxFileBytes: kilobytes(retrieve.max_file_size_kb) ?? DEFAULT_RETRIEVE_FILES.maxFileBytes,
    } } : {}),
    ...(malware ? malwareOf(malware, at) : {}),
  };
}

function patternsOf(written: readonly string[] | null | undefined, section: string, at: (path: readonly PropertyKey[]) => string): readonly UserPattern[] {
  return (written ?? []).map((pattern, index) => {
    // the seed's own five are built in, under the same text
    if (isOriginal(pattern)) return { pattern };
    try {
      compilePattern(pattern);
    } catch (error) {
      if (error instanceof InputError) throw new InputError(`${at([section, 'regexp_match', index])}: ${error.message}`, { cause: error });
      throw error;
    }
    return { pattern };
  });
}

function isOriginal(pattern: string): boolean {
  return Object.entries(ORIGINAL_REGEXES).some(([name, regex]) => pattern === `${name}=${regex}`);
}

function maximum(parameters: readonly string[] | null | undefined): number | undefined {
  const written = parameters?.find((parameter) => parameter.startsWith('MAXFILESIZE='));
  return written === undefined ? undefined : Number(written.slice(written.indexOf('=') + 1));
}

function kilobytes(size: number | null | undefined): number | undefined {
  return typeof size === 'number' ? size * 1024 : undefined;
}

const HOW_TO_SCAN = 'Say where clamd listens (malware: { clamd: /run/clamav/clamd.ctl }), or that clamscan is to be started (malware: { clamscan: true }).';

function malwareOf(malware: NonNullable<WrittenAnalyzerConfig['malware']>, at: (path: readonly PropertyKey[]) => string): { readonly malware?: MalwareConfig } {
  const { clamd, clamscan, database } = malware;
  const started = clamscan !== undefined && clamscan !== null && clamscan !== false;
  if (typeof clamd === 'string' && started) throw new InputError(`${at(['malware', 'clamscan'])}: malware names two scanners. Keep clamd, which has its signatures loaded, or clamscan.`);
  if (typeof database === 'string' && !started) throw new InputError(`${at(['malware', 'database'])}: malware.database is for clamscan; clamd has its own (DatabaseDirectory). ${HOW_TO_SCAN}`);
  if (typeof clamd === 'string') return { malware: { scanner: { kind: 'clamd', address: parseClamdAddress(clamd, at(['malware', 'clamd'])) }, signatures: '' } };
  if (started) return { malware: { scanner: { kind: 'clamscan', program: clamscan === true ? 'clamscan' : clamscan, database: database ?? '' }, signatures: '' } };
  if (malware.clamav?.enabled === true) {
    throw new InputError(`${at(['malware', 'clamav'])}: malware.clamav.enabled says that files are to be scanned, but not by whom. ${HOW_TO_SCAN}`);
  }
  return {};
}
