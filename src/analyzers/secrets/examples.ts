import { createHash } from 'node:crypto';
import { entropy, isFiller } from './checks.js';

/**
 * Tokens of vendors' documentation that hold no word to know them by: first 32 hex digits of their sha256,
 * so that this file holds none. Kept short: rules do the rest.
 */
const KNOWN = new Set([
  // Azure's storage emulator: the same for everybody
  '0011cc25eb4320717494d2703e8cba85',
  // Stripe's documentation
  '2cafc0970149a84f3b9e62eaf169f36f',
  // Stripe's documentation, until 2018
  'f2d6ca16515033e5dce14eba840b979d',
  // Slack's documentation
  'f5375a46365089a84f4f822b70d44e74',
  // Google's documentation
  'ac9265e56c79b234607ec72c53753cfe',
]);

/** Whether a token is a well-known example: by a word in it, by being no draw, or by its digest. */
export function isExample(token: string): boolean {
  if (/example|xxxxx|00000000|12345678|abcdefgh|aaaaaaa|placeholder|redacted|changeme/i.test(token)) return true;
  if (isFiller(token) || entropy(token) < 2) return true;
  return KNOWN.has(digestOf(token));
}

/** The form in which KNOWN holds a token. */
function digestOf(token: string): string {
  return createHash('sha256').update(token).digest('hex').slice(0, 32);
}
