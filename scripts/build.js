// Bundles src/ into dist/: one entry for the action, one for the command line, one for threads that read layers, one for threads that evaluate reports, one for serve's worker processes; what they share once, in chunks.
import { rmSync, readdirSync, readFileSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleModules, root } from './bundler.js';

const ENTRIES = { action: 'src/action.ts', cli: 'src/cli.ts', lane: 'src/lanes/worker.ts', serveWorker: 'src/serve/work/worker.ts', evaluateWorker: 'src/cli/evaluate/worker.ts' };

/** pg asks for a native client if it is there, and does without: told at once, since a search of the disk for it costs time at every start. */
const absent = {
  name: 'absent',
  resolveId: (id) => (id === 'pg-native' ? '\0absent' : undefined),
  load: (id) => (id === '\0absent' ? { code: "throw Object.assign(new Error('pg-native is not in this bundle'), { code: 'MODULE_NOT_FOUND' });", moduleType: 'js' } : undefined),
};

/** Commander starts subcommands that are programs of their own; ours are not, and child_process brings sockets and half of the network along. */
const noPrograms = {
  name: 'no-programs',
  resolveId: (id, importer) => (id === 'node:child_process' && /node_modules\/commander\//.test(importer ?? '') ? '\0no-programs' : undefined),
  load: (id) => (id === '\0no-programs' ? { code: "export const spawn = () => { throw new Error('No subcommand is a program of its own'); };", moduleType: 'js' } : undefined),
};

/** The order of all the world's letters takes fifteen milliseconds to load. Among plain letters and digits, which names of parts and qualifiers are made of, it is that of their codes. */
const collatorLater = {
  name: 'collator-later',
  load(id) {
    if (!/node_modules\/packageurl-js\/src\/strings\.js$/.test(id)) return undefined;
    const eager = 'const { compare: localeCompare } = new Intl.Collator()';
    const text = readFileSync(id, 'utf8');
    if (!text.includes(eager)) throw new Error(`${id} has changed: see whether this is needed still`);
    return text.replace(eager, `let collator;
      const localeCompare = (a, b) => (/^[a-z0-9]*$/.test(a + b) ? (a > b) - (a < b) : (collator ??= new Intl.Collator()).compare(a, b))`);
  },
};

/** zod brings its messages in fifty languages, half of what it weighs; ours are in English, which it loads by itself. */
const englishOnly = {
  name: 'english-only',
  load: (id) => (/node_modules\/zod\/v4\/locales\/index\.js$/.test(id) ? 'export {};' : undefined),
};

/**
 * In which file a module comes. What a scan of a known image loads is three files, since every file costs a millisecond at every start:
 * the command line's words, what lanes need as well, and the rest. All others come in a file for those that share them.
 */
function chunks() {
  let rooms;
  return (id, context) => {
    rooms ??= {
      entry: imported(context, 'src/action.ts', 'src/cli.ts'),
      words: imported(context, 'src/cli/run.ts'),
      lane: imported(context, 'src/lanes/worker.ts'),
      scan: imported(context, 'src/cli/scanCommand.ts'),
    };
    if (rooms.entry.has(id)) return null;
    if (rooms.words.has(id)) return 'words';
    if (!rooms.scan.has(id)) return null;
    return rooms.lane.has(id) ? 'image' : 'scan';
  };
}

/** Modules, and whatever they import at once. */
function imported(context, ...paths) {
  const modules = new Set();
  const open = paths.map((path) => join(root, path));
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (modules.has(id)) continue;
    modules.add(id);
    open.push(...context.getModuleInfo(id)?.importedIds ?? []);
  }
  return modules;
}

export async function bundle(outdir) {
  rmSync(outdir, { recursive: true, force: true });
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const files = await bundleModules(ENTRIES, outdir, {
    plugins: [absent, noPrograms, collatorLater, englishOnly],
    define: { INLINE_SCAN_VERSION: JSON.stringify(version) },
    preserveEntrySignatures: 'allow-extension',
    output: {
      minify: true,
      comments: false,
      chunkFileNames: 'chunks/[name]-[hash].js',
      codeSplitting: { includeDependenciesRecursively: false, groups: [{ name: chunks(), debugName: 'what a scan loads' }] },
    },
  });
  writeFileSync(join(outdir, 'THIRD-PARTY-LICENSES.txt'), licenses(files));
  return files;
}

/** The licence texts of everything that is in the bundle. */
function licenses(files) {
  const used = new Set();
  for (const { modules } of files) {
    for (const [path, { renderedLength }] of Object.entries(modules ?? {})) {
      const match = /\/(node_modules\/(?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/]+)\//.exec(path);
      if (match && renderedLength > 0) used.add(match[1]);
    }
  }
  return [...used].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    const file = readdirSync(join(root, folder)).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
    const text = file && existsSync(join(root, folder, file)) ? readFileSync(join(root, folder, file), 'utf8').trim() : '';
    return `${name} ${version} (${typeof license === 'string' ? license : 'see its text'})\n${text}\n`;
  }).join(`\n${'-'.repeat(80)}\n\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const files = await bundle(process.argv[2] ?? join(root, 'dist'));
  for (const { fileName, code, source } of files) console.log(`${String(Buffer.byteLength(code ?? source)).padStart(9)}  ${fileName}`);
}
