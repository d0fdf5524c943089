import { pythonOctal } from '../../text/octal.js';
import type { Analyzer } from '../analyzer.js';
import { OTHERS_WRITE, PERMISSIONS, STICKY } from '../files/stat.js';

/**
 * `world_writable`: files and folders that everybody may write. Folders with the sticky bit (/tmp) are as they should be;
 * a symlink's own mode, and that of a device (/dev/null), say nothing.
 */
export function worldWritable(): Analyzer<never> {
  return {
    name: 'world-writable',
    description: 'Files and folders that everybody may write.',
    version: 1,
    rows: 'by-path',
    wants: () => 'nothing',
    report({ image }) {
      const base: Record<string, string> = {};
      for (const { path, entry } of image.flattened.nodes.values()) {
        const kind = entry.type === 'file' || entry.type === 'hardlink' || (entry.type === 'directory' && (entry.mode & STICKY) === 0);
        if (kind && (entry.mode & OTHERS_WRITE) !== 0) base[path] = pythonOctal(entry.mode & PERMISSIONS);
      }
      return { world_writable: { 'files.world_writable': base } };
    },
  };
}
