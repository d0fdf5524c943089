// Gives scripts what TypeScript exports: bundled into a temporary folder, imported, and removed again.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundleModules } from './bundler.js';

/** `code`: export lines, with paths from the repository's root. */
export async function load(code) {
  const folder = mkdtempSync(join(tmpdir(), 'inline-scan-script-'));
  try {
    return await import(await bundleCode(code, folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The URL of a module in a folder, made of export lines. */
export async function bundleCode(code, folder) {
  await bundleModules({ loaded: { code } }, folder);
  return pathToFileURL(join(folder, 'loaded.js')).href;
}
