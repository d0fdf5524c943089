import { ImageError } from '../errors.js';

/** Extended header records, values one character a byte (latin1), since paths and attributes may be any bytes. */
export type PaxRecords = Map<string, string>;

/**
 * Parses the content of an `x` or `g` entry: `LENGTH KEY=VALUE\n`, again and again.
 * Source: POSIX.1-2017, pax interchange format. tar-stream decodes values as UTF-8, which loses other bytes.
 */
export function paxRecords(bytes: Buffer): PaxRecords {
  const records: PaxRecords = new Map();
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at);
    const digits = space < 0 || space - at > 10 ? '' : bytes.toString('latin1', at, space);
    const end = at + Number(digits);
    if (!/^[1-9][0-9]*$/.test(digits) || end <= space + 1 || end > bytes.length || bytes[end - 1] !== 0x0a) {
      throw new ImageError('an extended header (PAX) is malformed, so the entries cannot be told. Save the image again.');
    }
    const record = bytes.toString('latin1', space + 1, end - 1);
    const equals = record.indexOf('=');
    if (equals > 0) records.set(record.slice(0, equals), record.slice(equals + 1));
    at = end;
  }
  return records;
}
