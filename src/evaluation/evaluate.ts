import { InputError } from '../errors.js';
import type { ScannedImage } from '../report/scanned.js';
import type { Evaluation, EvaluatedImage, Finding, PolicyOutcome, Verdict } from './evaluation.js';
import { applyExceptions, type Subject } from './exceptions/apply.js';
import type { Exceptions } from './exceptions/exception.js';
import { explainBundle, explainExceptions } from './explain.js';
import { applyBundle, bundleVerdict, PreparedGates, type BundleResult, type Decision } from './policy/applyBundle.js';
import type { Bundle, Policy } from './policy/bundle.js';
import type { Scan } from './policy/gate.js';
import { RegexBudget } from './policy/regex.js';
import { redact } from '../text/redact.js';
import { advisoryProblems, bundleProblems, emptyNotices, listNotEvaluated, ruleNotices } from './told.js';
import { countFindings, gravest, sortFindings, statusOf } from './verdict.js';
import type { AdvisoryAnswer } from './vulnerability.js';

/** What an image is held against. */
export interface EvaluationContext {
  readonly bundles: readonly Bundle[];
  readonly exceptions: Exceptions;
  /** VEX statements; they are read as exceptions are. */
  readonly vex: Exceptions;
  readonly advisories: AdvisoryAnswer | { readonly unavailable: string };
  /** Ages and expiries count from here. */
  readonly now: Date;
  readonly tool: { readonly name: string; readonly version: string };
  /** Name of the Dockerfile in the workspace, for locations; `Dockerfile` where it is not given. */
  readonly dockerfilePath?: string;
  /** The stage of the Dockerfile that was built (`--target`), where it is not the last. */
  readonly dockerfileTarget?: string;
  /** How many layers came with the base image, where somebody knows. */
  readonly baseLayers?: number;
}

/** More findings than people, code scanning or a pull request can take; a rule such as name_match `.*` makes them. */
const MAXIMUM_FINDINGS = 1_000_000;

/**
 * Holds an image against policies. Pure: two evaluations of one image in one context are equal.
 * A rule that cannot be evaluated is told in `notEvaluated`; one that cannot be decided for what is in the image stops its policy.
 */
export function evaluate(image: ScannedImage, context: EvaluationContext): Evaluation {
  return judge(image, context).evaluation;
}

/** The same, and why: which mapping, policies, rules, allow lists and exceptions applied, one line for each. */
export function explain(image: ScannedImage, context: EvaluationContext): { readonly evaluation: Evaluation; readonly lines: readonly string[] } {
  const { evaluation, results } = judge(image, context);
  const lines = results.flatMap((result) => explainBundle(result, image, evaluation));
  return { evaluation, lines: [...lines, ...explainExceptions(evaluation), `Verdict: ${evaluation.verdict} (${evaluation.reason.replace('_', ' ')})`] };
}

interface Judgement {
  readonly evaluation: Evaluation;
  readonly results: readonly BundleResult[];
}

function judge(image: ScannedImage, context: EvaluationContext): Judgement {
  const scan: Scan = {
    image,
    advisories: context.advisories,
    now: context.now,
    dockerfilePath: context.dockerfilePath ?? 'Dockerfile',
    dockerfileTarget: context.dockerfileTarget,
    baseLayers: context.baseLayers,
    budget: new RegexBudget(),
  };
  const gates = new PreparedGates(scan);
  const results = context.bundles.map((bundle) => applyBundle(bundle, scan, gates));
  const answer = 'unavailable' in context.advisories ? undefined : context.advisories;

  const groups = results.map((result) => result.decisions.map(toSubject));
  checkCount(groups);
  // One list, so that an exception's uses are counted over all bundles; groups are found again by their length.
  const applied = applyExceptions(groups.flat(), merge(context.exceptions, context.vex), image, answer, context.now);
  const regrouped = regroup(applied.findings, groups);
  const policies = results.map((result, index) => policyOutcomes(result, regrouped[index] as readonly Finding[]));
  const verdicts = results.map((result, index) => bundleVerdict(result, policies[index] as readonly PolicyOutcome[]));
  const verdict = gravest(verdicts.map((one) => one.verdict));

  const evaluation: Evaluation = {
    schema: 1,
    tool: context.tool,
    evaluatedAt: context.now.toISOString(),
    image: describeImage(image),
    backend: 'embedded',
    verdict,
    reason: reasonOf(verdicts, verdict),
    status: statusOf(verdict),
    policies: policies.flat(),
    findings: sortFindings(applied.findings),
    counts: countFindings(applied.findings),
    advisories: answer?.used ?? null,
    notEvaluated: results.flatMap(listNotEvaluated),
    problems: [
      ...image.problems.map(({ path, analyzer, message }) => ({ ...(path === '' ? {} : { path }), analyzer, message })),
      ...advisoryProblems(answer),
      ...results.flatMap(bundleProblems),
      ...applied.problems.map((message) => ({ message })),
    ],
    notices: [...results.flatMap(emptyNotices), ...results.flatMap(ruleNotices), ...applied.notices],
  };
  return { evaluation, results };
}

function checkCount(groups: readonly (readonly unknown[])[]): void {
  const count = groups.reduce((sum, group) => sum + group.length, 0);
  if (count > MAXIMUM_FINDINGS) {
    throw new InputError(`The policies make ${count} findings, and ${MAXIMUM_FINDINGS} is the limit. Narrow the rules that fire for nearly every file.`);
  }
}

function toSubject({ policy, rule, id, firing, allowed }: Decision): Subject {
  const finding: Finding = {
    id,
    policy: policy.id,
    rule: rule.id,
    gate: rule.gateName,
    trigger: rule.triggerName,
    action: allowed === undefined ? rule.action : 'go',
    message: firing.shown ?? firing.message,
    ...(rule.control === undefined ? {} : { control: rule.control }),
    ...(rule.remediation === undefined ? {} : { remediation: rule.remediation }),
    ...(firing.vulnerability === undefined ? {} : { vulnerability: firing.vulnerability }),
    ...(firing.location === undefined || Object.keys(firing.location).length === 0 ? {} : { location: firing.location }),
    ...(allowed === undefined ? {} : { suppressed: allowed }),
  };
  return { finding, ...(firing.package === undefined ? {} : { package: firing.package }) };
}

function merge(left: Exceptions, right: Exceptions): Exceptions {
  return { entries: [...left.entries, ...right.entries], notices: [...left.notices, ...right.notices] };
}

function regroup(findings: readonly Finding[], groups: readonly (readonly unknown[])[]): readonly (readonly Finding[])[] {
  let start = 0;
  return groups.map(({ length }) => findings.slice(start, start += length));
}

function policyOutcomes(result: BundleResult, findings: readonly Finding[]): readonly PolicyOutcome[] {
  return (result.mapping?.policies ?? []).map((policy) => {
    const counted = findings.filter((finding) => finding.policy === policy.id && finding.suppressed === undefined);
    const actions = counted.map(({ action }) => action);
    return {
      id: policy.id,
      name: policy.name,
      verdict: isUndecided(result, policy) ? 'stop' : gravest(actions),
      stops: actions.filter((action) => action === 'stop').length,
      warnings: actions.filter((action) => action === 'warn').length,
    };
  });
}

function isUndecided({ rules }: BundleResult, policy: Policy): boolean {
  return rules.some((one) => one.undecided && one.policy === policy);
}

/** The reason of what made the verdict: of several a denied image first. */
function reasonOf(verdicts: readonly ReturnType<typeof bundleVerdict>[], verdict: Verdict): Evaluation['reason'] {
  const reasons = verdicts.filter((one) => one.verdict === verdict).map(({ reason }) => reason);
  return reasons.includes('denied_image') ? 'denied_image' : reasons.includes('policy_evaluation') ? 'policy_evaluation' : reasons[0] ?? 'policy_evaluation';
}

/** The image as an evaluation names it. */
export function describeImage(image: ScannedImage): EvaluatedImage {
  return {
    id: image.id,
    digest: image.digest,
    name: image.name,
    distro: { id: image.distro.id, version: image.distro.version },
    sizeBytes: image.sizeBytes,
    layers: image.layers.map(({ index, diffId, sizeBytes, createdBy, emptyLayer }) => ({
      index, diffId, digest: diffId, sizeBytes, instruction: redact(createdBy), emptyLayer,
    })),
  };
}
