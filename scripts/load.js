// Gives scripts what TypeScript exports: bundled into a temporary folder, imported, and removed again.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** `contents`: export lines, with paths from the repository's root. */
export async function load(contents) {
  const folder = mkdtempSync(join(tmpdir(), 'inline-scan-script-'));
  try {
    const outfile = join(folder, 'loaded.mjs');
    await build({
      stdin: { contents, resolveDir: root, loader: 'ts' },
      bundle: true, platform: 'node', format: 'esm', outfile, logLevel: 'error',
      banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
