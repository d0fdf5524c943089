/** What a package needs and gives, in the words of its format: names of packages, of capabilities (`so:libc.so.6`), of files. */
export interface Relations {
  readonly name: string;
  readonly needs: readonly string[];
  readonly provides: readonly string[];
  readonly files?: readonly string[];
}

/**
 * The installed packages that each one needs, as a function of one of them. Capabilities and files are looked up in what the others provide;
 * needs that no installed package meets (a recommendation, `rpmlib(…)`, the other alternative) are left out.
 */
export function dependencyNames(all: readonly Relations[]): (of: Relations) => string[] {
  const providers = new Map<string, string>();
  for (const { name } of all) providers.set(name, name);
  for (const { name, provides } of all) for (const word of provides) if (!providers.has(word)) providers.set(word, name);
  const wantedFiles = new Set(all.flatMap(({ needs }) => needs.filter((need) => need.startsWith('/') && !providers.has(need))));
  for (const { name, files = [] } of wantedFiles.size === 0 ? [] : all) for (const file of files) if (wantedFiles.has(file)) providers.set(file, name);
  return ({ name, needs }) => {
    const found = new Set<string>();
    for (const need of needs) {
      const provider = providers.get(need);
      if (provider !== undefined && provider !== name) found.add(provider);
    }
    return [...found];
  };
}
