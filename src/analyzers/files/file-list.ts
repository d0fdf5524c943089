import type { FlatNode } from '../../image/image.js';
import type { EntryType } from '../../image/layer.js';
import { pythonOctal } from '../../text/octal.js';
import { pathToBytes } from '../../text/path.js';
import { pythonJson } from '../../text/python-json.js';
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
    rows: 'by-path-with-links',
    wants: () => 'nothing',
    report({ image }) {
      const links = symlinksByDestination(image.flattened);
      const all: Record<string, string> = {};
      const allinfo: Record<string, string> = {};
      for (const node of image.flattened.nodes.values()) {
        all[node.path] = pythonOctal(node.entry.mode & PERMISSIONS);
        allinfo[node.path] = fileInfo(node, links);
      }
      return { file_list: { 'files.all': all, 'files.allinfo': allinfo } };
    },
  };
}

/** A row of files.allinfo as `json.dumps` writes it, its keys in the seed's order; put together by hand, for there may be a million. */
function fileInfo(node: FlatNode, links: ReadonlyMap<string, readonly string[]>): string {
  const { entry, path } = node;
  const symlink = entry.type === 'symlink';
  const name = pythonJson(path);
  // bytes, as lstat says; the seed counts characters, which differs where a target is not ASCII
  const size = symlink ? pathToBytes(entry.linkname ?? '').length : node.size;
  const destination = pythonJson(linkDestination(node));
  const written = symlink ? pythonJson(entry.linkname ?? '') : 'null';
  const others = otherNames(node, links).map((other) => `${other === path ? name : pythonJson(other)}: true`);
  return (
    `{"name": ${name}, "fullpath": ${name}, "size": ${size}, "mode": ${fullMode(entry.type, entry.mode)}, "uid": ${entry.uid}, "gid": ${entry.gid}, ` +
    `"linkdst": ${written}, "linkdst_fullpath": ${destination}, "type": "${TYPE_WORDS[entry.type]}", "othernames": {${others.join(', ')}}}`
  );
}
