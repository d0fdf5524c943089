import type { Analyzer } from './analyzer.js';
import { checksums } from './checksums.js';
import { contentSearch } from './contents/content-search.js';
import { retrieveFiles, type RetrieveFilesConfig } from './contents/retrieve-files.js';
import type { SearchConfig } from './contents/line-search.js';
import { fileList } from './files/file-list.js';
import { fileSuids } from './files/file-suids.js';
import { javaAnalyzer } from './java/analyzer.js';
import type { MalwareConfig } from './malware/address.js';
import { malware } from './malware/malware.js';
import { npmAnalyzer } from './npm/analyzer.js';
import { OS_ANALYZERS } from './os/index.js';
import { OTHER_PACKAGE_ANALYZERS } from './otherPackages.js';
import { pythonAnalyzer } from './python/analyzer.js';
import { condaAnalyzer } from './python/conda.js';
import { rubyAnalyzer } from './ruby/analyzer.js';
import { SECURITY_ANALYZERS } from './security/index.js';
import { secretSearch, type SecretSearchConfig } from './secrets/secret-search.js';

/** What a user may say about the analyzers; plain data, it crosses threads and is part of the cache's key. */
export interface AnalyzerConfig {
  /** Which analyzers run; all of them when it is left out. */
  readonly names?: readonly string[];
  /** From analyzer-config (config/read.ts); each analyzer has defaults of its own. */
  readonly secretSearch?: SecretSearchConfig;
  readonly contentSearch?: SearchConfig;
  readonly retrieveFiles?: RetrieveFilesConfig;
  /** Left out: no scanner, and no analyzer of that name. */
  readonly malware?: MalwareConfig;
}

/** Every analyzer, in the order in which files are shown to them. */
function everyAnalyzer(config: AnalyzerConfig): readonly Analyzer[] {
  return [
    checksums as Analyzer,
    ...OS_ANALYZERS,
    npmAnalyzer as Analyzer,
    pythonAnalyzer as Analyzer,
    condaAnalyzer,
    rubyAnalyzer as Analyzer,
    javaAnalyzer as Analyzer,
    ...OTHER_PACKAGE_ANALYZERS,
    fileList(),
    fileSuids(),
    secretSearch(config.secretSearch) as Analyzer,
    contentSearch(config.contentSearch) as Analyzer,
    retrieveFiles(config.retrieveFiles) as Analyzer,
    ...SECURITY_ANALYZERS,
    ...(config.malware === undefined ? [] : [malware(config.malware) as Analyzer]),
  ];
}

/** The analyzers that a configuration asks for. */
export function createAnalyzers(config: AnalyzerConfig): Analyzer[] {
  return everyAnalyzer(config).filter(({ name }) => config.names?.includes(name) ?? true);
}
