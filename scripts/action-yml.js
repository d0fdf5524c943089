// Writes action.yml, and README's tables of inputs and outputs, from the one description in src/: npm run action-yml
import { readFileSync, writeFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { load } from './load.js';

const { OPTIONS, OUTPUTS } = await load("export { OPTIONS } from './src/options.ts'; export { OUTPUTS } from './src/outputs.ts';");
const action = {
  name: 'Inline Scan',
  description: 'Scans the container image that this job has just built, before it goes anywhere: vulnerabilities, secrets, policy, at the Dockerfile line',
  author: 'Inline Scan',
  branding: { icon: 'shield', color: 'blue' },
  inputs: Object.fromEntries(OPTIONS.map(({ name, description, fallback, allowed }) => [name, {
    description: `${description}${allowed ? `. One of: ${allowed.join(', ')}` : ''}`, required: false, default: fallback,
  }])),
  outputs: Object.fromEntries(Object.entries(OUTPUTS).map(([name, description]) => [name, { description }])),
  runs: { using: 'node24', main: 'dist/action.js' },
};
writeFileSync('action.yml', `# Written by npm run action-yml from src/options.ts and src/outputs.ts\n${stringify(action, { lineWidth: 0 })}`);

const cell = (text) => text.replaceAll('|', '\\|');
const inputs = OPTIONS.map(({ name, description, fallback, allowed }) =>
  `| \`${name}\` | ${fallback === '' ? '' : `\`${fallback}\``} | ${cell(description)}${allowed ? `. One of \`${allowed.join('`, `')}\`` : ''} |`);
const outputs = Object.entries(OUTPUTS).map(([name, description]) => `| \`${name}\` | ${cell(description)} |`);
const fill = (text, mark, rows) => text.replace(new RegExp(`(<!-- ${mark}: [^>]*-->)[^]*?(<!-- /${mark} -->)`), (_, open, close) => `${open}\n\n${rows.join('\n')}\n\n${close}`);
const readme = readFileSync('README.md', 'utf8');
writeFileSync('README.md', fill(fill(readme, 'inputs', ['| input | default | meaning |', '|---|---|---|', ...inputs]), 'outputs', ['| output | holds |', '|---|---|', ...outputs]));
