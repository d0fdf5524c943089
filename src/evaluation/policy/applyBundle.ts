import type { PolicyOutcome, Suppression, Verdict } from '../evaluation.js';
import { gravest } from '../verdict.js';
import type { AllowList, AllowListItem, Bundle, Mapping, Policy, Rule } from './bundle.js';
import type { Firing, Gate, Outcome, Scan } from './gate.js';
import { matchesImage } from './imageMatch.js';
import { BudgetError } from './regex.js';
import { triggerId } from './triggerId.js';

/** A firing, with the rule that it is of. */
export interface Decision {
  readonly policy: Policy;
  readonly rule: Rule;
  readonly id: string;
  readonly firing: Firing;
  readonly allowed?: Suppression;
}

/** How a rule went. */
export interface RuleResult {
  readonly policy: Policy;
  readonly rule: Rule;
  readonly outcome: Outcome;
  /** The rule could not be decided for what is in the image: its policy stops. */
  readonly undecided: boolean;
}

export interface BundleResult {
  readonly bundle: Bundle;
  readonly mapping: Mapping | undefined;
  readonly rules: readonly RuleResult[];
  readonly decisions: readonly Decision[];
  /** Names of the image rules that match. */
  readonly denied: string | undefined;
  readonly allowed: string | undefined;
  readonly problems: readonly string[];
}

/** What a gate made of the image: once, for all rules of all bundles. */
export class PreparedGates {
  private readonly prepared = new Map<Gate, unknown>();
  private readonly scan: Scan;

  constructor(scan: Scan) {
    this.scan = scan;
  }

  of(gate: Gate): unknown {
    if (!this.prepared.has(gate)) this.prepared.set(gate, gate.prepare(this.scan));
    return this.prepared.get(gate);
  }
}

/** Runs every rule that the bundle's mapping asks for, without stopping at the first that fires, and then its allow lists. */
export function applyBundle(bundle: Bundle, scan: Scan, gates: PreparedGates): BundleResult {
  const mapping = bundle.mappings.find(({ selector }) => matchesImage(selector, scan.image));
  const name = (rules: Bundle['deniedImages']): string | undefined => {
    const rule = rules.find(({ selector }) => matchesImage(selector, scan.image));
    return rule === undefined ? undefined : rule.name || rule.id || 'an image rule';
  };
  const rules = (mapping?.policies ?? []).flatMap((policy) => policy.rules.map((rule) => runRule(policy, rule, scan, gates)));
  const problems: string[] = [];
  if (mapping === undefined) problems.push(`No mapping of the bundle ${bundle.name} (${bundle.source}) matches ${scan.image.name}: none of its policies was evaluated.`);
  const lists = new AllowLists(mapping?.allowLists ?? [], scan);
  const decisions = rules.flatMap(({ policy, rule, outcome }) => outcome.firings.map((firing) => {
    const id = firing.id ?? triggerId(rule.gateName, rule.triggerName, firing.message);
    const allowed = lists.find(rule.gateName, id);
    return { policy, rule, id, firing, ...(allowed === undefined ? {} : { allowed }) };
  }));
  return { bundle, mapping, rules, decisions, denied: name(bundle.deniedImages), allowed: name(bundle.allowedImages), problems: [...problems, ...lists.problems()] };
}

function runRule(policy: Policy, rule: Rule, scan: Scan, gates: PreparedGates): RuleResult {
  const { evaluated } = rule;
  if ('ended' in evaluated) return { policy, rule, outcome: { firings: [], notEvaluated: evaluated.ended }, undecided: false };
  try {
    const outcome = evaluated.trigger.evaluate(gates.of(evaluated.gate), evaluated.values, { ruleId: rule.id, scan });
    return { policy, rule, outcome, undecided: false };
  } catch (error) {
    if (!(error instanceof BudgetError)) throw error;
    return { policy, rule, outcome: { firings: [], notEvaluated: error.message }, undecided: true };
  }
}

/** The items of a mapping's allow lists; the first that matches a finding counts. */
class AllowLists {
  private readonly exact = new Map<string, { readonly list: AllowList; readonly item: AllowListItem; readonly order: number }[]>();
  private readonly wild: { readonly list: AllowList; readonly item: AllowListItem; readonly order: number }[] = [];
  private readonly expired = new Map<AllowListItem, { readonly list: AllowList; count: number }>();
  private readonly scan: Scan;

  constructor(lists: readonly AllowList[], scan: Scan) {
    this.scan = scan;
    let order = 0;
    for (const list of lists) {
      for (const item of list.items) {
        order += 1;
        const entry = { list, item, order };
        if (/\*|^regexp:/.test(item.triggerId.source)) this.wild.push(entry);
        else this.exact.set(key(item.gate, item.triggerId.source), [...(this.exact.get(key(item.gate, item.triggerId.source)) ?? []), entry]);
      }
    }
  }

  find(gate: string, id: string): Suppression | undefined {
    const matching = [...(this.exact.get(key(gate, id)) ?? []), ...this.wild.filter(({ item }) => item.gate === gate && item.triggerId.matches(id, this.scan.budget))];
    matching.sort((left, right) => left.order - right.order);
    for (const { list, item } of matching) {
      if (!this.isExpired(item)) {
        return { by: 'allow list', id: item.id, reason: item.comment || list.name, ...(item.expires === undefined ? {} : { expires: item.expires }) };
      }
      const counted = this.expired.get(item) ?? { list, count: 0 };
      counted.count += 1;
      this.expired.set(item, counted);
    }
    return undefined;
  }

  problems(): readonly string[] {
    return [...this.expired].map(([item, { list, count }]) => (
      `Item ${item.id} of the allow list ${list.name} expired on ${item.expires}: ${count} ${count === 1 ? 'finding counts' : 'findings count'} again.`
    ));
  }

  private isExpired({ expires }: AllowListItem): boolean {
    return expires !== undefined && this.scan.now.getTime() >= Date.parse(expires);
  }
}

function key(gate: string, id: string): string {
  return `${gate}\n${id}`;
}

/** The verdict of a bundle: its image lists come after its policies, and to deny beats to allow. */
export function bundleVerdict({ denied, allowed }: BundleResult, policies: readonly PolicyOutcome[]): { readonly verdict: Verdict; readonly reason: 'policy_evaluation' | 'allowed_image' | 'denied_image' } {
  if (denied !== undefined) return { verdict: 'stop', reason: 'denied_image' };
  if (allowed !== undefined) return { verdict: 'go', reason: 'allowed_image' };
  return { verdict: gravest(policies.map(({ verdict }) => verdict)), reason: 'policy_evaluation' };
}
