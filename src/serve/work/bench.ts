import type { AdvisorySource } from '../../evaluation/advisories/open.js';
import { evaluate } from '../../evaluation/evaluate.js';
import { NO_EXCEPTIONS } from '../../evaluation/exceptions/exception.js';
import type { Bundle } from '../../evaluation/policy/bundle.js';
import { builtInBundle } from '../../evaluation/policy/loadPolicies.js';
import { readBundle } from '../../evaluation/policy/readBundle.js';
import { parseReport } from '../../report/parse.js';
import { readReport } from '../../report/read.js';
import type { ScannedImage } from '../../report/scanned.js';
import { TOOL } from '../../tool.js';
import { readImported } from '../api/importedImage.js';
import type { EvaluateJob, Evaluated, ImportJob, Imported, Job, MatchJob, Matched, ResultOf, Results } from './job.js';
import { pack, unpackNow } from './packed.js';

/** Policy of an account that has uploaded none. */
const DEFAULT_POLICY = 'default';

/** Compiled bundles that are kept: one of each account that is active, and one may be large. */
const MOST_BUNDLES = 50;

/** Characters of a distribution's name and version, as the image has them. */
const LONGEST_DISTRO = 200;

/** Does jobs, one after the other or several at once where some wait for a network. */
export class Bench {
  /** null: rules that need advisories are not evaluated, and say so. */
  private readonly advisories: Pick<AdvisorySource, 'match'> | null;
  /** By the policy's text: bundles are compiled once. */
  private readonly bundles = new Map<string, Bundle>();

  constructor(advisories: Pick<AdvisorySource, 'match'> | null) {
    this.advisories = advisories;
  }

  async run<Asked extends Job>(job: Asked): Promise<ResultOf<Asked>> {
    return await this.do(job) as ResultOf<Asked>;
  }

  private async do(job: Job): Promise<Results[Job['kind']]> {
    if (job.kind === 'import') return importReport(job);
    return job.kind === 'evaluate' ? this.evaluate(job) : this.match(imageOf(job));
  }

  private async match({ packages, distro }: ScannedImage): Promise<Matched> {
    return this.advisories?.match(packages, distro);
  }

  private async evaluate(job: EvaluateJob): Promise<Evaluated[]> {
    const image = imageOf(job);
    const answer = await this.match(image);
    const bundle = this.bundleOf(job.policy);
    const vulnerabilities = (answer?.matches ?? []).flatMap(({ id, aliases }) => [id, ...aliases]);
    return job.names.map((name) => {
      const evaluation = evaluate(named(image, name, job.digest), {
        bundles: [bundle], exceptions: NO_EXCEPTIONS, vex: NO_EXCEPTIONS, tool: TOOL, now: new Date(job.now),
        advisories: answer ?? { unavailable: 'this server has no advisories (--advisories none)' },
      });
      const { verdict, status, counts } = evaluation;
      return {
        row: { digest: job.digest, name, policyId: job.policy?.id ?? DEFAULT_POLICY, evaluatedAt: job.now, verdict, status, stops: counts.stop, warnings: counts.warn },
        body: pack(JSON.stringify(evaluation)), vulnerabilities, counts: { ...counts },
      };
    });
  }

  private bundleOf(policy: EvaluateJob['policy']): Bundle {
    const text = policy?.text ?? DEFAULT_POLICY;
    const known = this.bundles.get(text);
    if (known !== undefined) return known;
    const bundle = policy === undefined ? builtInBundle(DEFAULT_POLICY) : readBundle(policy.id, policy.text);
    if (bundle === undefined) throw new Error('There is no default policy');
    if (this.bundles.size >= MOST_BUNDLES) this.bundles.clear();
    this.bundles.set(text, bundle);
    return bundle;
  }
}

function importReport({ claimed, account, members }: ImportJob): Imported {
  const { report, analysis } = readImported(members, claimed, account);
  const { distro, sizeBytes } = readReport(report);
  return {
    distro: `${distro.id}:${distro.version}`.slice(0, LONGEST_DISTRO),
    sizeBytes: Number.isSafeInteger(sizeBytes) && sizeBytes >= 0 ? sizeBytes : 0,
    report: pack(analysis),
  };
}

function imageOf({ report, digest }: EvaluateJob | MatchJob): ScannedImage {
  return readReport(parseReport(unpackNow(report), digest));
}

/** The image under one of its names; sections that nobody asks for stay unread, so it is not copied. */
function named(image: ScannedImage, name: string, digest: string): ScannedImage {
  return Object.create(image, { name: { value: name }, digest: { value: digest } }) as ScannedImage;
}
