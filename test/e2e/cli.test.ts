import { spawn } from 'node:child_process';
import { createReadStream, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import type { Evaluation } from '../../src/evaluation/evaluation.js';
import { ADVISORIES, DIST, SHOP, SHOP_DOCKERFILE, commandLine, freshFolder } from './runner.js';

const OFFLINE = ['--advisories', 'none'];

test('README\'s command scans the sample', async () => {
  const ran = await commandLine(['scan', SHOP, '--dockerfile', SHOP_DOCKERFILE, '--advisories', ADVISORIES, '--fail-on', 'never', '--output-directory', 'out']);
  expect(ran.status).toBe(0);
  expect(ran.stdout).toMatch(/lodash/);
}, 60_000);

test('json is evaluation.json and nothing else; progress is on standard error', async () => {
  const folder = freshFolder();
  const ran = await commandLine(['scan', SHOP, ...OFFLINE, '--format', 'json', '--output-directory', 'out'], { cwd: folder });
  expect(ran.status).toBe(1);
  expect(ran.stdout).toBe(readFileSync(join(folder, 'out/evaluation.json'), 'utf8'));
  expect(ran.stderr).toMatch(/layer/i);
  expect(readdirSync(join(folder, 'out')).sort()).toEqual(['evaluation.json', 'report.json', 'results.sarif', 'sbom.cdx.json', 'sbom.spdx.json', 'summary.md']);
}, 60_000);

/** A scan with what a shell would do to it meanwhile. */
function meanwhile(words: readonly string[], act: (child: ReturnType<typeof spawn>) => void, cwd = freshFolder()): Promise<{ status: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [join(DIST, 'cli.js'), ...words], { env: { PATH: process.env['PATH'], HOME: cwd, INLINE_SCAN_CACHE_DIR: join(cwd, '.cache') }, cwd });
  const texts = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => { texts.stdout += chunk.toString('utf8'); });
  child.stderr.on('data', (chunk: Buffer) => { texts.stderr += chunk.toString('utf8'); });
  act(child);
  return new Promise((resolve) => { child.on('close', (status, signal) => resolve({ status, signal, ...texts })); });
}

test('an archive from standard input', async () => {
  const ran = await meanwhile(['scan', '-', ...OFFLINE, '--format', 'json', '--quiet', '--output-directory', 'out'], (child) => { if (child.stdin !== null) createReadStream(SHOP).pipe(child.stdin); });
  expect(ran).toMatchObject({ status: 1, stderr: '' });
  expect((JSON.parse(ran.stdout) as Evaluation).image.name).toBe('localbuild/shop:1.0');
}, 60_000);

test('a reader that goes away changes no exit status', async () => {
  const ran = await meanwhile(['scan', SHOP, ...OFFLINE, '--format', 'sarif', '--output-directory', 'out'], (child) => { child.stdout?.destroy(); child.stderr?.destroy(); });
  expect(ran.status).toBe(1);
}, 60_000);

test.each(['SIGINT', 'SIGTERM'] as const)('%s ends a scan by that signal, and nothing is half written', async (signal) => {
  const folder = freshFolder();
  const ran = await meanwhile(['scan', SHOP, ...OFFLINE, '--output-directory', 'out'], (child) => { child.stderr?.once('data', () => { child.kill(signal); }); }, folder);
  expect(ran).toMatchObject({ status: null, signal, stdout: '' });
  expect(existsSync(join(folder, 'out')) ? readdirSync(join(folder, 'out')) : []).toEqual([]);
}, 60_000);

test('a scan from the cache, and one without, give the same report; an evaluation again differs in its time alone', async () => {
  const folder = freshFolder();
  const report = (out: string): string => readFileSync(join(folder, out, 'report.json'), 'utf8');
  for (const [out, ...more] of [['first'], ['second'], ['third', '--cache', 'false']]) {
    await commandLine(['analyze', SHOP, '--quiet', '--output-directory', out ?? '', ...more], { cwd: folder });
  }
  expect(report('second')).toBe(report('first'));
  expect(report('third')).toBe(report('first'));
  const evaluations = await Promise.all(['a', 'b'].map(async (out) => {
    await commandLine(['evaluate', 'first/report.json', ...OFFLINE, '--quiet', '--output-directory', out], { cwd: folder });
    return { ...JSON.parse(readFileSync(join(folder, out, 'evaluation.json'), 'utf8')) as Evaluation, evaluatedAt: '' };
  }));
  expect(evaluations[0]).toEqual(evaluations[1]);
}, 120_000);

test('many reports in one call: each evaluated as by itself', async () => {
  const folder = freshFolder();
  await commandLine(['analyze', SHOP, '--quiet', '--output-directory', 'out'], { cwd: folder });
  const evaluation = (...path: string[]): unknown => ({ ...JSON.parse(readFileSync(join(folder, ...path, 'evaluation.json'), 'utf8')) as Evaluation, evaluatedAt: '' });
  const evaluate = (reports: readonly string[], out: string): ReturnType<typeof commandLine> =>
    commandLine(['evaluate', ...reports, '--advisories', ADVISORIES, '--fail-on', 'never', '--output-directory', out], { cwd: folder });
  expect((await evaluate(['out/report.json'], 'one')).status).toBe(0);
  const many = await evaluate(Array.from({ length: 24 }, () => 'out/report.json'), 'many');
  expect(many.status).toBe(0);
  expect(many.stdout.trimEnd().split('\n')).toHaveLength(24);
  const folders = readdirSync(join(folder, 'many')).sort();
  expect(folders).toEqual(Array.from({ length: 24 }, (_, index) => `${String(index + 1).padStart(4, '0')}-report`));
  for (const name of folders) expect(evaluation('many', name)).toEqual(evaluation('one'));
}, 120_000);

test('a new advisory changes the verdict of a stored report, without the image', async () => {
  const folder = freshFolder();
  await commandLine(['analyze', SHOP, '--quiet', '--output-directory', 'out'], { cwd: folder });
  const evaluate = (advisories: string): ReturnType<typeof commandLine> =>
    commandLine(['evaluate', 'out/report.json', '--advisories', advisories, '--policies', 'policy.json', '--format', 'json', '--quiet', '--output-directory', 'again'], { cwd: folder });
  writeFileSync(join(folder, 'policy.json'), JSON.stringify({ id: 'p', version: '1_0', name: 'critical', rules: [
    { id: 'r', gate: 'vulnerabilities', trigger: 'package', action: 'STOP', params: [{ name: 'package_type', value: 'all' }, { name: 'severity', value: 'critical' }, { name: 'severity_comparison', value: '=' }] },
  ] }));
  writeAdvisories(folder, 'before', []);
  writeAdvisories(folder, 'after', [{
    schema_version: '1.6.0', id: 'GHSA-aaaa-bbbb-cccc', modified: '2026-11-01T00:00:00Z', published: '2026-11-01T00:00:00Z', summary: 'ms is dangerous',
    severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }],
    affected: [{ package: { ecosystem: 'npm', name: 'ms' }, ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '2.1.0' }] }] }],
  }]);
  expect((await evaluate('before')).status).toBe(0);
  const after = await evaluate('after');
  expect(after.status).toBe(1);
  expect((JSON.parse(after.stdout) as Evaluation).findings).toMatchObject([{ action: 'stop', vulnerability: { id: 'GHSA-aaaa-bbbb-cccc', severity: 'critical', fixedIn: ['2.1.0'] } }]);
}, 120_000);

/** OSV's exports are zips; one record as a stored (not compressed) entry is the least that is one. */
function writeAdvisories(folder: string, name: string, records: readonly Readonly<Record<string, unknown>>[]): void {
  const first: Readonly<Record<string, unknown>> = { schema_version: '1.6.0', id: 'GHSA-0000-0000-0000', modified: '2026-01-01T00:00:00Z', affected: [{ package: { ecosystem: 'npm', name: 'nobody-has-this' }, versions: ['1.0.0'] }] };
  mkdirSync(join(folder, name, 'npm'), { recursive: true });
  writeFileSync(join(folder, name, 'npm', 'all.zip'), zip([first, ...records].map((record) => [`${String(record['id'])}.json`, JSON.stringify(record)])));
}

function zip(files: readonly (readonly [string, string])[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of files) {
    const [path, body] = [Buffer.from(name), Buffer.from(text)];
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt32LE(crc32(body), 10);
    common.writeUInt32LE(body.length, 14);
    common.writeUInt32LE(body.length, 18);
    common.writeUInt16LE(path.length, 22);
    parts.push(Buffer.from('PK\x03\x04', 'latin1'), common, path, body);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, rest, path);
    offset += 30 + path.length + body.length;
  }
  const end = Buffer.alloc(18);
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  end.writeUInt16LE(files.length, 4);
  end.writeUInt16LE(files.length, 6);
  end.writeUInt32LE(size, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, ...directory, Buffer.from('PK\x05\x06', 'latin1'), end]);
}

function crc32(bytes: Buffer): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

test('analyze writes the archive for a backend, the same bytes twice', async () => {
  const folder = freshFolder();
  for (const out of ['a', 'b']) expect((await commandLine(['analyze', SHOP, '--archive', '--quiet', '--output-directory', out], { cwd: folder })).status).toBe(0);
  const [first, second] = ['a', 'b'].map((out) => readFileSync(join(folder, out, 'analysis-archive.tgz')));
  expect(second?.equals(first ?? Buffer.alloc(0))).toBe(true);
  const text = gunzipSync(first ?? Buffer.alloc(0)).toString('latin1');
  for (const member of ['analysis', 'image_content', 'image_manifest', 'archive_manifest']) expect(text).toContain(`${member}\0`);
}, 120_000);

test('each policy that is printed is one that is taken', async () => {
  const folder = freshFolder();
  await commandLine(['analyze', SHOP, '--quiet', '--output-directory', 'out'], { cwd: folder });
  for (const name of ['default', 'dockerfile-best-practices', 'nist-800-190', 'pci']) {
    writeFileSync(join(folder, `${name}.json`), (await commandLine(['policies', name], { cwd: folder })).stdout);
    const [own, copied] = await Promise.all([name, `${name}.json`].map((policies) => commandLine(['evaluate', 'out/report.json', ...OFFLINE, '--policies', policies, '--format', 'json', '--quiet', '--output-directory', policies.replace('.json', '-copy')], { cwd: folder })));
    const findings = (ran: typeof own): unknown => (JSON.parse(ran?.stdout ?? '{}') as Evaluation).findings;
    expect(findings(copied)).toEqual(findings(own));
  }
}, 120_000);

describe('one sentence, the right status, nothing half written, no stack', () => {
  const cut = join(freshFolder(), 'cut.tar');
  writeFileSync(cut, gunzipSync(readFileSync(SHOP)).subarray(0, 1_000_000));
  const text = join(freshFolder(), 'text.tar');
  writeFileSync(text, 'not a tar\n'.repeat(1000));
  test.each([
    ['an option that there is not', ['scan', SHOP, '--fail-no', 'x'], 2, /unknown option/],
    ['a command that there is not', ['scna', SHOP], 2, /unknown command/],
    ['an archive that is cut', ['scan', cut, ...OFFLINE], 3, /./],
    ['an archive that is none', ['scan', text, ...OFFLINE], 3, /./],
    ['an archive that is not there', ['scan', './nosuch.tar'], 2, /nosuch\.tar/],
    ['an analyzer that there is not', ['scan', SHOP, '--analyzers', 'dpgk'], 2, /dpgk.*dpkg/],
    ['a report that is none', ['evaluate', text], 2, /text\.tar/],
    ['a policy that is none', ['scan', SHOP, '--policies', text, ...OFFLINE], 2, /text\.tar/],
    ['a directory of advisories that is none', ['scan', SHOP, '--advisories', '/nosuch'], 2, /nosuch/],
    ['a Dockerfile that is not there', ['scan', SHOP, ...OFFLINE, '--dockerfile', 'nosuch'], 2, /nosuch/],
    ['a backend without TLS', ['scan', SHOP, '--backend-url', 'http://example.com', '--backend-token', 'x'], 2, /https/],
    ['new findings without a baseline', ['scan', SHOP, '--fail-on-new'], 2, /baseline/],
  ])('%s', async (_, words, status, sentence) => {
    const folder = freshFolder();
    const ran = await commandLine([...words, ...(words[0] === 'scan' ? ['--output-directory', 'out'] : [])], { cwd: folder });
    expect({ status: ran.status, stdout: ran.stdout }).toEqual({ status, stdout: '' });
    expect(ran.stderr).toMatch(sentence);
    expect(ran.stderr).not.toMatch(/^\s+at /m);
    expect(readdirSync(folder, { recursive: true }).filter((name) => /partial|evaluation\.json|sarif/.test(String(name)))).toEqual([]);
  }, 60_000);
});
