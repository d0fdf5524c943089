import picomatch from 'picomatch';
import type { Analyzer } from '../analyzer.js';
import { LONGEST_PATH } from '../files/stat.js';

export interface RetrieveFilesConfig {
  /** Absolute paths, or globs of them (`/etc/*.conf`, `/opt/**`). */
  readonly files: readonly string[];
  /** Larger files are left out, in bytes. */
  readonly maxFileBytes: number;
}

/** The seed's: /etc/passwd alone, 1,000 kB. */
export const DEFAULT_RETRIEVE_FILES: RetrieveFilesConfig = { files: ['/etc/passwd'], maxFileBytes: 1_000 * 1024 };

/** A report holds these files in memory twice; more of them are somebody's glob gone wild. */
const MAX_RETRIEVED_BYTES = 64 * 1024 * 1024;

/** `retrieve_files`: whole files, in base64, for rules about their content. */
export function retrieveFiles(config: RetrieveFilesConfig = DEFAULT_RETRIEVE_FILES): Analyzer<string> {
  const wanted = picomatch([...config.files], { dot: true, nonegate: true });
  return {
    name: 'retrieve-files',
    description: 'The content of /etc/passwd, or of the files that you name (analyzer-config: retrieve_files).',
    version: 1,
    settings: config,
    wants: ({ path }) => (path.length < LONGEST_PATH && wanted(`/${path}`) ? { limit: config.maxFileBytes, beyond: 'problem' } : 'nothing'),
    analyze: (_entry, bytes) => bytes.toString('base64'),
    report(view) {
      const base: Record<string, string> = {};
      let total = 0;
      for (const { path, fact } of view.facts()) {
        total += fact.length;
        if (total > MAX_RETRIEVED_BYTES) {
          view.problem(path, `Files to retrieve are more than ${MAX_RETRIEVED_BYTES} bytes together; this one and those behind it were left out.`);
          break;
        }
        base[path] = fact;
      }
      return { retrieve_files: { 'file_content.all': base } };
    },
  };
}
