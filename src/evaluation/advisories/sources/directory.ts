import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { advisoryFolders } from '../../../cache/advisories.js';
import { InputError } from '../../../errors.js';
import { buildIndex } from '../index/build.js';
import { INDEX_VERSION } from '../index/format.js';
import { openIndex, type AdvisoryIndex } from '../index/open.js';
import type { Query } from '../packages.js';
import { baseOf } from '../versions/index.js';
import type { Coverage, Gathered, RecordSource, SourceOptions } from './source.js';
import { openZip } from './zip.js';

/** Where exports are, and how fresh: a directory of the user's, or what was downloaded. */
export interface Exports {
  /** As people wrote it, for `advisories.source`. */
  readonly name: string;
  /** The zip of an ecosystem; undefined where there is none. May download it. */
  locate(ecosystem: string): Promise<Export | undefined>;
  /** Tells that a zip proved to be damaged. */
  discard(found: Export): Promise<void>;
}

export interface Export {
  readonly path: string;
  /** RFC 3339: when it was fetched, or else when the file was written. */
  readonly fetchedAt: string;
  /** What should be told of it, one sentence each. */
  readonly problems: readonly string[];
}

/** How many releases are named where the wanted one is missing. */
const MOST_NAMED = 8;

/** @throws InputError where there is no such directory, or nothing like an export in it */
export async function directoryExports(directory: string): Promise<Exports> {
  const names = await readdir(directory).catch((error: unknown) => {
    throw new InputError(`The advisories ${directory} cannot be read (${error instanceof Error ? error.message : 'unreadable'}). Give a directory laid out as OSV's exports (ECOSYSTEM/all.zip), its URL, osv or none.`, { cause: error });
  });
  const zips = await Promise.all(names.map((name) => stat(join(directory, name, 'all.zip')).then((found) => found.isFile(), () => false)));
  if (!zips.some(Boolean)) throw new InputError(`The directory ${directory} holds no ECOSYSTEM/all.zip. Fill it with inline-scan advisories download, or give the right one.`);
  return {
    name: directory,
    discard: async () => undefined,
    locate: async (ecosystem) => {
      const path = join(directory, ecosystem, 'all.zip');
      const found = await stat(path).catch(() => undefined);
      return found?.isFile() === true ? { path, fetchedAt: found.mtime.toISOString(), problems: [] } : undefined;
    },
  };
}

interface Opened {
  /** Of the export: an ecosystem, with its release where only that is there. */
  readonly name: string;
  readonly found: Export;
  readonly index: AdvisoryIndex;
}

/** Advisories from exports. Indexes are opened once, when an image first needs them, and stay open. */
export class ExportSource implements RecordSource {
  private readonly exports: Exports;
  private readonly options: SourceOptions;
  private readonly opened = new Map<string, Promise<Opened | undefined>>();

  constructor(exports: Exports, options: SourceOptions) {
    this.exports = exports;
    this.options = options;
  }

  async gather(queries: readonly Query[]): Promise<Gathered> {
    const needed = [...new Set(queries.map(({ ecosystem }) => ecosystem))].sort();
    const open = new Map<string, Opened>();
    for (const ecosystem of needed) {
      // OSV publishes each release by itself, too: of use where the whole is not there
      const one = await this.open(baseOf(ecosystem)) ?? (isFolderName(ecosystem) ? await this.open(ecosystem) : undefined);
      if (one !== undefined) open.set(ecosystem, one);
    }
    const all = [...new Set(open.values())];
    return {
      used: {
        source: this.exports.name,
        records: all.reduce((sum, { index }) => sum + index.header.records, 0),
        newest: all.map(({ index }) => index.header.newest).filter((date) => date !== null).sort().at(-1) ?? null,
        fetchedAt: all.map(({ found }) => found.fetchedAt).sort()[0] ?? null,
      },
      coverage: (ecosystem) => coverageOf(ecosystem, open.get(ecosystem), this.exports.name),
      statements: oncePerName(queries, ({ ecosystem, name }) => open.get(ecosystem)?.index.statements(ecosystem, name) ?? []),
      named: async (ids) => ids.flatMap((id) => all.flatMap(({ index }) => index.named(id))),
      problems: all.flatMap(({ name, found, index }) => [...found.problems, ...unreadableIn(name, index)]),
      // of a record that cannot be read nobody knows what it is about: those are counted as problems
      unread: [],
    };
  }

  async close(): Promise<void> {
    for (const opening of this.opened.values()) (await opening.catch(() => undefined))?.index.close();
    this.opened.clear();
  }

  private async open(ecosystem: string): Promise<Opened | undefined> {
    const known = this.opened.get(ecosystem);
    if (known !== undefined) return known;
    const opening = this.openNew(ecosystem);
    this.opened.set(ecosystem, opening);
    // a failure is told to this caller, and tried again by the next
    opening.catch(() => this.opened.delete(ecosystem));
    return opening;
  }

  private async openNew(ecosystem: string): Promise<Opened | undefined> {
    const found = await this.exports.locate(ecosystem);
    if (found === undefined) return undefined;
    try {
      return { name: ecosystem, found, index: await this.indexOf(ecosystem, found.path) };
    } catch (error) {
      await this.exports.discard(found);
      throw error;
    }
  }

  private async indexOf(ecosystem: string, path: string): Promise<AdvisoryIndex> {
    const zip = await openZip(path);
    try {
      const place = join(advisoryFolders(this.options.cacheDir).indexes, `${zip.identity}-${INDEX_VERSION}.idx`);
      const ready = openIndex(place);
      if (ready !== undefined) return ready;
      this.options.onProgress(`Indexing ${zip.entries().length} advisories of ${ecosystem}`);
      await buildIndex(zip, place, this.options.now());
      const built = openIndex(place);
      if (built === undefined) throw new InputError(`The index ${place} cannot be read back. Set a cache folder that can be written.`);
      return built;
    } finally {
      await zip.close();
    }
  }
}

/** The release in an ecosystem's name is an image's own word: no path may be made of it. */
function isFolderName(ecosystem: string): boolean {
  return /^[A-Za-z][\w .:-]*$/.test(ecosystem) && !ecosystem.includes('..');
}

/** Keeps what is read about a name that several packages are asked about, as those of one source are, and nothing else. */
function oncePerName(queries: readonly Query[], read: Gathered['statements']): Gathered['statements'] {
  const keyOf = ({ ecosystem, name }: Query): string => `${ecosystem}\n${name}`;
  const seen = new Set<string>();
  const shared = new Map<string, ReturnType<Gathered['statements']> | undefined>();
  for (const key of queries.map(keyOf)) {
    if (seen.has(key)) shared.set(key, undefined);
    seen.add(key);
  }
  return (query) => {
    const key = keyOf(query);
    if (!shared.has(key)) return read(query);
    const known = shared.get(key) ?? read(query);
    shared.set(key, known);
    return known;
  };
}

function coverageOf(ecosystem: string, opened: Opened | undefined, source: string): Coverage {
  const base = baseOf(ecosystem);
  if (opened === undefined) return { known: false, why: `${source} has no advisories of ${base}` };
  const { ecosystems } = opened.index.header;
  const found = Object.hasOwn(ecosystems, ecosystem) ? ecosystems[ecosystem] : undefined;
  // an export is published whole: a release for which nothing was written lately is as fresh as the others
  if (found !== undefined) return { known: true, newest: opened.index.header.newest };
  const others = Object.keys(ecosystems).filter((name) => name !== base).sort();
  const named = others.slice(0, MOST_NAMED).join(', ') + (others.length > MOST_NAMED ? ' …' : '');
  return { known: false, why: `${source} has no advisories of ${ecosystem}${named === '' ? '' : `, only of ${named}`}` };
}

function unreadableIn(ecosystem: string, { header: { unreadable } }: AdvisoryIndex): readonly string[] {
  if (unreadable.count === 0) return [];
  return [`${unreadable.count} advisories of ${ecosystem} break the schema and were left out: ${unreadable.examples.join(', ')}${unreadable.count > unreadable.examples.length ? ' …' : ''}`];
}
