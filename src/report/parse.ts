import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import { InputError } from '../errors.js';
import type { Base, ReportDocument } from './document.js';

/** V8 cannot hold a longer string; a report of 1.5 million files stays below it. */
const LARGEST_REPORT = 500 * 1024 * 1024;

/** Checked in place: a report has some hundred thousand rows, and a copy of them would cost more than all that is done with it. */
const base = z.custom<Base>(isBase, 'must be a map of strings');
const output = z.object({ base });

const schema = z.object({
  document: z.tuple([
    z.object({
      image: z.object({
        imageId: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hex digits'),
        imagedata: z.object({
          analysis_report: z.record(z.string(), z.record(z.string(), output)),
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

function isBase(value: unknown): value is Base {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  for (const row of Object.values(value)) if (typeof row !== 'string') return false;
  return true;
}

/** A report of ours or of another tool of the seed's shape: what all of them have. */
export type ParsedReport = z.infer<typeof schema>;

/**
 * Parses a report; a list without the `document` around it, as Anchore keeps it, is taken too.
 * @throws InputError naming the file and the first thing that is not of the shape
 */
export function parseReport(text: string, name: string): ParsedReport {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new InputError(`${name} is not JSON (${error instanceof Error ? error.message : 'unreadable'}). Give a report.json as inline-scan analyze writes it.`, { cause: error });
  }
  const parsed = schema.safeParse(Array.isArray(json) ? { document: json } : json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue === undefined || issue.path.length === 0 ? 'the document' : issue.path.join('.');
  throw new InputError(`${name} is not an analysis report: ${where}: ${issue?.message ?? 'unreadable'}. Give a report.json as inline-scan analyze writes it.`);
}

/** Reads and parses a file. */
export async function readReportFile(path: string): Promise<ParsedReport> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || !found.isFile()) throw new InputError(`There is no report ${path}. Give the path of a report.json.`);
  if (found.size > LARGEST_REPORT) throw new InputError(`${path} has ${found.size} bytes, and a report may have ${LARGEST_REPORT}. Leave analyzers out with --analyzers -file-list.`);
  // decoded at once: piece by piece, as readFile does it, costs a third of the parsing
  return parseReport((await readFile(path)).toString('utf8'), path);
}

/** Our own document has the parsed shape by construction. */
export function asParsed(report: ReportDocument): ParsedReport {
  return report as unknown as ParsedReport;
}
