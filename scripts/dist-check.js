// Fails when dist/ is not what src/ builds: users run dist/ as it is committed.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './build.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const fresh = mkdtempSync(join(tmpdir(), 'inline-scan-dist-'));
try {
  await bundle(fresh);
  const files = (folder) => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1)).sort();
  const all = new Set([...files(fresh), ...files(join(root, 'dist'))]);
  const read = (folder, file) => { try { return readFileSync(join(folder, file)); } catch { return Buffer.alloc(0); } };
  const differ = [...all].filter((file) => !read(fresh, file).equals(read(join(root, 'dist'), file)));
  if (differ.length > 0) {
    console.error(`dist/ is not what src/ builds: ${differ.join(', ')}. Run npm run build and commit dist/.`);
    process.exit(1);
  }
  console.log(`dist/ is what src/ builds (${all.size} files)`);
} finally {
  rmSync(fresh, { recursive: true, force: true });
}
