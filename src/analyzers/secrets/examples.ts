import { createHash } from 'node:crypto';
import { entropy, isFiller } from './checks.js';

/**
 * Tokens of vendors' documentation that hold no word to know them by: first 16 hex digits of their sha256,
 * so that this file holds none. Kept short: rules do the rest.
 */
const KNOWN = new Set([
  // jwt.io's token, John Doe 1516239022, HS256
  '7f75367e7881255134e1375e723d1dea',
  // Stripe's documentation
  '',
]);

/** Whether a token is a well-known example: by a word in it, by being no draw, or by its digest. */
export function isExample(token: string): boolean {
  if (/example|xxxxx|00000000|12345678|abcdefgh|aaaaaaa|placeholder|redacted|changeme/i.test(token)) return true;
  if (isFiller(token) || entropy(token) < 2) return true;
  return KNOWN.has(digestOf(token));
}

/** The form in which KNOWN holds a token. */
export function digestOf(token: string): string {
  return createHash('sha256').update(token).digest('hex').slice(0, 32);
}
