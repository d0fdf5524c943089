import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { readInputs } from '../../src/action/inputs.js';
import type { Host } from '../../src/host.js';
import { readOptions, type RawOptions } from '../../src/options.js';
import { scan, type ScanResult } from '../../src/scan.js';
import { cutShort, reset, status } from '../http/server.js';
import { lostReply, says, standIn, type Script, type StandIn } from '../backend/sysdig/standIn.js';
import { toldBy } from '../report/archive/told.js';
import { freshFolder, SHOP } from './runner.js';

const TOKEN = 'a-token-that-nobody-may-see';
let server: StandIn | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

/** The whole scan of the sample image, in this process; waits are real. */
async function scanned(raw: RawOptions): Promise<{ result?: ScanResult; error?: Error; folder: string; said: string[] }> {
  const folder = freshFolder();
  const said: string[] = [];
  const host: Host = { env: { INLINE_SCAN_CACHE_DIR: join(folder, '.cache') }, platform: process.platform, workspace: folder, now: () => new Date(), say: (line) => { said.push(line); }, progress: () => undefined };
  const options = readOptions({ archive: SHOP, advisories: 'none', cache: 'false', 'output-directory': join(folder, 'out'), ...raw });
  const told = await scan(options, host).then((result) => ({ result }), (thrown: unknown) => ({ error: thrown as Error }));
  return { ...told, folder: join(folder, 'out'), said };
}

function filesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)).filter((path) => statSync(path).isFile()) : [];
}

describe('a scan with a backend', () => {
  test.each(['go', 'warn', 'stop'] as const)('%s is the backend\'s word, and all reports say so', async (verdict) => {
    server = await standIn({ verdict });
    const { result, error, folder, said } = await scanned({ 'backend-url': server.url, 'backend-token': TOKEN });
    expect(error).toBeUndefined();
    expect(result?.passed).toBe(verdict !== 'stop');
    expect(result?.evaluation).toMatchObject({ verdict, backend: server.url, resultUrl: expect.stringContaining('/secure/#/scanning/scan-results/') });
    expect(filesIn(folder).map((path) => path.slice(folder.length + 1)).sort()).toEqual([
      'analysis-archive.tgz', 'evaluation.json', 'report.json', 'results.sarif', 'sbom.cdx.json', 'sbom.spdx.json', 'summary.md',
    ]);
    expect([...said, ...filesIn(folder).map((path) => readFileSync(path, 'latin1'))].filter((text) => text.includes(TOKEN))).toEqual([]);
    expect(await toldBy(join(folder, 'analysis-archive.tgz'))).not.toContain(TOKEN);
  }, 30_000);

  test.each<[string, Script, number]>([
    ['a status that was busy', { steps: { status: [says(503)] } }, 1],
    ['a lost reply', { steps: { sync: [lostReply] } }, 1],
    ['a lost upload', { steps: { sync: [reset] } }, 1],
    ['half an evaluation', { steps: { check: [says(404), cutShort] } }, 1],
    ['no list of vulnerabilities', { always: { vulnDirect: says(404), vulnAll: says(404) } }, 1],
  ])('%s: the verdict comes, and is a stop', async (_, script, uploads) => {
    server = await standIn({ ...script, verdict: 'stop' });
    const { result } = await scanned({ 'backend-url': server.url, 'backend-token': TOKEN });
    expect({ passed: result?.passed, stored: [...server.stored.values()] }).toEqual({ passed: false, stored: [uploads] });
  }, 30_000);

  test.each<[string, Script, RegExp]>([
    ['a token that is not accepted, before the image is read', { always: { status: says(401) } }, /check backend-token/],
    ['a web page for an evaluation', { always: { check: says(200, '<html>') } }, /is a web page/],
    ['an empty list', { always: { check: says(200, '[]') } }, /so there is no verdict/],
    ['a body that is too large', { always: { sync: says(413) } }, /analyzers: -file-list/],
  ])('%s: no verdict, no reports of one', async (_, script, message) => {
    server = await standIn(script);
    const { result, error, folder } = await scanned({ 'backend-url': server.url, 'backend-token': TOKEN });
    expect(result).toBeUndefined();
    expect(error?.message).toMatch(message);
    expect(error).toMatchObject({ exitStatus: 3 });
    expect(existsSync(join(folder, 'evaluation.json'))).toBe(false);
    if (message.source === 'check backend-token') expect(existsSync(join(folder, 'report.json'))).toBe(false);
  }, 30_000);
});

test('a dry run writes what would be sent, asks the backend nothing, needs no token, and evaluates here', async () => {
  server = await standIn();
  const { result, said, folder } = await scanned({ 'backend-url': server.url, 'dry-run': 'true' });
  expect(server.asked).toEqual([]);
  expect(result?.evaluation.backend).toBe('embedded');
  expect(result?.evaluation.findings.length).toBeGreaterThan(0);
  expect(said.find((line) => line.startsWith('Dry run: '))).toMatch(/analysis-archive\.tgz \(\d+ bytes\) is what http:\/\/127.+ would be sent\. Nothing was sent; the image is evaluated here\./);
  expect(await toldBy(join(folder, 'analysis-archive.tgz'))).toContain('"archived_at"');
}, 30_000);

describe('a workflow without the secret', () => {
  const event = (head: string | null): string => {
    const path = join(freshFolder(), 'event.json');
    writeFileSync(path, JSON.stringify({ pull_request: { head: { repo: head === null ? null : { full_name: head } } } }));
    return path;
  };
  test.each<[string, NodeJS.ProcessEnv, boolean]>([
    ['of a fork', { GITHUB_EVENT_NAME: 'pull_request', GITHUB_EVENT_PATH: event('stranger/shop') }, true],
    ['of a fork that is gone', { GITHUB_EVENT_NAME: 'pull_request', GITHUB_EVENT_PATH: event(null) }, true],
    ['of Dependabot', { GITHUB_EVENT_NAME: 'push', GITHUB_ACTOR: 'dependabot[bot]' }, true],
    ['of this repository', { GITHUB_EVENT_NAME: 'pull_request', GITHUB_EVENT_PATH: event('Us/Shop') }, false],
    ['of a push', { GITHUB_EVENT_NAME: 'push' }, false],
    ['whose event cannot be read', { GITHUB_EVENT_NAME: 'pull_request', GITHUB_EVENT_PATH: '/nosuch' }, false],
  ])('%s', async (_, env, here) => {
    const asked = await import('../http/server.js').then(({ loopback }) => loopback(status(200)));
    const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    const before = { ...process.env };
    Object.assign(process.env, { INPUT_ARCHIVE: SHOP, 'INPUT_BACKEND-URL': asked.url, 'INPUT_ADVISORIES': 'none', INPUT_CACHE: 'false' });
    try {
      const raw = readInputs({ ...env, GITHUB_REPOSITORY: 'us/shop' });
      const told = write.mock.calls.map(([text]) => String(text)).join('');
      const { result, error } = await scanned(raw);
      if (here) {
        expect(told).toMatch(/::warning::.*fork or from Dependabot.*evaluated here and nothing is sent/);
        expect(result?.evaluation.backend).toBe('embedded');
      } else expect(error?.message).toMatch(/needs backend-token/);
      expect(asked.asked).toEqual([]);
    } finally {
      write.mockRestore();
      for (const name of Object.keys(process.env)) if (!(name in before)) Reflect.deleteProperty(process.env, name);
      await asked.close();
    }
  }, 30_000);
});
