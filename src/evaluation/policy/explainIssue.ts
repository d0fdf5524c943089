import * as z from 'zod';
import { didYouMean } from '../../text/suggest.js';

/** What is wrong with a value that a schema refuses, in words of the format, and what is allowed instead. */
export function explainIssue(issue: z.core.$ZodIssue, schema: z.ZodType): string {
  const where = issue.path.length === 0 ? 'it' : issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    const known = issue.path.length === 0 && schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
    const keys = issue.keys.map((key) => `${JSON.stringify(key)}${didYouMean(key, known)}`).join(', ');
    return `${issue.path.length === 0 ? '' : `${where} has `}the key ${keys}, which is not known${known.length === 0 ? '' : `; allowed: ${known.join(', ')}`}`;
  }
  if (issue.code === 'custom' || (issue.code === 'invalid_union' && issue.message !== 'Invalid input')) return issue.message;
  if (issue.code === 'invalid_value') return `${where} has to be one of ${issue.values.join(', ')}`;
  if (issue.code === 'invalid_type') return issue.input === undefined ? `${where} is missing` : `${where} has to be ${nameOf(issue.expected)}`;
  return `${where}: ${issue.message}`;
}

function nameOf(type: string): string {
  return type === 'array' ? 'a list' : type === 'string' ? 'a text' : `an ${type}`.replace(/^an (?![aeiou])/, 'a ');
}
