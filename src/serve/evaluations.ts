import type { AdvisorySource } from '../evaluation/advisories/open.js';
import { explain } from '../evaluation/evaluate.js';
import type { Evaluation } from '../evaluation/evaluation.js';
import { NO_EXCEPTIONS } from '../evaluation/exceptions/exception.js';
import type { Bundle } from '../evaluation/policy/bundle.js';
import { loadPolicies } from '../evaluation/policy/loadPolicies.js';
import { readBundle } from '../evaluation/policy/readBundle.js';
import type { AdvisoryAnswer } from '../evaluation/vulnerability.js';
import { parseReport } from '../report/parse.js';
import { readReport } from '../report/read.js';
import type { ScannedImage } from '../report/scanned.js';
import type { Store } from './store/store.js';
import { Turns } from './turns.js';

export interface EvaluationsOptions {
  readonly store: Store;
  /** null: rules that need advisories are not evaluated, and say so. */
  readonly advisories: Pick<AdvisorySource, 'match'> | null;
  readonly tool: Evaluation['tool'];
  readonly now: () => Date;
  /** For what takes the processor: one at once. */
  readonly heavy: Turns;
  /** Told after each evaluation, with the one before it. */
  readonly onEvaluated: (account: string, evaluation: Evaluation, before: string | undefined) => void;
}

/** Policy of an account that has uploaded none. */
const DEFAULT_POLICY = 'default';

/** Compiled bundles that are kept: one of each account that is active, and one may be large. */
const MOST_BUNDLES = 50;

/** Each holds a report of up to some hundred megabytes, unpacked. */
const EVALUATIONS_AT_ONCE = 4;

/** Evaluates stored reports against the account's policy and what is known today, and keeps what came of it. */
export class Evaluations {
  private readonly options: EvaluationsOptions;
  /** Two that ask for the same image at once share one evaluation. */
  private readonly running = new Map<string, Promise<Evaluation | undefined>>();
  /** Some wait for a network, and others need not wait for them. */
  private readonly evaluations = new Turns(EVALUATIONS_AT_ONCE);
  private readonly expected = new Set<string>();
  /** By the policy's text: bundles are compiled once. */
  private readonly bundles = new Map<string, Bundle>();

  constructor(options: EvaluationsOptions) {
    this.options = options;
  }

  /** The latest evaluation, or the first one now; undefined where the account has no such image. */
  async latest(account: string, digest: string, name: string): Promise<Evaluation | undefined> {
    const kept = await this.options.store.evaluation(account, digest, name);
    return kept === undefined ? this.evaluate(account, digest, name) : JSON.parse(kept.text) as Evaluation;
  }

  /**
   * Evaluates again; undefined where the account has no such image.
   * @param known the image, where whoever asks has just read it
   * @throws BackendError where the advisories cannot be had
   */
  evaluate(account: string, digest: string, name: string, known?: ScannedImage): Promise<Evaluation | undefined> {
    const key = JSON.stringify([account, digest, name]);
    const running = this.running.get(key) ?? this.evaluations.run(() => this.evaluateNow(account, digest, name, known)).finally(() => {
      this.running.delete(key);
      this.expected.delete(key);
    });
    this.running.set(key, running);
    return running;
  }

  /** Says that an evaluation will follow an answer; until it is there, `isExpected`. */
  expect(account: string, digest: string, name: string): void {
    this.expected.add(JSON.stringify([account, digest, name]));
  }

  isExpected(account: string, digest: string, name: string): boolean {
    return this.expected.has(JSON.stringify([account, digest, name]));
  }

  /** What advisories say of an image's packages, whatever the policy makes of it. */
  async matches(account: string, digest: string, known?: ScannedImage): Promise<{ readonly image: ScannedImage; readonly answer: AdvisoryAnswer | undefined } | undefined> {
    const image = known ?? await this.image(account, digest);
    if (image === undefined) return undefined;
    return { image, answer: await this.options.advisories?.match(image.packages, image.distro) };
  }

  async bundleOf(account: string): Promise<Bundle> {
    const policy = await this.options.store.activePolicy(account);
    const text = policy?.text ?? DEFAULT_POLICY;
    const known = this.bundles.get(text);
    if (known !== undefined) return known;
    const bundle = policy === undefined ? loadPolicies([DEFAULT_POLICY], () => undefined)[0] : readBundle(policy.id, policy.text);
    if (bundle === undefined) throw new Error('There is no default policy');
    if (this.bundles.size >= MOST_BUNDLES) this.bundles.clear();
    this.bundles.set(text, bundle);
    return bundle;
  }

  private async evaluateNow(account: string, digest: string, name: string, known: ScannedImage | undefined): Promise<Evaluation | undefined> {
    const found = await this.matches(account, digest, known);
    if (found === undefined) return undefined;
    const { store, tool, now, onEvaluated } = this.options;
    const bundle = await this.bundleOf(account);
    const { evaluation } = await this.options.heavy.run(() => explain({ ...found.image, name, digest }, {
      bundles: [bundle], exceptions: NO_EXCEPTIONS, vex: NO_EXCEPTIONS, tool, now: now(),
      advisories: found.answer ?? { unavailable: 'this server has no advisories (--advisories none)' },
    }));
    const before = await store.latest(account, digest, name);
    const isKept = await store.addEvaluation(account, {
      digest, name, policyId: (await store.activePolicy(account))?.id ?? DEFAULT_POLICY, evaluatedAt: now().getTime(), verdict: evaluation.verdict,
      status: evaluation.status, stops: evaluation.counts.stop, warnings: evaluation.counts.warn, text: JSON.stringify(evaluation),
    }, (found.answer?.matches ?? []).flatMap(({ id, aliases }) => [id, ...aliases]));
    if (!isKept) return undefined;
    onEvaluated(account, evaluation, before?.verdict);
    return evaluation;
  }

  /** A stored report, read; undefined where the account has no such image. */
  async image(account: string, digest: string): Promise<ScannedImage | undefined> {
    const report = await this.options.store.report(account, digest);
    return report === undefined ? undefined : this.options.heavy.run(() => readReport(parseReport(Buffer.from(report).toString('utf8'), digest)));
  }
}
