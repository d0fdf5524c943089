import { maskSecrets } from '../analyzers/secrets/mask.js';
import type { Mask } from './describe.js';

/** Instructions and messages come again and again; a report holds no more different ones than this. */
const REMEMBERED = 20_000;

/** Hides secrets, each text once: maskSecrets where nothing else is given. */
export function remembered(mask: Mask = maskSecrets): Mask {
  const known = new Map<string, string>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const masked = mask(text);
    if (known.size < REMEMBERED) known.set(text, masked);
    return masked;
  };
}
