// Bundles src/ into dist/: one entry for the action, one for the command line, one for threads that read layers, one for threads that evaluate reports, one for serve's worker processes; what they share once, in chunks.
import { rmSync, readdirSync, readFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const ENTRIES = { action: 'src/action.ts', cli: 'src/cli.ts', lane: 'src/lanes/worker.ts', serveWorker: 'src/serve/work/worker.ts', evaluateWorker: 'src/cli/evaluate/worker.ts' };

/** CommonJS packages in the bundle call require for node's own modules, and ask for their own folder. */
const COMMON_JS = [
  "import { createRequire as __createRequire } from 'node:module';",
  "import { dirname as __folderOf } from 'node:path';",
  "import { fileURLToPath as __pathOf } from 'node:url';",
  'const require = __createRequire(import.meta.url), __filename = __pathOf(import.meta.url), __dirname = __folderOf(__filename);',
].join(' ');

/** Parts that pg and the CycloneDX library ask for if they are there, and do without: told at once, since a search of the disk for them costs 60 ms a start. */
const absent = {
  name: 'absent',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(?:pg-native|libxmljs2|xmlbuilder2|ajv|ajv-formats|ajv-formats-draft2019)(?:\/|$)/ }, ({ path }) => ({ path, namespace: 'absent' }));
    onLoad({ filter: /.*/, namespace: 'absent' }, ({ path }) => ({
      contents: `throw Object.assign(new Error(${JSON.stringify(`${path} is not in this bundle`)}), { code: 'MODULE_NOT_FOUND' });`,
      loader: 'js',
    }));
  },
};

/** Commander starts subcommands that are programs of their own; ours are not, and child_process brings sockets and half of the network along. */
const noPrograms = {
  name: 'no-programs',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:child_process$/ }, ({ importer }) => (/node_modules\/commander\//.test(importer) ? { path: 'commander-programs', namespace: 'no-programs' } : undefined));
    onLoad({ filter: /.*/, namespace: 'no-programs' }, () => ({ contents: "export const spawn = () => { throw new Error('No subcommand is a program of its own'); };", loader: 'js' }));
  },
};

/** The order of all the world's letters takes fifteen milliseconds to load: it is asked for where qualifiers are sorted, not at every start. */
const collatorLater = {
  name: 'collator-later',
  setup({ onLoad }) {
    const eager = 'const { compare: localeCompare } = new Intl.Collator()';
    onLoad({ filter: /node_modules\/packageurl-js\/src\/strings\.js$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      if (!text.includes(eager)) throw new Error(`${path} has changed: see whether this is needed still`);
      return { contents: text.replace(eager, 'let collator; const localeCompare = (a, b) => (collator ??= new Intl.Collator()).compare(a, b)'), loader: 'js' };
    });
  },
};

/** zod brings its messages in fifty languages, half of what it weighs; ours are in English, which it loads by itself. */
const englishOnly = {
  name: 'english-only',
  setup({ onLoad }) {
    onLoad({ filter: /node_modules\/zod\/v4\/locales\/index\.js$/ }, () => ({ contents: 'export {};', loader: 'js' }));
  },
};

export async function bundle(outdir) {
  rmSync(outdir, { recursive: true, force: true });
  mkdirSync(outdir, { recursive: true });
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ENTRIES,
    outdir,
    bundle: true,
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    minify: true,
    legalComments: 'none',
    banner: { js: COMMON_JS },
    loader: { '.wasm': 'binary' },
    plugins: [absent, noPrograms, collatorLater, englishOnly],
    define: { INLINE_SCAN_VERSION: JSON.stringify(version) },
    metafile: true,
    logLevel: 'warning',
  });
  writeFileSync(join(outdir, 'THIRD-PARTY-LICENSES.txt'), licenses(metafile));
  return metafile;
}

/** The licence texts of everything that is in the bundle. */
function licenses(metafile) {
  const used = new Set();
  for (const output of Object.values(metafile.outputs)) {
    for (const input of Object.keys(output.inputs)) {
      const match = /^(node_modules\/(?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/]+)\//.exec(input);
      if (match) used.add(match[1]);
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
  const outdir = process.argv[2] ?? join(root, 'dist');
  const metafile = await bundle(outdir);
  for (const [path, { bytes }] of Object.entries(metafile.outputs)) console.log(`${String(bytes).padStart(9)}  ${relative(root, join(root, path))}`);
}
