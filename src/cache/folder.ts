import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Where facts and advisories are kept between runs: `INLINE_SCAN_CACHE_DIR`, else the system's place for what may be deleted at any time.
 * Source: XDG Base Directory Specification; Apple's and Microsoft's folder guidelines.
 */
export function cacheFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  const own = env['INLINE_SCAN_CACHE_DIR'];
  if (own !== undefined && own !== '') return own;
  return join(systemFolder(env, platform), 'inline-scan');
}

function systemFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  if (platform === 'win32') return env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches');
  const xdg = env['XDG_CACHE_HOME'];
  return xdg !== undefined && xdg.startsWith('/') ? xdg : join(homedir(), '.cache');
}
