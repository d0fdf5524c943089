import { nodeAt } from '../os/links.js';
import { purlOf, type PackageDraft } from '../packageFile/draft.js';
import type { FlattenedImage } from '../../image/image.js';

/**
 * Maven's and Gradle's repositories say by a file's place what it is: GROUP/ARTIFACT/VERSION/ARTIFACT-VERSION.jar.
 * Debian keeps one of links (/usr/share/maven-repo) to jars that it renamed and built without pom.properties.
 * Sources: Maven, "Repository Layout"; Debian, maven-repo-helper(7); Gradle, `caches/modules-2/files-2.1`.
 */
export interface Coordinates {
  readonly groupId: string;
  readonly artifactId: string;
  readonly version: string;
}

const MAVEN = /\/(?:maven-repo|repository)\/((?:[\w-]+\/)+)([\w.-]+)\/(\d[\w.-]*)\/\2-\3(?:-[\w.-]+)?\.[a-z]{3,4}$/;
const GRADLE = /\/files-2\.1\/([\w.-]+)\/([\w.-]+)\/(\d[\w.-]*)\/[0-9a-f]{20,40}\/\2-\3(?:-[\w.-]+)?\.[a-z]{3,4}$/;
/** Debian's `9.x` and `debian` stand for whichever version is installed. */
const NO_VERSION = /\.x$/;
/** Longer paths are nobody's repository; both expressions try at most so many places. */
const LONGEST_PATH = 1024;

/** What a path (absolute) in a repository says, or undefined. */
export function coordinatesAt(path: string): Coordinates | undefined {
  if (path.length > LONGEST_PATH) return undefined;
  const found = MAVEN.exec(path) ?? GRADLE.exec(path);
  const [, group = '', artifactId = '', version = ''] = found ?? [];
  if (found === null || NO_VERSION.test(version)) return undefined;
  return { groupId: group.replace(/\/$/, '').replaceAll('/', '.'), artifactId, version };
}

const ARCHIVE = /\.(?:jar|war|ear|rar)$/;

/** Paths (absolute) of which {@link repositoryNames} takes notice. */
export function isArchivePath(path: string): boolean {
  return ARCHIVE.test(path);
}

/** What repositories in the image say of each archive (absolute path, links followed). Linear in the image's paths. */
export function repositoryNames(image: FlattenedImage): ReadonlyMap<string, readonly Coordinates[]> {
  const names = new Map<string, Coordinates[]>();
  for (const { path, entry } of image.nodes.values()) {
    if (!isArchivePath(path)) continue;
    const coordinates = coordinatesAt(path);
    const target = coordinates === undefined || entry.type !== 'symlink' ? path : nodeAt(image, path)?.path;
    if (coordinates === undefined || target === undefined) continue;
    names.set(target, [...(names.get(target) ?? []), coordinates]);
  }
  return names;
}

/** The archive under its name in a repository, where it has no pom of its own to say it. */
export function namedByRepository(draft: PackageDraft, names: readonly Coordinates[]): PackageDraft {
  if (names.length === 0 || draft.metadata?.['pom.properties'] !== undefined) return draft;
  // One jar may be linked under several names (a specification's, an implementation's): its own comes first.
  const best = names.find(({ artifactId }) => artifactId === draft.name) ?? names.find(({ groupId }) => groupId === draft.metadata?.['groupId']) ?? names[0];
  if (best === undefined) return draft;
  const { groupId, artifactId, version } = best;
  return {
    ...draft,
    name: artifactId,
    version,
    purl: purlOf({ type: 'maven', namespace: groupId, name: artifactId, version }),
    metadata: { ...draft.metadata, groupId, artifactId },
  };
}
