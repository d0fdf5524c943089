import { assignedRule } from '../assigned.js';
import type { SecretRule } from '../rule.js';
import { tokenRule } from '../token.js';
import { ASSIGNED_KEYS, CLOUD_TOKENS, FORGE_TOKENS } from './cloud.js';
import { CONNECTION_RULES } from './connection.js';
import { FILE_RULES } from './files.js';
import { NAMED_RULES } from './named.js';
import { ORIGINAL_RULES } from './original.js';
import { PRIVATE_KEY_RULES } from './private-key.js';
import { SERVICE_TOKENS } from './services.js';

/** Everything that is looked for. */
export const RULES: readonly SecretRule[] = [
  ...ORIGINAL_RULES,
  ...PRIVATE_KEY_RULES,
  ...FILE_RULES,
  ...[...CLOUD_TOKENS, ...FORGE_TOKENS, ...SERVICE_TOKENS].map(tokenRule),
  ...CONNECTION_RULES,
  ...ASSIGNED_KEYS.map(assignedRule),
  ...NAMED_RULES,
];

/** Every name with what it means, for documentation and configuration. */
export function secretKinds(): ReadonlyMap<string, string> {
  return new Map(RULES.map((rule) => [rule.name, rule.title]));
}

