import { BackendError, InputError } from '../../errors.js';
import type { Evaluation } from '../../evaluation/evaluation.js';
import type { HttpClient } from '../../http/client.js';
import { identityOf } from '../../report/archive/members.js';
import { tellLargest } from '../../report/archive/largest.js';
import { writeAnalysisArchive } from '../../report/archive/write.js';
import type { Backend, Subject } from '../backend.js';
import { SysdigApi } from './api.js';
import { readCheck, type CheckedImage } from './check.js';
import { evaluationOf } from './evaluation.js';
import { readPolicyNames } from './policies.js';
import { readVulnerabilities } from './vulnerabilities.js';

export interface SysdigOptions {
  readonly url: string;
  /** A client that asks until the given point in time. */
  readonly http: (deadline: number) => HttpClient;
  readonly tool: { readonly name: string; readonly version: string };
  /** Where analysis-archive.tgz goes. */
  readonly archiveFile: string;
  /** From the first request to the result, in milliseconds. */
  readonly patience: number;
  /** Most bytes that are sent; LARGEST_ARCHIVE where it is not given. */
  readonly largestArchive?: number;
  /** Whether an image that the backend knows is sent all the same. */
  readonly force?: boolean;
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
const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** Most bytes of an archive: what `inline-scan serve` takes, with the form around it. An image of a million files has about 60 MB. */
const LARGEST_ARCHIVE = 127 * 1024 * 1024;

/** Sysdig Secure's first scanning engine, or a backend that speaks its API: known digest → account → import → poll → result. */
export class SysdigBackend implements Backend {
  readonly name: string;
  private readonly options: SysdigOptions;

  constructor(options: SysdigOptions) {
    this.name = options.url;
    this.options = options;
  }

  /** That the backend is there and takes the token: told before an image is analysed for nothing. @throws BackendError */
  async probe(): Promise<void> {
    await this.conversation().api.status();
  }

  async evaluate(subject: Subject): Promise<Evaluation> {
    const { digest, name } = subject.image;
    if (!HEADER_SAFE.test(name)) throw new InputError(`The image's name ${JSON.stringify(name)} cannot be sent to a backend. Give another with name.`);
    if (!DIGEST.test(digest)) throw new InputError(`The report of ${name} has no digest, by which a backend knows an image. Analyse the image again.`);
    const conversation = this.conversation();
    await conversation.api.status();
    const known = this.options.force === true ? undefined : await conversation.api.check(digest, name);
    const answer = known ?? await this.submit(subject, conversation);
    const checked = readCheck(answer, digest, name);
    return this.complete(subject, checked, known !== undefined, conversation);
  }

  private conversation(): Conversation {
    const deadline = this.options.now().getTime() + this.options.patience;
    return { api: new SysdigApi(this.options.http(deadline)), deadline };
  }

  private async submit({ image, report, reportFile }: Subject, conversation: Conversation): Promise<unknown> {
    const { api } = conversation;
    const { archiveFile, tool, onProgress, largestArchive = LARGEST_ARCHIVE } = this.options;
    const account = await api.account();
    const archive = await writeAnalysisArchive(archiveFile, reportFile, report, identityOf(image, account), tool.version);
    if (archive.bytes > largestArchive) throw new InputError(`The analysis of ${image.name} has ${archive.bytes} bytes, and at most ${largestArchive} are sent. ${tellLargest(report)}`);
    onProgress(`Sending ${archive.bytes} bytes of metadata to ${this.name}`);
    const uploaded = await api.upload({ imageId: image.id, digest: image.digest, name: image.name }, archive.path, archive.bytes);
    if (uploaded === 'known') await api.addAlias(image.digest, image.name);
    return this.poll(image.digest, image.name, conversation);
  }

  private async poll(digest: string, name: string, { api, deadline }: Conversation): Promise<unknown> {
    let pause = FIRST_POLL;
    for (let polls = 1; ; polls += 1) {
      const answer = await api.check(digest, name);
      if (answer !== undefined) return answer;
      if (polls > POLLS_BEFORE_DOUBT && await api.analysisStatus(digest) === 'analysis_failed') {
        throw new BackendError('The backend could not analyse the image (analysis_failed). Look at the image there, or evaluate without a backend.');
      }
      if (this.options.now().getTime() + pause >= deadline) {
        throw new BackendError(`The backend had no evaluation of ${name} in time. It may still be at work: run the step again.`);
      }
      await this.options.sleep(pause);
      pause = Math.min(LONGEST_POLL, pause * 2);
    }
  }

  private async complete({ image }: Subject, checked: CheckedImage, recalled: boolean, { api }: Conversation): Promise<Evaluation> {
    const { url, tool, now } = this.options;
    const list = await unlessRefused(api.vulnerabilities(image.digest).then(readVulnerabilities));
    const unnamed = checked.findings.some(({ policy }) => !checked.policyNames.has(policy));
    const names = unnamed ? await unlessRefused(api.policyEvaluation(image.digest, image.name).then(readPolicyNames)) : undefined;
    const problems = [
      ...checked.problems,
      ...(list === undefined ? ['The backend gave no list of vulnerabilities, so findings have no details; the verdict is the backend\'s all the same.'] : []),
      ...(list !== undefined && list.unreadable > 0 ? [`${list.unreadable} of the backend's vulnerabilities could not be read.`] : []),
    ];
    const notices = recalled ? ['The backend knew this image already: nothing was sent.'] : [];
    const named = { ...checked, policyNames: new Map([...names ?? [], ...checked.policyNames]) };
    return evaluationOf({ image, checked: named, vulnerabilities: list?.vulnerabilities ?? [], problems, notices, url, tool, now: now() });
  }
}

/** The requests about one image, all before one deadline. */
interface Conversation {
  readonly api: SysdigApi;
  readonly deadline: number;
}

/** What the verdict does not depend on: an error of the backend is none. */
function unlessRefused<Result>(asked: Promise<Result>): Promise<Result | undefined> {
  return asked.catch((error: unknown) => {
    if (error instanceof BackendError) return undefined;
    throw error;
  });
}
