import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { InputError } from '../src/errors.js';
import type { Host } from '../src/host.js';
import type { HistoryRow } from '../src/image/config.js';
import { findDockerfile } from '../src/workspace.js';

const TEXT = 'FROM debian:12\nRUN apt-get update\nCOPY app /app\nUSER app\n';
const row = (createdBy: string, emptyLayer = false): HistoryRow => ({ created: '', createdBy, comment: 'buildkit.dockerfile.v0', emptyLayer });
const HISTORY = [row('# debian.sh'), row('RUN /bin/sh -c apt-get update # buildkit'), row('COPY app /app # buildkit'), row('USER app', true)];

function workspace(files: Readonly<Record<string, string>>): Host {
  const folder = mkdtempSync(join(tmpdir(), 'inline-scan-workspace-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return { env: {}, platform: 'linux', workspace: folder, now: () => new Date(), say: () => undefined, progress: () => undefined };
}

test.each([
  ['the one of the workspace, when history bears it out', { Dockerfile: TEXT }, 'Dockerfile'],
  ['the one that fits, of several', { Dockerfile: 'FROM scratch\nCOPY other /\nCOPY more /\n', 'docker/Dockerfile': TEXT }, 'docker/Dockerfile'],
  ['none that does not fit', { Dockerfile: 'FROM alpine\nRUN apk add curl\nRUN rm /x\n' }, undefined],
  ['none that cannot be read', { Dockerfile: 'RUN x\n' }, undefined],
  ['none where there is none', {}, undefined],
])('takes %s', async (_, files, expected) => {
  const found = await findDockerfile({ dockerfile: '', target: '' }, HISTORY, workspace(files as unknown as Record<string, string>));
  expect(found?.path).toBe(expected);
});

test('the one that is named is taken, whether it fits or not, and called by its path in the workspace', async () => {
  const host = workspace({ 'a/b/Dockerfile.prod': 'FROM scratch\n' });
  expect(await findDockerfile({ dockerfile: './a/b/Dockerfile.prod', target: '' }, HISTORY, host)).toMatchObject({ path: 'a/b/Dockerfile.prod' });
});

test.each([
  ['not there', 'nosuch', ''],
  ['a folder', 'a', ''],
  ['none', 'a/text', ''],
  ['without that stage', 'Dockerfile', 'nosuch'],
])('one that is named and is %s is the user\'s to mend', async (_, dockerfile, target) => {
  const host = workspace({ Dockerfile: TEXT, 'a/text': 'no instruction at all' });
  await expect(findDockerfile({ dockerfile, target }, HISTORY, host)).rejects.toThrow(InputError);
});
