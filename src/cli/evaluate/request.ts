import type { Analyzed } from '../../analyze.js';
import { prepareEvaluator, type Evaluator } from '../../evaluator.js';
import type { Host } from '../../host.js';
import type { EvaluationOptions, ShowOptions } from '../../options.js';
import { readReportFile } from '../../report/parse.js';
import { readReport } from '../../report/read.js';
import { findDockerfile, namedDockerfile } from '../../workspace.js';
import type { Format } from '../given.js';
import { ReportMemory } from './reportMemory.js';

/** What `evaluate` was asked, as plain data: threads are given the same. */
export interface EvaluateRequest {
  readonly options: EvaluationOptions;
  readonly show: ShowOptions;
  readonly cache: boolean;
  readonly dockerfile: { readonly dockerfile: string; readonly target: string };
  readonly format: Format;
  readonly quiet: boolean;
  readonly explain: boolean;
  /** Absolute path. */
  readonly outputDirectory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The same, and what evaluates. */
export interface Prepared {
  readonly request: EvaluateRequest;
  readonly evaluator: Evaluator;
  readonly host: Host;
  /** Holds the report that is being evaluated. */
  readonly memory: ReportMemory;
}

/** @throws InputError for a policy, a Dockerfile … that is not there or cannot be understood; BackendError */
export async function prepare(request: EvaluateRequest, host: Host): Promise<Prepared> {
  await namedDockerfile(request.dockerfile, host);
  return { request, host, memory: new ReportMemory(), evaluator: await prepareEvaluator(request.options, request.outputDirectory, request.cache, host) };
}

/** A stored report, as if its image had just been analysed; until the next one is asked for. @throws InputError where there is none, or it is none */
export async function stored(path: string, { request, host, memory }: Prepared): Promise<Analyzed> {
  const report = await readReportFile(path, (file, size) => memory.read(file, size));
  const image = readReport(report);
  // a report that holds its own Dockerfile needs none of the workspace's, unless it is named
  const found = request.dockerfile.dockerfile === '' ? undefined : await findDockerfile(request.dockerfile, image.history, host);
  const own = image.dockerfile.mode === 'Actual' ? { path: 'Dockerfile', contents: image.dockerfile.contents, target: request.dockerfile.target } : undefined;
  return { report, image, reportFile: path, dockerfile: found ?? own };
}
