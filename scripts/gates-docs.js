/** Writes docs/gates.md and docs/policy.schema.json from the gates' own descriptions. A test fails when they are not as this writes them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const folder = mkdtempSync(join(tmpdir(), 'gates-docs-'));
try {
  const outfile = join(folder, 'gates.mjs');
  await build({
    stdin: {
      contents: "export { gatesDocument } from './src/evaluation/policy/gatesDocument.ts'; export { policySchema } from './src/evaluation/policy/policySchema.ts';",
      resolveDir: process.cwd(),
      loader: 'ts',
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  const { gatesDocument, policySchema } = await import(pathToFileURL(outfile).href);
  writeFileSync('docs/gates.md', gatesDocument());
  writeFileSync('docs/policy.schema.json', `${JSON.stringify(policySchema(), null, 2)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
