import { linesOf } from '../../text/lines.js';

/** Files of one package that are listed; the largest on PyPI have some 50,000. */
const MOST_FILES = 200_000;

/**
 * Paths in a RECORD: CSV of path, digest, size; relative to the folder that holds the .dist-info, or absolute.
 * Source: PyPA, "Recording installed projects".
 */
export function recordPaths(text: string): string[] {
  return lines(text).map((line) => firstCell(line.slice(0, LONGEST_LINE))).filter((path) => path !== '');
}

/** Paths in an egg-info's installed-files.txt: one a line, relative to the .egg-info folder itself. */
export function installedFilesPaths(text: string): string[] {
  return lines(text);
}

/** Characters of a line that are looked at: a path of Linux has 4,096 bytes. */
const LONGEST_LINE = 8_192;

/** Names in a top_level.txt. */
export function topLevelNames(text: string): string[] {
  return lines(text).slice(0, MOST_TOP_LEVEL);
}

const MOST_TOP_LEVEL = 200;

function lines(text: string): string[] {
  const found: string[] = [];
  for (const line of linesOf(text)) {
    const trimmed = line.trim();
    if (trimmed !== '') found.push(trimmed);
    if (found.length >= MOST_FILES) break;
  }
  return found;
}

function firstCell(line: string): string {
  if (!line.startsWith('"')) return line.split(',', 1)[0] ?? '';
  const end = line.replaceAll('""', '\0\0').indexOf('"', 1);
  return line.slice(1, end < 0 ? line.length : end).replaceAll('""', '"');
}

/** An absolute path from one relative to `folder` (absolute), `..` resolved within the root. */
export function absolutePath(folder: string, path: string): string {
  const segments: string[] = [];
  for (const segment of (path.startsWith('/') ? path : `${folder}/${path}`).split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  return `/${segments.join('/')}`;
}
