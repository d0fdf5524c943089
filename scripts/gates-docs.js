/** Writes docs/gates.md and docs/policy.schema.json from the gates' own descriptions. A test fails when they are not as this writes them. */
import { writeFileSync } from 'node:fs';
import { load } from './load.js';

const { gatesDocument, policySchema } = await load(`
  export { gatesDocument } from './src/evaluation/policy/gatesDocument.ts';
  export { policySchema } from './src/evaluation/policy/policySchema.ts';
`);
writeFileSync('docs/gates.md', gatesDocument());
writeFileSync('docs/policy.schema.json', `${JSON.stringify(policySchema(), null, 2)}\n`);
