/**
 * Holds a report against the truth about its image, which other tools told: umoci, md5sum, dpkg-query, npm's files, importlib.metadata, gem.
 *
 *   npm run compare -- REPORT.json TRUTH-DIRECTORY
 *
 * The directory holds files.tsv (path, type, mode, uid, gid, size, link target, sha256), md5.tsv, dpkg.tsv, npm.tsv, python.tsv, gem.tsv, jar.tsv;
 * those that are not there are left out. Ends with status 1 where anything differs.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const [, , reportFile, truth] = process.argv;
if (!reportFile || !truth) {
  console.error('Usage: npm run compare -- REPORT.json TRUTH-DIRECTORY');
  process.exit(2);
}
const report = JSON.parse(readFileSync(reportFile, 'utf8')).document[0].image.imagedata.analysis_report;

/** A section of the report; its values are JSON where `parse` says so. */
function section(analyzer, output, parse = false) {
  const base = report[analyzer]?.[output]?.base ?? {};
  return new Map(Object.entries(base).map(([key, value]) => [key, parse ? JSON.parse(value) : value]));
}

/** Rows of a truth file, or undefined. */
function rows(name) {
  const file = path.join(truth, name);
  if (!existsSync(file)) return undefined;
  return readFileSync(file, 'utf8').split('\n').filter(Boolean).map((line) => line.split('\t'));
}

const TYPES = new Map([[0o100000, 'f'], [0o040000, 'd'], [0o120000, 'l'], [0o060000, 'b'], [0o020000, 'c'], [0o010000, 'p']]);

/** Sizes of directories are the file system's. */
function ourFiles() {
  const sha256 = section('file_checksums', 'files.sha256sums');
  return [...section('file_list', 'files.allinfo', true)].map(([file, info]) => {
    const type = TYPES.get(info.mode & 0o170000) ?? '?';
    const size = type === 'd' ? '' : String(info.size);
    return [file, type, (info.mode & 0o7777).toString(8), info.uid, info.gid, size, type === 'l' ? info.linkdst : '', type === 'f' ? sha256.get(file) : ''].join('\t');
  });
}

function trueFiles(truthRows) {
  return truthRows.map(([file, type, mode, uid, gid, size, link = '', sha256 = '']) =>
    [file, type, mode.replace(/^0+(?=.)/, ''), uid, gid, type === 'd' ? '' : size, link, sha256].join('\t'));
}

const osPackages = () => [...section('package_list', 'pkgs.allinfo', true)].filter(([, info]) => info.type === 'dpkg');
const digests = (output) => [...section('file_checksums', output)].filter(([, digest]) => digest !== 'DIRECTORY_OR_OTHER').map((row) => row.join('\t'));
const several = (output) => [...section('package_list', output, true)].flatMap(([file, info]) => info.versions.map((version) => [info.name, version, file].join('\t')));

const CHECKS = [
  ['files.tsv', ourFiles, trueFiles],
  // md5sum writes a backslash in a name as two.
  ['md5.tsv', () => digests('files.md5sums'), (truthRows) => truthRows.map((row) => row.join('\t').replaceAll('\\\\', '\\'))],
  ['dpkg.tsv', () => osPackages().map(([name, { version, arch }]) => [name, version, arch].join('\t')), (truthRows) => truthRows.map((row) => row.slice(0, 3).join('\t'))],
  ['npm.tsv', () => several('pkgs.npms').filter((row) => row.includes('/node_modules/')), (truthRows) => truthRows.map((row) => row.join('\t'))],
  ['python.tsv', () => [...section('package_list', 'pkgs.python', true).values()].map(({ name, version }) => `${name}\t${version}`), (truthRows) => truthRows.map((row) => row.slice(0, 2).join('\t'))],
  ['gem.tsv', () => several('pkgs.gems'), (truthRows) => truthRows.map((row) => row.join('\t'))],
  ['jar.tsv', () => [...section('package_list', 'pkgs.java').keys()].filter((file) => !file.includes(':')), (truthRows) => truthRows.map(([file]) => file)],
];

const SHOWN = 10;
let different = 0;
for (const [file, ours, theirs] of CHECKS) {
  const truthRows = rows(file);
  if (!truthRows) continue;
  const [said, is] = [new Set(ours()), new Set(theirs(truthRows))];
  const missing = [...is].filter((row) => !said.has(row));
  const extra = [...said].filter((row) => !is.has(row));
  different += missing.length + extra.length;
  console.log(`${file}: ${is.size} rows, ${missing.length} that the report lacks, ${extra.length} that only it has`);
  for (const row of missing.slice(0, SHOWN)) console.log(`  - ${row}`);
  for (const row of extra.slice(0, SHOWN)) console.log(`  + ${row}`);
}
console.log(`${different} differences`);
process.exit(different === 0 ? 0 : 1);
