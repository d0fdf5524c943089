import { BackendError, InputError } from '../../errors.js';
import type { Evaluation } from '../../evaluation/evaluation.js';
import type { HttpClient } from '../../http/client.js';
import { writeAnalysisArchive } from '../../report/archive/write.js';
import type { Backend, Subject } from '../backend.js';
import { SysdigApi } from './api.js';
import { readCheck, type CheckedImage } from './check.js';
import { evaluationOf } from './evaluation.js';
import { readVulnerabilities } from './vulnerabilities.js';

export interface SysdigOptions {
  readonly url: string;
  readonly http: HttpClient;
  readonly tool: { readonly name: string; readonly version: string };
  /** Where analysis-archive.tgz goes. */
  readonly archiveFile: string;
  /** Point in time past which no result is waited for. */
  readonly deadline: number;
  readonly now: () => Date;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly onProgress: (line: string) => void;
}

/** Between two questions whether the evaluation is there, in milliseconds: the first, and the longest. */
const FIRST_POLL = 1_000;
const LONGEST_POLL = 10_000;

/** Pauses after which the backend is asked whether it has given up. */
const POLLS_BEFORE_DOUBT = 5;

/** What an HTTP header may carry: the name goes into one. */
const HEADER_SAFE = /^[\x21-\x7e]+$/;

/** Sysdig Secure's first scanning engine, or a backend that speaks its API: known digest → account → import → poll → result. */
export class SysdigBackend implements Backend {
  readonly name: string;
  private readonly api: SysdigApi;
  private readonly options: SysdigOptions;

  constructor(options: SysdigOptions) {
    this.name = options.url;
    this.options = options;
    this.api = new SysdigApi(options.http);
  }

  async evaluate(subject: Subject): Promise<Evaluation> {
    const { digest, name } = subject.image;
    if (!HEADER_SAFE.test(name)) throw new InputError(`The image's name ${JSON.stringify(name)} cannot be sent to a backend. Give another with name.`);
    await this.api.status();
    const known = await this.api.check(digest, name);
    const answer = known ?? await this.submit(subject);
    const checked = readCheck(answer, digest, name);
    return this.complete(subject, checked, known !== undefined);
  }

  private async submit(subject: Subject): Promise<unknown> {
    const { image, report, reportFile } = subject;
    const account = await this.api.account();
    const at = image.created === '' ? new Date(0).toISOString() : image.created;
    const archive = await writeAnalysisArchive(this.options.archiveFile, reportFile, report, { account, digest: image.digest, name: image.name, at }, this.options.tool.version);
    this.options.onProgress(`Sending ${archive.bytes} bytes of metadata to ${this.name}`);
    const uploaded = await this.api.upload({ imageId: image.id, digest: image.digest, name: image.name }, archive.path, archive.bytes);
    if (uploaded === 'known') await this.api.addAlias(image.digest, image.name);
    return this.poll(image.digest, image.name);
  }

  private async poll(digest: string, name: string): Promise<unknown> {
    let pause = FIRST_POLL;
    for (let polls = 1; ; polls += 1) {
      const answer = await this.api.check(digest, name);
      if (answer !== undefined) return answer;
      if (polls > POLLS_BEFORE_DOUBT && await this.api.analysisStatus(digest) === 'analysis_failed') {
        throw new BackendError('The backend could not analyse the image (analysis_failed). Look at the image there, or evaluate without a backend.');
      }
      if (this.options.now().getTime() + pause >= this.options.deadline) {
        throw new BackendError(`The backend had no evaluation of ${name} in time. It may still be at work: run the step again.`);
      }
      await this.options.sleep(pause);
      pause = Math.min(LONGEST_POLL, pause * 2);
    }
  }

  private async complete({ image }: Subject, checked: CheckedImage, recalled: boolean): Promise<Evaluation> {
    const { url, tool, now } = this.options;
    const list = await this.api.vulnerabilities(image.digest).then(readVulnerabilities).catch((error: unknown) => {
      if (error instanceof BackendError) return undefined;
      throw error;
    });
    const problems = [
      ...checked.problems,
      ...(recalled ? ['The backend knew this image already: nothing was sent.'] : []),
      ...(list === undefined ? ['The backend gave no list of vulnerabilities, so findings have no details; the verdict is the backend\'s all the same.'] : []),
      ...(list !== undefined && list.unreadable > 0 ? [`${list.unreadable} of the backend's vulnerabilities could not be read.`] : []),
    ];
    return evaluationOf({ image, checked, vulnerabilities: list?.vulnerabilities ?? [], problems, url, tool, now: now() });
  }
}
