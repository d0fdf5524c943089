import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TOOL } from './tool.js';

/** Names all code of a bundle: what is beside this file is named by its content. So nothing that one build made is taken by another. */
export function buildIdentity(): string {
  const beside = readdirSync(dirname(fileURLToPath(import.meta.url))).sort();
  return `${TOOL.version} ${createHash('sha256').update(beside.join('\n')).digest('hex')}`;
}
