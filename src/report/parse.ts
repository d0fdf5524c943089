import { readFile, stat } from 'node:fs/promises';
import * as z from 'zod';
import { InputError } from '../errors.js';
import { printablePath } from '../text/path.js';
import type { Base } from './document.js';
import { outlineOf, type Range } from './outline.js';
import { jsonIn, lazily } from './readSection.js';

/** V8 cannot hold a longer string; a report of 1.5 million files stays below it. */
const LARGEST_REPORT = 500 * 1024 * 1024;

/** Characters of the place of an error: a row's key may be a path of some thousand. */
const LONGEST_PLACE = 300;

/** What all reports of the seed's shape have. `rows` is the schema of a section. */
function schemaWith<Rows extends z.ZodType>(rows: Rows) {
  return z.object({
    document: z.tuple([
      z.object({
        image: z.object({
          imageId: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hex digits'),
          imagedata: z.object({
            analysis_report: z.record(z.string(), z.record(z.string(), z.object({ base: rows }))),
            image_report: z.looseObject({
              meta: z.looseObject({ humanname: z.string().default(''), sizebytes: z.number().default(0) }),
              docker_history: z.array(z.looseObject({
                Created: z.string().default(''), CreatedBy: z.string().default(''), Comment: z.string().nullish(),
                Id: z.string().default('<missing>'), Size: z.number().default(0),
              })).default([]),
              dockerfile_mode: z.string().nullish(),
              dockerfile_contents: z.string().nullish(),
              layers: z.array(z.string()).default([]),
              docker_data: z.looseObject({}).default({}),
            }),
          }),
        }),
      }),
    ]),
  });
}

/** Checked in place: a copy of some hundred thousand rows would cost more than all that is done with them. */
const wholeSchema = lazily(() => schemaWith(z.custom<Base>().check(({ value, issues }) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    issues.push({ code: 'custom', input: value, message: 'must be a map of strings' });
    return;
  }
  const wrong = Object.entries(value).find(([, row]) => typeof row !== 'string');
  if (wrong !== undefined) issues.push({ code: 'custom', input: value, path: [wrong[0]], message: 'must be a string' });
})));

/** Small sections as they are, of large ones the index; both have been checked. */
const outlineSchema = lazily(() => schemaWith(z.custom<Base | number>((value) => value !== undefined)));

/** A report of ours or of another tool of the seed's shape. Its large sections are parsed when they are first asked for. */
export type ParsedReport = z.infer<ReturnType<typeof wholeSchema>>;

/**
 * Parses a report; a list without the `document` around it, as Anchore keeps it, is taken too. All of it is checked now,
 * though sections are parsed later: no error comes after this.
 * @param bytes UTF-8; they are kept, and must stay as they are
 * @throws InputError naming the file and the first thing that is not of the shape
 */
export function parseReport(bytes: Uint8Array | string, name: string): ParsedReport {
  const buffer = typeof bytes === 'string' ? Buffer.from(bytes) : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (buffer.length > LARGEST_REPORT) throw tooLarge(name, buffer.length);
  return parseOutline(buffer) ?? parseWhole(buffer, name);
}

/** Undefined where there is anything to say: then the whole is read, which says it better. */
function parseOutline(bytes: Buffer): ParsedReport | undefined {
  const outline = outlineOf(bytes);
  const json = outline && jsonIn<unknown>(outline.json);
  if (outline === undefined || json === undefined) return undefined;
  const parsed = outlineSchema().safeParse(withDocument(json));
  if (!parsed.success) return undefined;
  const [{ image }] = parsed.data.document;
  const sections = image.imagedata.analysis_report;
  const analysis_report = mapped(sections, (outputs) => mapped(outputs, ({ base }) => {
    if (typeof base !== 'number') return { base };
    const range = outline.sections[base];
    if (range === undefined) throw new Error(`An outline speaks of a section ${base} that it does not have`);
    return laterIn(bytes, range);
  }));
  return { document: [{ image: { ...image, imagedata: { ...image.imagedata, analysis_report } } }] };
}

function mapped<From, To>(record: Readonly<Record<string, From>>, to: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, to(value)]));
}

/** A section that is parsed when it is first asked for, and kept. */
function laterIn(bytes: Buffer, { start, end }: Range): { readonly base: Base } {
  const base = lazily(() => JSON.parse(bytes.toString('utf8', start, end)) as Base);
  return { get base() { return base(); } };
}

function parseWhole(bytes: Buffer, name: string): ParsedReport {
  let json: unknown;
  try {
    json = JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw new InputError(`${name} is not JSON (${printablePath(error instanceof Error ? error.message : 'unreadable')}). Give a report.json as inline-scan analyze writes it.`, { cause: error });
  }
  const parsed = wholeSchema().safeParse(withDocument(json));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue === undefined || issue.path.length === 0 ? 'the document' : printablePath(issue.path.join('.').slice(0, LONGEST_PLACE));
  throw new InputError(`${name} is not an analysis report: ${where}: ${issue?.message ?? 'unreadable'}. Give a report.json as inline-scan analyze writes it.`);
}

function withDocument(json: unknown): unknown {
  return Array.isArray(json) ? { document: json } : json;
}

/**
 * Reads and parses a file.
 * @param read gives a file's bytes; who reads many may have them in memory of their own
 */
export async function readReportFile(path: string, read: (path: string, size: number) => Promise<Buffer> = (file) => readFile(file)): Promise<ParsedReport> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || !found.isFile()) throw new InputError(`There is no report ${path}. Give the path of a report.json.`);
  if (found.size > LARGEST_REPORT) throw tooLarge(path, found.size);
  return parseReport(await read(path, found.size).catch(unreadable), path);

  function unreadable(error: unknown): never {
    throw new InputError(`${path} cannot be read (${error instanceof Error ? error.message : 'unknown'}). Check its permissions.`, { cause: error });
  }
}

function tooLarge(name: string, bytes: number): InputError {
  return new InputError(`${name} has ${bytes} bytes, and a report may have ${LARGEST_REPORT}. Leave analyzers out with --analyzers -file-list.`);
}
