// The bundler as everything here uses it: TypeScript in, modules for Node.js out.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Oldest Node.js that runs what is bundled. */
const TARGET = 'node20';
const CODE = '\0code:';

/**
 * Bundles modules into a folder.
 * @param entries paths or, as `{ code }`, TypeScript that imports from the repository's root; by the names of their files
 * @returns every file that was written, with the modules in it
 */
export async function bundleModules(entries, outdir, { plugins = [], define = {}, output = {}, ...input } = {}) {
  mkdirSync(outdir, { recursive: true });
  // what they are is told beside them, wherever the folder is copied
  writeFileSync(join(outdir, 'package.json'), '{ "type": "module" }\n');
  const names = Object.keys(entries);
  const bundle = await rolldown({
    cwd: root,
    platform: 'node',
    input: Object.fromEntries(names.map((name) => [name, typeof entries[name] === 'string' ? join(root, entries[name]) : `${CODE}${name}`])),
    plugins: [givenCode(entries), ...plugins],
    moduleTypes: { '.wasm': 'binary' },
    transform: { target: TARGET, define },
    ...input,
  });
  try {
    const written = await bundle.write({ dir: outdir, format: 'esm', entryFileNames: '[name].js', topLevelVar: true, ...output });
    return written.output;
  } finally {
    await bundle.close();
  }
}

/** Entries that are no files. */
function givenCode(entries) {
  return {
    name: 'given-code',
    resolveId(id, importer) {
      if (id.startsWith(CODE)) return id;
      return importer?.startsWith(CODE) && id.startsWith('./') ? join(root, id) : undefined;
    },
    load(id) {
      return id.startsWith(CODE) ? { code: entries[id.slice(CODE.length)].code, moduleType: 'ts' } : undefined;
    },
  };
}
