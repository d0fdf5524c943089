import { createHash } from 'node:crypto';

/**
 * The id of a finding that has none of its own: what allow lists name. Source: Anchore Engine 1.1.0, policy/gate.py.
 * `gate` and `trigger` are the declared, lower-case names; the message is part of the interface for this reason.
 */
export function triggerId(gate: string, trigger: string, message: string): string {
  return createHash('md5').update(gate + trigger + message, 'utf8').digest('hex');
}
