import type { GoBuildInfo } from './buildInfo.js';

/**
 * The version of a main module. Go knows it when it was built by `go install PATH@VERSION`, and since 1.24 from the
 * version-control tag; else it says `(devel)`, and people write it into a variable with `-ldflags "-X main.version=1.2.3"`.
 */
export function mainVersion(info: GoBuildInfo): string {
  const known = info.main?.version ?? '';
  if (known !== '' && known !== '(devel)') return known;
  const settings = new Map(info.settings);
  return fromLinkerFlags(settings.get('-ldflags') ?? '', info.main?.path ?? '') || pseudoVersion(settings);
}

/** A variable that holds a version: `version`, `gitVersion`, `buildVersion`, `VersionTag`, `ver`, `Tag` …; not `goVersion`. */
const VERSION_VARIABLE = /^(?:[a-z0-9]*(?:release|git|build|app|program|core|current))?_?(?:version|ver|tag|versiontag|releasetag|semver)$/i;
/** A version, perhaps after a path (`refs/tags/v1.2.3`). */
const VERSION_VALUE = /^(?:\S*\/)?(v?\d+\.\d+\.\d+(?:[-+][\w.+-]*)?)$/;

/** What `-X` gives to a version's variable in `main` or in a package of the main module; `main.version` before all. With a leading `v`, as modules have it. */
export function fromLinkerFlags(flags: string, mainModule: string): string {
  const hits: { readonly version: string; readonly own: boolean }[] = [];
  for (const [name, value] of variablesOf(flags)) {
    const dot = name.lastIndexOf('.');
    const folder = name.slice(0, Math.max(0, dot));
    const version = VERSION_VALUE.exec(value)?.[1];
    if (version === undefined || !VERSION_VARIABLE.test(name.slice(dot + 1))) continue;
    if (folder === 'main') hits.push({ version, own: true });
    else if (mainModule !== '' && (folder === mainModule || folder.startsWith(`${mainModule}/`))) hits.push({ version, own: false });
  }
  const hit = hits.find(({ own }) => own) ?? hits[0];
  if (hit === undefined) return '';
  return hit.version.startsWith('v') ? hit.version : `v${hit.version}`;
}

/** The `-X name=value` of a command line, quoted as a shell or as Go's `-ldflags` does. */
function variablesOf(flags: string): [string, string][] {
  const words = wordsOf(flags);
  return words.flatMap((word, index): [string, string][] => {
    const text = word === '-X' || word === '--X' ? words[index + 1] : /^--?X=(.*)$/s.exec(word)?.[1];
    const equals = text?.indexOf('=') ?? -1;
    return text === undefined || equals < 0 ? [] : [[text.slice(0, equals), text.slice(equals + 1)]];
  });
}

/** Splits at spaces outside of quotes; the quotes go. One pass. */
function wordsOf(text: string): string[] {
  return [...text.matchAll(/(?:[^\s'"]+|'[^']*'|"[^"]*"|['"])+/g)].map(([word]) => word.replace(/['"]/g, ''));
}

/** `v0.0.0-20240131120000-0123456789ab`: https://go.dev/ref/mod#pseudo-versions, where the build says its commit and time. */
function pseudoVersion(settings: ReadonlyMap<string, string>): string {
  const revision = settings.get('vcs.revision') ?? '';
  const time = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)Z$/.exec(settings.get('vcs.time') ?? '');
  return revision === '' || time === null ? '' : `v0.0.0-${time.slice(1).join('')}-${revision.slice(0, 12)}`;
}
