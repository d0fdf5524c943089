import { expect, test } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseAnalyzerConfig } from '../../src/analyzers/config/read.js';
import { createAnalyzers } from '../../src/analyzers/index.js';
import { secretKinds } from '../../src/analyzers/secrets/rules/index.js';

const PATH = fileURLToPath(new URL('../../docs/analyzers.md', import.meta.url));

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((row) => `|${row.map((cell) => ` ${cell.replaceAll('|', '\\|')} `).join('|')}|`).join('\n');
}

const TABLES: Readonly<Record<string, () => string>> = {
  analyzers: () => {
    const malware = { scanner: { kind: 'clamd', address: { path: '/' } }, signatures: '' } as const;
    return table(['analyzer', 'what it says'], createAnalyzers({ malware }).map(({ name, description }) => [`\`${name}\``, description]));
  },
  secrets: () => table(['kind', 'what it is'], [...secretKinds(), ['KEYSTORE', 'Keystore with a private key'] as const].sort().map(([name, title]) => [`\`${name}\``, title])),
};

test.each(Object.keys(TABLES))('the table of %s is what the code has', (name) => {
  const text = readFileSync(PATH, 'utf8');
  const [begin, end] = [`<!-- ${name}: begin -->\n`, `<!-- ${name}: end -->`];
  const from = text.indexOf(begin) + begin.length;
  const to = text.indexOf(end);
  const expected = `${TABLES[name]?.() ?? ''}\n`;
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(PATH, text.slice(0, from) + expected + text.slice(to));
  else expect(text.slice(from, to)).toBe(expected);
});

test('the configuration that is shown can be read', () => {
  const yaml = /```yaml\n(.*?)```/s.exec(readFileSync(PATH, 'utf8'))?.[1] ?? '';
  expect(Object.keys(parseAnalyzerConfig(yaml, 'docs'))).toEqual(['secretSearch', 'contentSearch', 'retrieveFiles', 'malware']);
});
