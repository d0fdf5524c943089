import type { FlatNode } from '../../image/image.js';
import type { EntryType } from '../../image/layer.js';
import { pythonOctal } from '../../text/octal.js';
import { pathToBytes } from '../../text/path.js';
import { pythonJson } from '../../text/python-json.js';
import type { Plain } from '../../text/python-json.js';
import type { Analyzer } from '../analyzer.js';
import { linkDestination, otherNames, symlinksByDestination } from './names.js';
import { fullMode, PERMISSIONS } from './stat.js';

/** The seed's word for a type. Python's tarfile counts a fifo among the devices (`isdev`). */
const TYPE_WORDS: Readonly<Record<EntryType, string>> = {
  file: 'file',
  hardlink: 'file',
  directory: 'dir',
  symlink: 'slink',
  block: 'dev',
  character: 'dev',
  fifo: 'dev',
};

/** `file_list`: every path of the flattened image, with its attributes (analysis report: files.all, files.allinfo). */
export function fileList(): Analyzer<never> {
  return {
    name: 'file-list',
    description: 'Every path of the image, with mode, owner, size and link target.',
    version: 1,
    wants: () => 'nothing',
    report({ image }) {
      const links = symlinksByDestination(image.flattened);
      const all: Record<string, string> = {};
      const allinfo: Record<string, string> = {};
      for (const node of image.flattened.nodes.values()) {
        all[node.path] = pythonOctal(node.entry.mode & PERMISSIONS);
        allinfo[node.path] = pythonJson(fileInfo(node, links));
      }
      return { file_list: { 'files.all': all, 'files.allinfo': allinfo } };
    },
  };
}

/** A row of files.allinfo, its keys in the seed's order. */
function fileInfo(node: FlatNode, links: ReadonlyMap<string, readonly string[]>): Readonly<Record<string, Plain>> {
  const { entry, path } = node;
  const symlink = entry.type === 'symlink';
  return {
    name: path,
    fullpath: path,
    // bytes, as lstat says; the seed counts characters, which differs where a target is not ASCII
    size: symlink ? pathToBytes(entry.linkname ?? '').length : node.size,
    mode: fullMode(entry.type, entry.mode),
    uid: entry.uid,
    gid: entry.gid,
    linkdst: symlink ? (entry.linkname ?? '') : null,
    linkdst_fullpath: linkDestination(node),
    type: TYPE_WORDS[entry.type],
    othernames: otherNames(node, links),
  };
}
