import { isPublished } from '../packageFile/published.js';

/** The files that tell of Python's packages, by where they are. */
export type PythonFileKind =
  | 'metadata' | 'record' | 'installed-files' | 'top-level' | 'egg-zip' | 'wheel'
  | 'poetry-lock' | 'pipfile-lock' | 'uv-lock' | 'pdm-lock' | 'pylock' | 'requirements';

/**
 * What kind of file this is, or undefined.
 * `X.dist-info/METADATA` and `X.egg-info/PKG-INFO`, which of the two importlib.metadata reads in either; `X.egg-info` as a file;
 * `X.egg/EGG-INFO/PKG-INFO` of an unpacked egg; eggs and wheels as zips; lock files.
 */
export function pythonFileKind(path: string): PythonFileKind | undefined {
  const [name = '', folder = '', above = ''] = path.split('/').slice(-3).reverse();
  if (isInfoFolder(folder, above)) return inInfoFolder(name);
  if (name.endsWith('.egg-info')) return 'metadata';
  if (name.endsWith('.egg')) return 'egg-zip';
  if (name.endsWith('.whl')) return 'wheel';
  return isPublished(path) ? undefined : lockFile(name);
}

function isInfoFolder(folder: string, above: string): boolean {
  return folder.endsWith('.dist-info') || folder.endsWith('.egg-info') || (folder === 'EGG-INFO' && above.endsWith('.egg'));
}

function inInfoFolder(name: string): PythonFileKind | undefined {
  switch (name) {
    case 'METADATA': case 'PKG-INFO': return 'metadata';
    case 'RECORD': return 'record';
    case 'installed-files.txt': return 'installed-files';
    case 'top_level.txt': return 'top-level';
    default: return undefined;
  }
}

function lockFile(name: string): PythonFileKind | undefined {
  switch (name) {
    case 'poetry.lock': return 'poetry-lock';
    case 'Pipfile.lock': return 'pipfile-lock';
    case 'uv.lock': return 'uv-lock';
    case 'pdm.lock': return 'pdm-lock';
    default:
      if (/^pylock(?:\.[^.]+)?\.toml$/.test(name)) return 'pylock';
      return /requirements[^/]*\.txt$/i.test(name) ? 'requirements' : undefined;
  }
}
