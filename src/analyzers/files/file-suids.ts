import { pythonOctal } from '../../text/octal.js';
import type { Analyzer } from '../analyzer.js';
import { PERMISSIONS, SET_GROUP_ID, SET_USER_ID } from './stat.js';

/**
 * `file_suids`: every path, directories too, with the set-user-ID or the set-group-ID bit.
 * The seed lists the first bit alone, though its policy rule is named after both.
 */
export function fileSuids(): Analyzer<never> {
  return {
    name: 'file-suids',
    description: 'Paths with the set-user-ID or set-group-ID bit.',
    version: 1,
    rows: 'by-path',
    wants: () => 'nothing',
    report({ image }) {
      const suids: Record<string, string> = {};
      for (const { path, entry } of image.flattened.nodes.values()) {
        // a symlink's own mode bits mean nothing to the kernel
        if (entry.type === 'symlink' || (entry.mode & (SET_USER_ID | SET_GROUP_ID)) === 0) continue;
        suids[path] = pythonOctal(entry.mode & PERMISSIONS);
      }
      return { file_suids: { 'files.suids': suids } };
    },
  };
}
