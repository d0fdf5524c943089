import { z } from 'zod';

/** What is wrong with a value that a schema refuses, in words of the format, and what is allowed instead. */
export function explainIssue(issue: z.core.$ZodIssue, schema: z.ZodType): string {
  const where = issue.path.length === 0 ? 'it' : issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    const allowed = issue.path.length === 0 && schema instanceof z.ZodObject ? `; allowed: ${Object.keys(schema.shape).join(', ')}` : '';
    return `${issue.path.length === 0 ? '' : `${where} has `}the key ${issue.keys.map((key) => JSON.stringify(key)).join(', ')}, which is not known${allowed}`;
  }
  if (issue.code === 'custom') return issue.message;
  if (issue.code === 'invalid_value') return `${where} has to be one of ${issue.values.join(', ')}`;
  if (issue.code === 'invalid_type' && issue.input === undefined) return `${where} is missing, or is no ${issue.expected}`;
  return `${where}: ${issue.message}`;
}
