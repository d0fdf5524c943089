import type { AnalysisReport } from './document.js';
import { foreignPackages } from './foreignPackages.js';
import { INVENTORY, type PackageRow } from './inventory.js';
import { isOsPackage } from './ownership.js';
import { baseOf, jsonIn } from './readSection.js';
import type { ScannedPackage, VerificationRecord } from './scanned.js';

/** Our inventory where the report has one, else what the seed's sections say. */
export function readPackages(sections: AnalysisReport): ScannedPackage[] {
  const rows = Object.values(baseOf(sections, INVENTORY, 'packages'));
  if (rows.length === 0) return foreignPackages(sections);
  return rows.flatMap((row) => {
    const parsed = jsonIn<PackageRow>(row);
    return parsed === undefined ? [] : [scanned(parsed)];
  });
}

function scanned(row: PackageRow): ScannedPackage {
  return { ...row, kind: isOsPackage(row) ? 'os' : 'non-os', upstreamVersion: upstreamVersion(row.type, row.version) };
}

/** rpm and apk are split at the last `-`, as the seed does; dpkg is not. */
function upstreamVersion(type: string, version: string): string {
  if (type !== 'rpm' && type !== 'apk') return version;
  const dash = version.lastIndexOf('-');
  return dash === -1 ? version : version.slice(0, dash);
}

/** `distro.pkgfilemeta`: by path, what each package that owns the file says of it. */
export function readVerification(sections: AnalysisReport): Map<string, readonly VerificationRecord[]> {
  const rows = Object.entries(baseOf(sections, 'file_package_verify', 'distro.pkgfilemeta'));
  return new Map(rows.flatMap(([path, value]): [string, VerificationRecord[]][] => {
    const records = jsonIn<Partial<VerificationRecord>[]>(value);
    return Array.isArray(records) ? [[path, records.map(verificationRecord)]] : [];
  }));
}

function verificationRecord(record: Partial<VerificationRecord>): VerificationRecord {
  const { digest = null, digestalgo = null, mode = null, size = null, user = null, group = null, conffile = false } = record;
  return { package: record.package ?? '', digest, digestalgo, mode, size: size === null ? null : String(size), user, group, conffile: conffile === true };
}
