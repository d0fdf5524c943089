import type { Value } from '../database.js';

/** A column of text; the empty string where it is null. */
export function text(value: Value | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** A column of bytes; none where it is null. */
export function bytes(value: Value | undefined): Uint8Array {
  return value instanceof Uint8Array ? value : new Uint8Array();
}
