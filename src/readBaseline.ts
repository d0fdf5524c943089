import * as z from 'zod';
import { InputError } from './errors.js';
import { SEVERITIES, type Evaluation } from './evaluation/evaluation.js';

/** As much of an evaluation.json as comparing needs; the rest comes along. */
const schema = z.looseObject({
  schema: z.literal(1),
  tool: z.looseObject({ name: z.string(), version: z.string() }),
  image: z.looseObject({ id: z.string(), name: z.string() }),
  findings: z.array(z.looseObject({
    id: z.string(), policy: z.string(), rule: z.string(), gate: z.string(), trigger: z.string(), action: z.enum(['stop', 'warn', 'go']), message: z.string(),
    location: z.looseObject({
      path: z.string().optional(), line: z.number().optional(),
      dockerfile: z.looseObject({ file: z.string(), startLine: z.number(), endLine: z.number() }).optional(),
    }).optional(),
    suppressed: z.looseObject({ by: z.string(), id: z.string(), reason: z.string() }).optional(),
    vulnerability: z.looseObject({
      id: z.string(), aliases: z.array(z.string()), severity: z.enum(SEVERITIES), fixedIn: z.array(z.string()),
      package: z.looseObject({ name: z.string(), version: z.string(), type: z.string(), purl: z.string() }),
    }).optional(),
  })),
});

/** Of another version of ours, later or earlier. */
const otherVersion = z.looseObject({ schema: z.number(), findings: z.array(z.unknown()) });

/**
 * Reads an earlier evaluation.json.
 * @param role what it is to the user: `baseline`, `evaluation`
 * @throws InputError where there is none, or it is none
 */
export function readBaseline(path: string, readFile: (path: string) => string | undefined, role = 'baseline'): Evaluation {
  const text = readFile(path);
  if (text === undefined) throw new InputError(`There is no ${role} ${path}${path === 'auto' ? ': only a workflow keeps one by itself' : ''}. Give the path of an earlier evaluation.json.`);
  try {
    const json: unknown = JSON.parse(text);
    const parsed = schema.safeParse(json);
    if (parsed.success) return parsed.data as unknown as Evaluation;
    const version = otherVersion.safeParse(json);
    if (version.success && version.data.schema !== 1) throw new InputError(`${path} is an evaluation.json of another form (schema ${version.data.schema}; this version reads 1). Make it anew with this version.`);
    const issue = parsed.error.issues[0];
    throw new InputError(`${path} is no evaluation.json: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}. Give one that inline-scan wrote.`);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`${path} is not JSON. Give an evaluation.json that inline-scan wrote.`, { cause: error });
  }
}
