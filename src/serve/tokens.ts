import { createHash, randomBytes } from 'node:crypto';

/** A token: 256 bits of chance, so that a plain hash of it cannot be guessed back. */
export function newToken(): string {
  return `ils_${randomBytes(32).toString('base64url')}`;
}

/** What is kept of a token. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
