import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Analyzer } from '../../../src/analyzers/analyzer.js';
import type { LayerEntry } from '../../../src/image/layer.js';
import type { PackageDraft } from '../../../src/analyzers/packageFile/draft.js';
import { fixture } from '../../golden.js';

export interface Outcome<Fact> {
  readonly fact: Fact | undefined;
  readonly problems: readonly string[];
}

/** A regular file's entry. */
export function entryOf(path: string, size: number): LayerEntry {
  return { path, type: 'file', mode: 0o644, uid: 0, gid: 0, size, mtime: 0 };
}

/** Shows a file to an analyzer as a lane does: asks what it wants, then gives it the bytes. */
export function runOn<Fact>(analyzer: Analyzer<Fact>, path: string, bytes: Buffer, chunk = 64 * 1024): Outcome<Fact> {
  const entry = entryOf(path, bytes.length);
  const problems: string[] = [];
  const tell = (message: string): void => void problems.push(message);
  const want = analyzer.wants(entry, bytes.subarray(0, 512));
  if (want === 'nothing') return { fact: undefined, problems };
  if (want === 'stream') {
    const sink = analyzer.open?.(entry, tell);
    for (let at = 0; at < bytes.length; at += chunk) sink?.write(bytes.subarray(at, at + chunk));
    return { fact: sink?.end(), problems };
  }
  if (bytes.length > want.limit) return { fact: undefined, problems: want.beyond === 'problem' ? ['too large'] : [] };
  return { fact: analyzer.analyze?.(entry, bytes, tell), problems };
}

/** Bytes of a fixture; one whose name ends in .gz is unpacked. */
export function fixtureBytes(name: string): Buffer {
  const bytes = readFileSync(fixture(name));
  return name.endsWith('.gz') ? gunzipSync(bytes) : bytes;
}

/** Drafts as a table that a person can read. */
export function table(drafts: readonly PackageDraft[] | undefined): string {
  return (drafts ?? []).map(({ name, version, purl, licenses, origin, dependencies, files, metadata }) => [
    `${name} ${version}`,
    purl,
    ...Object.entries({ licenses, origin, dependencies, files, metadata })
      .filter(([, value]) => value !== undefined && value !== '' && JSON.stringify(value) !== '[]' && JSON.stringify(value) !== '{}')
      .map(([key, value]) => `${key}: ${JSON.stringify(value)}`),
  ].join('\n  ')).join('\n') + '\n';
}
