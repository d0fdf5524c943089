import * as z from 'zod';
import { InputError } from './errors.js';
import { SEVERITIES, type Evaluation } from './evaluation/evaluation.js';

/** As much of an evaluation.json as comparing needs; the rest comes along. */
const schema = z.looseObject({
  schema: z.literal(1),
  findings: z.array(z.looseObject({
    id: z.string(), policy: z.string(), rule: z.string(), gate: z.string(), trigger: z.string(), action: z.enum(['stop', 'warn', 'go']), message: z.string(),
    vulnerability: z.looseObject({
      id: z.string(), severity: z.enum(SEVERITIES), fixedIn: z.array(z.string()),
      package: z.looseObject({ name: z.string(), version: z.string(), type: z.string(), purl: z.string() }),
    }).optional(),
  })),
});

/**
 * Reads an earlier evaluation.json.
 * @param role what it is to the user: `baseline`, `evaluation`
 * @throws InputError where there is none, or it is none
 */
export function readBaseline(path: string, readFile: (path: string) => string | undefined, role = 'baseline'): Evaluation {
  const text = readFile(path);
  if (text === undefined) throw new InputError(`There is no ${role} ${path}. Give the path of an earlier evaluation.json.`);
  try {
    const parsed = schema.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data as unknown as Evaluation;
    const issue = parsed.error.issues[0];
    throw new InputError(`${path} is no evaluation.json: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}. Give one that inline-scan wrote.`);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`${path} is not JSON. Give an evaluation.json that inline-scan wrote.`, { cause: error });
  }
}
