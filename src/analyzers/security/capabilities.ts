import type { Analyzer } from '../analyzer.js';
import { capabilityText } from './capability-names.js';

/** `capabilities`: path → a file's capabilities, as getcap(8) prints them. They give away parts of root as set-user-ID gives the whole. */
export function capabilities(): Analyzer<never> {
  return {
    name: 'capabilities',
    description: 'Files with Linux capabilities (security.capability).',
    version: 1,
    rows: 'by-path',
    wants: () => 'nothing',
    report(view) {
      const base: Record<string, string> = {};
      for (const { path, entry } of view.image.flattened.nodes.values()) {
        const attribute = entry.xattrs?.['security.capability'];
        if (attribute === undefined) continue;
        const text = capabilityText(Buffer.from(attribute, 'base64'));
        if (text === undefined) view.problem(path, 'Its attribute security.capability has none of the three known forms.');
        else base[path] = text;
      }
      return { capabilities: { 'files.capabilities': base } };
    },
  };
}
