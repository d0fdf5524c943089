/** What databases say of a package in fields of their own (`ecosystem_specific`, `database_specific`), each in its own words. */

/** The first of some fields that holds a text, or the empty string. */
export function wordIn(map: Readonly<Record<string, unknown>>, keys: readonly string[]): string {
  for (const key of keys) {
    const value = Object.hasOwn(map, key) ? map[key] : undefined;
    if (typeof value === 'string') return value;
  }
  return '';
}

/** Debian (`urgency`, `nodsa`), Wolfi (`status`), Red Hat and others (`fix_state`, `resolution`). */
export function stateIn(map: Readonly<Record<string, unknown>>): string {
  if (Object.hasOwn(map, 'nodsa') && map['nodsa'] !== null && map['nodsa'] !== false) return wordIn(map, ['nodsa_reason', 'nodsa-reason']) || 'no-dsa';
  return wordIn(map, ['fix_state', 'fixState', 'resolution', 'status', 'state', 'urgency']);
}

/** Ubuntu: `[{binary_name, binary_version}]` or `[{NAME: version}]`; SUSE: `[{NAME: version, …}]`; openEuler: `{arch: [file.rpm]}` is not a list. */
export function binariesIn(map: Readonly<Record<string, unknown>>): readonly string[] | null {
  const list = Object.hasOwn(map, 'binaries') ? map['binaries'] : undefined;
  if (!Array.isArray(list) || list.length === 0) return null;
  const names = new Set<string>();
  for (const entry of list) {
    if (typeof entry !== 'object' || entry === null) continue;
    const named = (entry as Readonly<Record<string, unknown>>)['binary_name'];
    if (typeof named === 'string') names.add(named);
    else for (const name of Object.keys(entry)) names.add(name);
  }
  return [...names];
}
