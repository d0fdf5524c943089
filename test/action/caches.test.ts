import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What the service of the day does when it is asked. */
let service: { restore(): Promise<string | undefined>; save(): Promise<number> };
const saved = jest.fn();

jest.unstable_mockModule('@actions/cache', () => ({
  isFeatureAvailable: () => true,
  restoreCache: () => service.restore(),
  saveCache: (folders: string[]) => {
    saved(...folders);
    return service.save();
  },
}));
const { runnerCache } = await import('../../src/action/caches.js');
const { CacheService } = await import('../../src/action/cacheService.js');

const hang = (): Promise<never> => new Promise(() => undefined);
const broken = (): Promise<never> => Promise.reject(new Error('500'));
let temporary: string;
let said: string[];
const write = process.stdout.write.bind(process.stdout);

beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), 'inline-scan-test-'));
  saved.mockClear();
  said = [];
  process.stdout.write = ((text: string) => said.push(text) > 0) as typeof process.stdout.write;
});
afterEach(() => { process.stdout.write = write; });

test('a cache that works is restored before the scan and saved after it', async () => {
  service = { restore: async () => undefined, save: async () => 1 };
  const cache = await runnerCache({ RUNNER_TEMP: temporary }, ['sha256:a']);
  expect(cache.folder).toBe(join(temporary, 'inline-scan-cache'));
  await cache.save();
  expect(saved.mock.calls).toEqual([[cache.folder]]);
  expect(said).toEqual([]);
});

test.each([
  ['does not answer', hang, /could not be used \(it did not answer within 0\.05 seconds\): the scan goes on/],
  ['is broken', broken, /could not be used \(500\): the scan goes on/],
] as const)('a service that %s when asked costs a warning, another folder, and is not asked again', async (_, restore, message) => {
  service = { restore, save: async () => 1 };
  const cache = await runnerCache({ RUNNER_TEMP: temporary }, ['sha256:a'], new CacheService(50));
  expect(said.join('')).toMatch(message);
  expect(cache.folder).not.toBe(join(temporary, 'inline-scan-cache'));
  await cache.save();
  expect(saved).not.toHaveBeenCalled();
});

test('a service that does not answer at the end costs a warning', async () => {
  service = { restore: async () => undefined, save: hang };
  const cache = await runnerCache({ RUNNER_TEMP: temporary }, ['sha256:a'], new CacheService(50));
  await cache.save();
  expect(said.join('')).toMatch(/::warning::The cache could not be used/);
});

test.each([[{}], [{ RUNNER_TEMP: '' }]])('without a temporary folder (%j) the system has one: the workspace is left alone', async (env) => {
  service = { restore: async () => undefined, save: async () => 1 };
  const before = readdirSync('.');
  const cache = await runnerCache(env, ['sha256:a']);
  expect(cache.folder).toBe(join(tmpdir(), 'inline-scan-cache'));
  expect(readdirSync('.')).toEqual(before);
});

test('a temporary folder that cannot be used is a warning, too', async () => {
  service = { restore: async () => undefined, save: async () => 1 };
  writeFileSync(join(temporary, 'file'), '');
  await runnerCache({ RUNNER_TEMP: join(temporary, 'file') }, ['sha256:a']);
  expect(said.join('')).toMatch(/::warning::The cache could not be used/);
});

test('a self-hosted runner keeps the folder of its tool cache', async () => {
  const env = { RUNNER_ENVIRONMENT: 'self-hosted', RUNNER_TOOL_CACHE: join(temporary, 'tools'), RUNNER_TEMP: temporary };
  Object.assign(process.env, env);
  service = { restore: broken, save: broken };
  const first = await runnerCache(env, ['sha256:a']);
  writeFileSync(join(first.folder, 'kept'), '');
  const second = await runnerCache(env, ['sha256:b']);
  expect(second.folder).toBe(first.folder);
  expect(readdirSync(second.folder)).toEqual(['kept']);
  await second.save();
  expect(saved).not.toHaveBeenCalled();
});
