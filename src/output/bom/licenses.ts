import parseExpression from 'spdx-expression-parse';
import ids from 'spdx-license-ids/index.json' with { type: 'json' };
import { spdxId } from '../../evaluation/policy/spdx.js';

/** A licence as a package states it: an SPDX id, an SPDX expression, or whatever else somebody wrote. */
export type License = { readonly kind: 'id' | 'expression' | 'name'; readonly text: string };

const BY_LOWER = new Map((ids as readonly string[]).map((id) => [id.toLowerCase(), id]));
/** Longest text that is read as an expression; a licence's whole text is none. */
const MAX_EXPRESSION = 1_000;

/** Thousands of packages share some hundred licences. */
const KNOWN = new Map<string, License>();
/** Beyond it, as in a server that reads many images, they are forgotten and read anew. */
const MOST_KNOWN = 10_000;

export function licenseOf(text: string): License {
  const known = KNOWN.get(text);
  if (known !== undefined) return known;
  const license = readLicense(text);
  if (KNOWN.size >= MOST_KNOWN) KNOWN.clear();
  if (text.length <= MAX_EXPRESSION) KNOWN.set(text, license);
  return license;
}

function readLicense(text: string): License {
  const id = BY_LOWER.get(spdxId(text).toLowerCase());
  if (id !== undefined) return { kind: 'id', text: id };
  return { kind: isExpression(text) ? 'expression' : 'name', text: text.trim() };
}

function isExpression(text: string): boolean {
  if (text.length > MAX_EXPRESSION) return false;
  try {
    parseExpression(text);
    return true;
  } catch {
    return false;
  }
}
