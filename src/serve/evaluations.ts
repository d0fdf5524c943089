import type { Evaluation } from '../evaluation/evaluation.js';
import type { Store, EvaluationRow } from './store/store.js';
import { Turns } from './turns.js';
import type { Evaluated, Matched, Workers } from './work/job.js';

export interface EvaluationsOptions {
  readonly store: Store;
  readonly workers: Workers;
  readonly now: () => Date;
  /** Told after each evaluation, with the verdict before it. */
  readonly onEvaluated: (account: string, evaluated: Evaluated, before: string | undefined) => void;
}

/** An evaluation that was just made, and the verdict before it. */
export interface Made extends EvaluationRow {
  readonly before: string | undefined;
}

/** Each that waits for its turn at a worker holds a packed report: a megabyte as a rule, fifty at most. */
const EVALUATIONS_AT_ONCE = 8;

/** Evaluates stored reports against the account's policy and what is known today, and keeps what came of it. */
export class Evaluations {
  private readonly options: EvaluationsOptions;
  /** Two that ask for the same image at once share one evaluation. */
  private readonly running = new Map<string, Promise<readonly Made[]>>();
  private readonly turns = new Turns(EVALUATIONS_AT_ONCE);
  private readonly expected = new Set<string>();

  constructor(options: EvaluationsOptions) {
    this.options = options;
  }

  /** The latest evaluation, or the first one now; undefined where the account has no such image under that name. */
  async latest(account: string, digest: string, name: string): Promise<Evaluation | undefined> {
    const { store } = this.options;
    const kept = await store.evaluation(account, digest, name);
    if (kept !== undefined) return JSON.parse(kept.text) as Evaluation;
    const [made] = await this.evaluate(account, digest, [name]);
    const first = made === undefined ? undefined : await store.evaluation(account, digest, name);
    return first === undefined ? undefined : JSON.parse(first.text) as Evaluation;
  }

  /**
   * Evaluates again under each of the names; fewer come back where the account has the image no longer.
   * @throws BackendError where the advisories cannot be had; Overtaxed where the report takes too much
   */
  evaluate(account: string, digest: string, names: readonly string[]): Promise<readonly Made[]> {
    const key = JSON.stringify([account, digest, ...names]);
    const running = this.running.get(key) ?? this.turns.run(() => this.evaluateNow(account, digest, names)).finally(() => {
      this.running.delete(key);
      for (const name of names) this.expected.delete(JSON.stringify([account, digest, name]));
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

  /** What advisories say of an image's packages, whatever the policy makes of it: undefined where there are no advisories, or no such image. */
  async matches(account: string, digest: string): Promise<Matched> {
    const report = await this.options.store.report(account, digest);
    return report === undefined ? undefined : this.options.workers.run({ kind: 'match', report, digest });
  }

  private async evaluateNow(account: string, digest: string, names: readonly string[]): Promise<readonly Made[]> {
    const { store, workers, now } = this.options;
    const report = await store.report(account, digest);
    if (report === undefined) return [];
    const policy = await store.activePolicy(account);
    const evaluated = await workers.run({
      kind: 'evaluate', report, digest, names, now: now().getTime(), policy: policy === undefined ? undefined : { id: policy.id, text: policy.text },
    });
    const made: Made[] = [];
    for (const one of evaluated) {
      const before = await this.keep(account, one);
      if (before !== undefined) made.push({ ...one.row, before: before.verdict });
    }
    return made;
  }

  /** Undefined where the image is gone by now. */
  private async keep(account: string, evaluated: Evaluated): Promise<{ readonly verdict: string | undefined } | undefined> {
    const { store, onEvaluated } = this.options;
    const { row, body, vulnerabilities } = evaluated;
    const verdict = (await store.latest(account, row.digest, row.name))?.verdict;
    if (!await store.addEvaluation(account, row, body, vulnerabilities)) return undefined;
    onEvaluated(account, evaluated, verdict);
    return { verdict };
  }
}
