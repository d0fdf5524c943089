import type { Tell } from '../../analyzer.js';
import { lines } from '../deb822.js';
import { PathJoiner } from '../paths.js';

/** A package of apk's database. Empty strings and lists: not said. */
export interface ApkRecord {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  readonly installedSize: number | null;
  readonly license: string;
  readonly origin: string;
  readonly maintainer: string;
  readonly url: string;
  readonly needs: readonly string[];
  readonly provides: readonly string[];
  /** Folders and files, absolute. */
  readonly files: readonly string[];
  readonly checksums: readonly ApkFile[];
}

/** A file that the database has a checksum of. */
export interface ApkFile {
  readonly path: string;
  readonly uid: string | null;
  readonly gid: string | null;
  /** Octal, at least four digits. */
  readonly mode: string | null;
  readonly digest: string | null;
  readonly algorithm: 'sha1' | 'sha256' | 'md5';
}

/**
 * Reads apk's `installed`: lines `X:value`, an empty line between packages; `F` opens a folder, `R` a file in it,
 * `a` and `Z` say more of that file.
 * Source: https://wiki.alpinelinux.org/wiki/Apk_spec and apk-tools, src/database.c.
 */
export function readInstalled(text: string, tell: Tell): ApkRecord[] {
  const records: ApkRecord[] = [];
  let nameless = 0;
  const paths = new PathJoiner(text.length);
  let draft = new Draft(paths);
  const finish = (): void => {
    const record = draft.record();
    if (record.name !== '') records.push(record);
    else if (draft.hasFields) nameless++;
    draft = new Draft(paths);
  };
  for (const line of lines(text)) {
    if (line.trim() === '') finish();
    else if (line[1] === ':') draft.take(line[0] ?? '', line.slice(2));
  }
  finish();
  if (nameless > 0) tell(`${nameless} packages of apk's database have no name and are left out.`);
  return records;
}

/** A package while its lines are read. */
class Draft {
  readonly #fields = new Map<string, string>();
  readonly #files: string[] = [];
  readonly #checksums: ApkFile[] = [];
  readonly #joiner: PathJoiner;
  #folder = '';
  #file: string | undefined;
  #owner: Pick<ApkFile, 'uid' | 'gid' | 'mode'> = NOBODY;

  constructor(joiner: PathJoiner) {
    this.#joiner = joiner;
  }

  get hasFields(): boolean {
    return this.#fields.size > 0;
  }

  take(letter: string, value: string): void {
    if (letter === 'F') {
      this.#folder = value;
      this.#file = undefined;
      if (value !== '') this.#own(this.#joiner.join('', value));
    } else if (letter === 'R') {
      this.#file = this.#joiner.join(this.#folder, value);
      this.#owner = NOBODY;
      this.#own(this.#file);
    } else if (letter === 'a') {
      this.#owner = ownerOf(value);
    } else if (letter === 'Z' && this.#file !== undefined) {
      this.#checksums.push({ path: this.#file, ...this.#owner, ...checksum(value) });
      this.#file = undefined;
    } else if (!this.#fields.has(letter)) {
      this.#fields.set(letter, value);
    }
  }

  #own(path: string | undefined): void {
    if (path !== undefined) this.#files.push(path);
  }

  record(): ApkRecord {
    const said = (letter: string): string => this.#fields.get(letter)?.trim() ?? '';
    const size = said('I');
    return {
      name: said('P'), version: said('V'), architecture: said('A'),
      installedSize: /^\d{1,15}$/.test(size) ? Number(size) : null,
      license: said('L'), origin: said('o'), maintainer: said('m'), url: said('U'),
      needs: words(said('D')).filter((word) => !word.startsWith('!')),
      provides: words(said('p')),
      files: this.#files, checksums: this.#checksums,
    };
  }
}

const NOBODY = { uid: null, gid: null, mode: null } as const;

/** `UID:GID:MODE[:CHECKSUM OF THE EXTENDED ATTRIBUTES]`. */
function ownerOf(value: string): Pick<ApkFile, 'uid' | 'gid' | 'mode'> {
  const [uid = '', gid = '', mode = ''] = value.split(':');
  return { uid: uid || null, gid: gid || null, mode: mode === '' ? null : mode.padStart(4, '0') };
}

/** `Q1` and base64 of a sha1, `Q2` of a sha256 (apk 3); in databases before apk 2.0, an md5 in hex. */
function checksum(value: string): Pick<ApkFile, 'digest' | 'algorithm'> {
  if (/^[0-9a-f]{32}$/.test(value)) return { digest: value, algorithm: 'md5' };
  const algorithm = value.startsWith('Q2') ? 'sha256' : 'sha1';
  const bytes = Buffer.from(value.slice(2), 'base64');
  const isWhole = /^Q[12]/.test(value) && bytes.length === (algorithm === 'sha1' ? 20 : 32);
  return { digest: isWhole ? bytes.toString('hex') : null, algorithm };
}

/** Names in `so:libc.musl-x86_64.so.1=1 busybox>=1.36 /bin/sh`. */
function words(field: string): string[] {
  return field.split(' ').map((word) => /^[^=<>~]+/.exec(word)?.[0] ?? '').filter((word) => word !== '');
}
