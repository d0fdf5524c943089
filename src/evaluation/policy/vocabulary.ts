/** Anchore Enterprise's keys, and Anchore Engine's: both are understood, this is where they become one. */
const KEYS: Readonly<Record<string, string>> = {
  rule_sets: 'policies', allowlists: 'whitelists', allowlisted_images: 'whitelisted_images', denylisted_images: 'blacklisted_images',
  allowed_images: 'whitelisted_images', denied_images: 'blacklisted_images', allow_lists: 'whitelists',
  rule_set_ids: 'policy_ids', rule_set_id: 'policy_id', allowlist_ids: 'whitelist_ids', allow_list_ids: 'whitelist_ids',
};

/** The same bundle in one vocabulary, and how each of its keys was written. Throws an Error of one sentence if both are there. */
export function translateKeys(value: unknown): { readonly value: unknown; readonly written: ReadonlyMap<string, string> } {
  const written = new Map<string, string>();
  return { value: translate(value, written, 2), written };
}

/** Keys are at the top, and in the items of its lists: no deeper, where the keys are a user's own words. */
function translate(value: unknown, written: Map<string, string>, depth: number): unknown {
  if (Array.isArray(value)) return value.map((item) => translate(item, written, depth - 1));
  if (typeof value !== 'object' || value === null || depth <= 0) return value;
  const translated: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [key, inner] of Object.entries(value)) {
    const name = Object.hasOwn(KEYS, key) ? KEYS[key] as string : key;
    if (Object.hasOwn(translated, name)) throw new Error(`${JSON.stringify(key)} and ${JSON.stringify(written.get(name) ?? name)} mean the same: keep one`);
    if (name !== key) written.set(name, key);
    translated[name] = translate(inner, written, depth);
  }
  return translated;
}
