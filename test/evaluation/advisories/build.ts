import { mkdtempSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import type { ScannedPackage } from '../../../src/report/scanned.js';
import { parseRecord } from '../../../src/evaluation/advisories/parseRecord.js';
import type { Affected, ParsedRecord } from '../../../src/evaluation/advisories/record.js';

/** A language's package by its package URL. */
export function language(type: string, purl: string, more: Partial<ScannedPackage> = {}): ScannedPackage {
  const [, path = '', version = ''] = /^pkg:[^/]+\/([^@]*|%40[^@]*)@(.*)$/.exec(purl) ?? [];
  return { ...EMPTY, type, kind: 'non-os', name: decodeURIComponent(path), version: decodeURIComponent(version), upstreamVersion: version, purl, path: `/app/${path}`, ...more };
}

/** A package of an operating system; its source package has the same name and version where none is given. */
export function osPackage(type: string, name: string, version: string, source: { name?: string; version?: string } = {}, more: Partial<ScannedPackage> = {}): ScannedPackage {
  return { ...EMPTY, type, kind: 'os', name, version, upstreamVersion: version, purl: `pkg:deb/debian/${name}@${version}`, source: { name: source.name ?? '', version: source.version ?? '' }, ...more };
}

const EMPTY: Omit<ScannedPackage, 'type' | 'kind' | 'name' | 'version' | 'upstreamVersion' | 'purl'> = {
  architecture: '', path: '', layer: 0, licenses: [], source: { name: '', version: '' }, ownedBy: '', dependencies: [], metadata: {},
};

export const DEBIAN_11 = { id: 'debian', version: '11', like: ['debian'] };
export const DEBIAN_12 = { id: 'debian', version: '12', like: ['debian'] };

export interface RecordParts {
  readonly id: string;
  readonly ecosystem?: string;
  readonly name?: string;
  readonly events?: readonly object[];
  readonly type?: string;
  readonly affected?: readonly object[];
  readonly [key: string]: unknown;
}

/** An advisory in OSV format with the parts that a test is about. */
export function advisory({ id, ecosystem = 'npm', name = 'left-pad', events = [{ introduced: '0' }, { fixed: '2.0.0' }], type = 'SEMVER', affected, ...more }: RecordParts): Record<string, unknown> {
  return { id, modified: '2026-01-02T00:00:00Z', published: '2026-01-01T00:00:00Z', affected: affected ?? [{ package: { ecosystem, name }, ranges: [{ type, events }] }], ...more };
}

export function parsed(record: unknown): ParsedRecord {
  const result = parseRecord(record);
  if (typeof result === 'string') throw new Error(result);
  return result;
}

export function affectedOf(record: Record<string, unknown>): Affected {
  const [statement] = parsed(record).statements;
  if (statement === undefined) throw new Error('no affected');
  return statement.affected;
}

export function scratch(): string {
  return mkdtempSync(join(tmpdir(), 'advisories-test-'));
}

/** A zip as OSV exports it. */
export function zipOf(records: readonly Record<string, unknown>[], more: Readonly<Record<string, string>> = {}): Buffer {
  const files = Object.fromEntries([...records.map((record) => [`${String(record['id'])}.json`, JSON.stringify(record)] as const), ...Object.entries(more)].map(([name, text]) => [name, strToU8(text)]));
  return Buffer.from(zipSync(files, { mtime: new Date('2026-01-01T00:00:00Z') }));
}

/** A directory laid out as OSV's exports. */
export function exportsOf(byEcosystem: Readonly<Record<string, readonly Record<string, unknown>[]>>, directory = scratch()): string {
  for (const [ecosystem, records] of Object.entries(byEcosystem)) {
    mkdirSync(join(directory, ecosystem), { recursive: true });
    writeFileSync(join(directory, ecosystem, 'all.zip'), zipOf(records));
  }
  return directory;
}
