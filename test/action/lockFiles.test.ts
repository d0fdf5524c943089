import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { workspaceLockFiles } from '../../src/action/lockFiles.js';

function workspace(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'inline-scan-locks-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

test('lock files near the root come first; other people\'s, what is too deep and what is none are not read', () => {
  const folder = workspace({ 'z/yarn.lock': 'z', 'go.mod': 'g', 'a/b/Cargo.lock': 'c', 'node_modules/x/yarn.lock': 'n', 'a/b/c/d/go.mod': 'deep', 'package.json': '{}', 'requirements-dev.txt': 'r' });
  expect(workspaceLockFiles(folder)).toEqual([{ path: 'go.mod', text: 'g' }, { path: 'requirements-dev.txt', text: 'r' }, { path: 'z/yarn.lock', text: 'z' }, { path: 'a/b/Cargo.lock', text: 'c' }]);
});

test('links lead nowhere, also those out of the workspace or in a circle; a workspace that is none has no lock files', () => {
  const elsewhere = workspace({ 'yarn.lock': 'secret' });
  const folder = workspace({ 'go.mod': 'g' });
  symlinkSync(join(elsewhere, 'yarn.lock'), join(folder, 'yarn.lock'));
  symlinkSync(elsewhere, join(folder, 'out'));
  symlinkSync(folder, join(folder, 'circle'));
  symlinkSync(join(folder, 'nosuch'), join(folder, 'Cargo.lock'));
  expect(workspaceLockFiles(folder).map(({ path }) => path)).toEqual(['go.mod']);
  expect(workspaceLockFiles(join(folder, 'nosuch'))).toEqual([]);
});
