import { join } from 'node:path';
import { analyze } from '../analyze.js';
import { createAnalyzers } from '../analyzers/index.js';
import { InputError } from '../errors.js';
import { readAnalysisOptions, readOptions } from '../options.js';
import { makeOutputDirectory } from '../outputDirectory.js';
import { ANY_ACCOUNT, identityOf } from '../report/archive/members.js';
import { writeAnalysisArchive } from '../report/archive/write.js';
import { TOOL } from '../tool.js';
import { flagOf, rawOptions, withTarget, type Given } from './given.js';
import { atTerminal } from './host.js';

/** `inline-scan analyze`: phase 1 alone. */
export async function analyzeCommand(target: string | undefined, given: Given, env: NodeJS.ProcessEnv): Promise<number> {
  if (flagOf(given, 'list')) return listAnalyzers();
  if (target === undefined) throw new InputError('There is nothing to analyse. Give the name of an image, or the path of an archive.');
  const raw = rawOptions(given, env);
  const options = readOptions(await withTarget(raw, target));
  const paths = await atTerminal(env, flagOf(given, 'quiet'), async (host) => {
    const directory = await makeOutputDirectory(options.outputDirectory, host);
    const { report, image, reportFile } = await analyze({ ...options, analysis: readAnalysisOptions(raw) }, directory, host);
    if (!flagOf(given, 'archive')) return [reportFile];
    const archive = await writeAnalysisArchive(join(directory, 'analysis-archive.tgz'), reportFile, report, identityOf(image, ANY_ACCOUNT), TOOL.version);
    return [reportFile, archive.path];
  });
  for (const path of paths) process.stdout.write(`${path}\n`);
  return 0;
}

function listAnalyzers(): number {
  const analyzers = createAnalyzers({});
  const width = Math.max(...analyzers.map(({ name }) => name.length));
  for (const { name, description } of analyzers) process.stdout.write(`${name.padEnd(width)}  ${description}\n`);
  return 0;
}
