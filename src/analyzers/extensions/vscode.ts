import * as z from 'zod';
import { packageFileAnalyzer } from '../packageFile/analyzer.js';
import { purlOf, type PackageDraft } from '../packageFile/draft.js';
import { readJson, shaped } from '../packageFile/read.js';

/**
 * Extensions of VS Code and its kin: `extensions/PUBLISHER.NAME-VERSION/package.json`, an npm manifest with `publisher` and `engines.vscode`.
 * Source: Visual Studio Code, "Extension Manifest".
 */
const Manifest = z.object({
  name: z.string().catch(''),
  version: z.string().catch(''),
  publisher: z.string().catch(''),
  displayName: z.string().optional().catch(undefined),
  license: z.string().optional().catch(undefined),
  engines: z.object({ vscode: z.string() }).optional().catch(undefined),
});

function parseVsCodeExtension(bytes: Buffer): readonly PackageDraft[] {
  const { name, version, publisher, displayName, license, engines } = shaped(Manifest, readJson(bytes));
  // Other packages lie in folders called `extensions`, too.
  if (engines === undefined || publisher === '' || name === '') return [];
  return [{
    name: `${publisher}.${name}`,
    version,
    purl: purlOf({ type: 'vscode-extension', namespace: publisher, name, version }),
    licenses: license === undefined ? [] : [license],
    origin: publisher,
    metadata: { engine: engines.vscode, ...(displayName === undefined || displayName.startsWith('%') ? {} : { title: displayName }) },
  }];
}

export const vscode = packageFileAnalyzer({
  name: 'vscode',
  description: 'Extensions of VS Code, code-server and their kin.',
  version: 1,
  type: 'vscode',
  // Manifests list commands and settings: the largest have 500 kB.
  limit: 4 * 1024 * 1024,
  matches: (path) => /(?:^|\/)extensions\/[^/]+\/package\.json$/.test(path),
  parse: parseVsCodeExtension,
});
