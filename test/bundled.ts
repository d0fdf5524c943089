import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/**
 * Bundles modules of ours into a folder, in a process of its own: the bundler is native code, which does not know this realm's functions.
 * @param entries paths or, as `{ code }`, TypeScript that imports from the repository's root; by the names of their files
 */
export async function bundled(entries: Readonly<Record<string, string | { readonly code: string }>>, folder: string): Promise<void> {
  const script = "import { bundleModules } from './scripts/bundler.js'; await bundleModules(JSON.parse(process.argv[1]), process.argv[2]);";
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script, JSON.stringify(entries), folder]);
}
