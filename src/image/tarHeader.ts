import { paxRecords, type PaxRecords } from './pax.js';

/** A tar is made of blocks of so many bytes: a header is one, and content is filled up to the next. */
export const BLOCK = 512;

/** What tar-stream's parser knows of a header; its own types leave some of it out. */
export interface TarHeader {
  name: string;
  linkname: string | null;
  type: string | null;
  mode: number;
  uid: number;
  gid: number;
  /** -1 for a size that is none; the parser then says that the header is none. */
  size: number;
  mtime: Date;
  /** Where the content starts, from the first byte written. */
  byteOffset: number;
}

/** The inner parts of tar-stream's parser that `TarReader` reaches for; test/image/tar.test.ts fails when they change. */
export interface TarParser {
  _buffer: { buffered: number; shifted: number };
  /** The last one read; null for an empty block. */
  _header: TarHeader | null;
  _gnuLongPath: string | null;
  _gnuLongLinkPath: string | null;
  _applyLongHeaders(): void;
  _decodeLongHeader(bytes: Buffer): void;
}

const WITHOUT_CONTENT = new Set<string>(['link', 'symlink', 'character-device', 'block-device', 'fifo', 'directory']);

/**
 * Has the parser read headers as container engines (Go's archive/tar) do: values of extended headers are bytes, GNU long names go before
 * PAX ones, global extended headers say nothing, links and devices have no content whatever their size says.
 * @param counts told of each long or extended header, with the bytes of its content: whether it is part of the tar.
 * @returns what gives the extended records of the entry in hand, once.
 */
export function readHeadersAsEnginesDo(parser: TarParser, counts: (length: number) => boolean): () => PaxRecords | undefined {
  let pax: PaxRecords | undefined;
  parser._decodeLongHeader = (bytes) => {
    if (!counts(bytes.length)) return;
    const type = parser._header?.type;
    if (type === 'gnu-long-path') parser._gnuLongPath = untilNul(bytes);
    else if (type === 'gnu-long-link-path') parser._gnuLongLinkPath = untilNul(bytes);
    else if (type === 'pax-header') pax = paxRecords(bytes);
  };
  parser._applyLongHeaders = () => {
    if (parser._header) completeHeader(parser._header, parser, pax);
    parser._gnuLongPath = parser._gnuLongLinkPath = null;
  };
  return () => {
    const records = pax;
    pax = undefined;
    return records;
  };
}

function completeHeader(header: TarHeader, { _gnuLongPath, _gnuLongLinkPath }: TarParser, pax: PaxRecords | undefined): void {
  header.name = _gnuLongPath ?? (pax?.get('path') || header.name);
  header.linkname = _gnuLongLinkPath ?? (pax?.get('linkpath') || header.linkname);
  const size = pax?.get('size');
  if (size) header.size = /^[0-9]+$/.test(size) ? Number(size) : -1;
  if (WITHOUT_CONTENT.has(header.type ?? '')) header.size = 0;
  if (!Number.isSafeInteger(header.size)) header.size = -1;
}

function untilNul(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString('latin1', 0, end < 0 ? bytes.length : end);
}

/** Whether these first 512 bytes are a tar's: a header whose checksum is right, or the end of an empty one. */
export function looksLikeTar(head: Buffer): boolean {
  if (head.length < BLOCK) return false;
  const sum = head.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 0x20 : byte), 0);
  if (sum === 8 * 0x20) return true;
  return parseInt(head.toString('latin1', 148, 156).replace(/^[\0 ]+/, ''), 8) === sum;
}
