import parseExpression from 'spdx-expression-parse';
import ids from 'spdx-license-ids/index.json' with { type: 'json' };
import { spdxId } from '../../evaluation/policy/spdx.js';

/** A licence as a package states it: an SPDX id, an SPDX expression, or whatever else somebody wrote. */
export type License = { readonly kind: 'id' | 'expression' | 'name'; readonly text: string };

const BY_LOWER = new Map((ids as readonly string[]).map((id) => [id.toLowerCase(), id]));
/** Longest text that is read as an expression; a licence's whole text is none. */
const MAX_EXPRESSION = 1_000;

export function licenseOf(text: string): License {
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
