import type { z } from 'zod';
import { ImageError } from '../errors.js';

/** Registries take manifests of at most 4 MiB; configs with many labels may be larger. */
export const MAX_JSON_BYTES = 8 * 1024 * 1024;
/** Image documents are some 6 deep. Whatever walks them (JSON.stringify, structuredClone) recurses. */
const MAX_JSON_DEPTH = 200;

/**
 * Parses one of the image's JSON documents.
 * @param what names the document in errors: `manifest.json`
 * @throws ImageError when it is too large, too deep, no JSON, or not of the schema.
 */
export function parseDocument<T>(bytes: Buffer, what: string, schema: z.ZodType<T>): T {
  if (bytes.length > MAX_JSON_BYTES) throw tooLarge(what, bytes.length);
  if (depth(bytes) > MAX_JSON_DEPTH) throw new ImageError(`${what} is nested more than ${MAX_JSON_DEPTH} deep, as no image's is. Save the image again.`);
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw new ImageError(`${what} is not JSON. Save the image again.`, { cause: error });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new ImageError(`${what} does not say what it should: ${issue?.path.join('.') || 'it'}: ${issue?.message ?? 'invalid'}. Save the image again.`);
}

/** The error for a document of more bytes than are read of one. */
export function tooLarge(what: string, bytes: number): ImageError {
  return new ImageError(`${what} has ${bytes} bytes, more than the ${MAX_JSON_BYTES} that an image's document may have. Save the image again.`);
}

/** Greatest nesting of brackets outside strings; a plain loop, so that depth cannot hurt it. */
function depth(bytes: Buffer): number {
  let now = 0;
  let greatest = 0;
  let quoted = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (quoted) {
      if (byte === 0x5c) at++;
      else if (byte === 0x22) quoted = false;
    } else if (byte === 0x22) quoted = true;
    else if (byte === 0x7b || byte === 0x5b) greatest = Math.max(greatest, ++now);
    else if (byte === 0x7d || byte === 0x5d) now--;
  }
  return greatest;
}
