/** Secrets in every kind of place: each is found, and none is in any report, log or cache. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { openBlocks } from '../src/cache/blockFile.js';
import { runCommandLine } from '../src/cli/run.js';
import { dockerLegacy, packTar } from './image/build.js';
import { archiveOf, temporary } from './lanes/temporary.js';

let drawings = 0;
/** Bytes that are the same in each run, so that a test that fails fails again. */
const bytesDrawn = (): Buffer => createHash('shake256', { outputLength: 200 }).update(`secrets ${drawings++}`).digest();
const drawn = (length: number): string => bytesDrawn().toString('base64').replace(/[^A-Za-z0-9]/g, '').slice(0, length);
const hex = (length: number): string => bytesDrawn().toString('hex').slice(0, length);
const mixed = (): string => `a1${drawn(12)}#Z9`;

const SECRETS = {
  env: mixed(), label: `glpat-${drawn(20)}`, cmd: `sk_live_${drawn(24)}`, entrypoint: `tskey-auth-${drawn(12)}-${drawn(32)}`, healthcheck: `dop_v1_${hex(64)}`,
  onbuild: `rubygems_${hex(48)}`, author: `SG.${drawn(22)}.${drawn(43)}`, comment: `lin_api_${drawn(40)}`, argument: mixed(), history: `shpat_${hex(32)}`,
  file: `sqp_${hex(40)}`, utf16: mixed(), deleted: mixed(), overwritten: mixed(), netrc: mixed(), dockerfile: mixed(),
};

let words: readonly string[];
let cache: string;
let archive: string;
beforeAll(async () => {
  const base = await packTar([
    { name: 'etc/os-release', content: 'ID=debian\nVERSION_ID="12"\n' },
    { name: 'app/sonar.yml', content: `sonar: ${SECRETS.file}\n` },
    { name: 'app/windows.ini', content: Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(`[db]\r\npassword=${SECRETS.utf16}\r\n`, 'utf16le')]) },
    { name: 'root/.pypirc', content: `[pypi]\npassword=${SECRETS.deleted}\n` },
    { name: 'app/.env', content: `DB_PASSWORD=${SECRETS.overwritten}\n` },
    { name: 'root/.netrc', content: `machine a login b password ${SECRETS.netrc}\n` },
  ]);
  const top = await packTar([{ name: 'root/.wh..pypirc', content: '' }, { name: 'app/.env', content: 'A=1\n' }]);
  archive = await archiveOf(dockerLegacy({ layers: [base, top], config: {
    author: `somebody ${SECRETS.author}`,
    config: {
      Env: ['PATH=/bin', `DB_PASSWORD=${SECRETS.env}`], Labels: { 'ci.token': SECRETS.label }, Cmd: ['app', SECRETS.cmd], Entrypoint: ['sh', '-c', `tailscale up --authkey ${SECRETS.entrypoint}`],
      Healthcheck: { Test: ['CMD-SHELL', `check ${SECRETS.healthcheck}`] }, OnBuild: [`RUN gem push -k ${SECRETS.onbuild}`],
    },
    history: [{ created_by: `RUN |1 DB_PASSWORD=${SECRETS.argument} /bin/sh -c echo ${SECRETS.history} # buildkit`, comment: SECRETS.comment }, { created_by: 'RUN /bin/sh -c rm /root/.pypirc' }],
  } }, ['shop:1.0']));
  const folder = await temporary();
  const dockerfile = join(folder, 'Dockerfile');
  writeFileSync(dockerfile, `FROM debian:12\nARG DB_PASSWORD=${SECRETS.argument}\nENV DB_PASSWORD=${SECRETS.env} API_PASSWORD=${SECRETS.dockerfile}\nLABEL ci.token=${SECRETS.label}\nRUN echo ${SECRETS.history}\nCMD app ${SECRETS.cmd}\n`);
  cache = await temporary();
  words = ['--dockerfile', dockerfile];
});
afterEach(() => { jest.restoreAllMocks(); });

async function run(command: readonly string[]): Promise<{ said: string; folder: string }> {
  const folder = await temporary();
  let said = '';
  for (const name of ['stdout', 'stderr'] as const) {
    jest.spyOn(process[name], 'write').mockImplementation((text, done?: unknown) => {
      said += String(text);
      // whoever writes waits until it is taken
      if (typeof done === 'function') (done as () => void)();
      return true;
    });
  }
  await runCommandLine([...command, '--output-directory', folder, ...words], { INLINE_SCAN_CACHE_DIR: cache });
  jest.restoreAllMocks();
  return { said, folder };
}

/** Every file below a folder, unpacked where it is packed. */
function contents(folder: string): [string, Buffer][] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile()).flatMap(({ name, parentPath }): [string, Buffer][] => {
    const path = join(parentPath, name);
    const bytes = readFileSync(path);
    if (name.endsWith('.tgz')) return [[name, gunzipSync(bytes)]];
    const blocks = folder === cache ? openBlocks(path) : undefined;
    const unpacked = (blocks?.names ?? []).map((block): [string, Buffer] => [`${name} ${block}`, blocks?.get(block) ?? Buffer.alloc(0)]);
    blocks?.close();
    return [[name, bytes], ...unpacked];
  });
}

/** As it is, in an URL, in JSON, and in base64 wherever it begins. */
function leaks(where: string, bytes: Buffer): string[] {
  const text = bytes.toString('latin1');
  const decoded = [...text.matchAll(/[A-Za-z0-9+/]{16,}={0,2}/g)].map(([piece]) => Buffer.from(piece, 'base64').toString('latin1')).join('\n');
  return Object.entries(SECRETS).filter(([, secret]) => [secret, encodeURIComponent(secret)].some((form) => text.includes(form) || decoded.includes(form))).map(([name]) => `${name} in ${where}`);
}

test.each([
  ['scan, in the terminal', 'scan', ['--advisories', 'none', '--explain']],
  ['scan, as JSON', 'scan', ['--advisories', 'none', '--format', 'json']],
  ['scan, as Markdown', 'scan', ['--advisories', 'none', '--format', 'markdown']],
  ['scan, as SARIF', 'scan', ['--advisories', 'none', '--format', 'sarif']],
  ['analyze, with what a backend is sent', 'analyze', ['--archive']],
] as const)('%s', async (_, command, given) => {
  const { said, folder } = await run([command, archive, ...given]);
  const files = contents(folder);
  expect(files.map(([name]) => name)).toContain('report.json');
  const kept = contents(cache);
  expect(kept.length).toBeGreaterThan(0);
  expect([['what is said', Buffer.from(said)] as [string, Buffer], ...files, ...kept].flatMap(([name, bytes]) => leaks(name, bytes))).toEqual([]);

  const report = JSON.parse(files.find(([name]) => name === 'report.json')?.[1].toString() ?? '') as { document: { image: { imagedata: { analysis_report: { secret_search: Record<string, { base: object }> } } } }[] };
  const found = Object.values(report.document[0]?.image.imagedata.analysis_report.secret_search ?? {}).flatMap(({ base }) => Object.keys(base));
  expect(found.sort()).toEqual([
    '/app/.env', '/app/sonar.yml', '/app/windows.ini', '/root/.netrc', '/root/.pypirc',
    'config:arg:DB_PASSWORD', 'config:author', 'config:cmd', 'config:comment:0', 'config:entrypoint', 'config:env:DB_PASSWORD',
    'config:healthcheck', 'config:history:0', 'config:label:ci.token', 'config:onbuild:0',
  ]);
});
