import { lines } from '../deb822.js';
import { evr, type RpmRecord } from './records.js';

/**
 * `var/lib/rpmmanifest/container-manifest-2` of distroless images of Azure Linux and Mariner, which have no database: a line a package,
 *
 *     NAME  VERSION-RELEASE  INSTALLTIME  BUILDTIME  VENDOR  EPOCH  SIZE  ARCH  EPOCHNUM  SOURCERPM
 *
 * between tabs. Source: CBL-Mariner, toolkit/docs/how_it_works/5_misc.md.
 */
export function readManifest(text: string): RpmRecord[] {
  const records: RpmRecord[] = [];
  for (const line of lines(text)) {
    const [name = '', release = '', , , vendor = '', epoch = '', size = '', architecture = '', , sourceRpm = ''] = line.split('\t');
    if (name === '' || release === '') continue;
    const number = /^\d{1,10}$/.test(epoch) ? Number(epoch) : null;
    records.push({
      name, version: evr(number, release, ''), epoch: number, architecture: said(architecture), sourceRpm: said(sourceRpm),
      license: '', vendor: said(vendor), size: /^\d{1,15}$/.test(size) ? Number(size) : null,
      url: '', modularity: '', needs: [], provides: [], digestAlgorithm: null, files: [],
    });
  }
  return records;
}

/** rpm's word for what a package does not say. */
function said(value: string): string {
  return value === '(none)' ? '' : value;
}
