import type { ScannedImage } from '../report/scanned.js';
import type { Evaluation, Suppression } from './evaluation.js';
import type { BundleResult, RuleResult } from './policy/applyBundle.js';

/** What a bundle did with an image and why, one thing a line. */
export function explainBundle(result: BundleResult, image: ScannedImage, evaluation: Evaluation): readonly string[] {
  const { bundle, mapping, rules, denied, allowed } = result;
  const lines = [`Bundle ${bundle.name} (${bundle.source})`];
  if (mapping === undefined) {
    lines.push(`  no mapping matches ${image.name}; tried: ${bundle.mappings.map(describeMapping).join('; ') || 'none'}`);
  } else {
    lines.push(`  mapping ${describeMapping(mapping)} matches ${image.name}`);
    lines.push(`  allow lists: ${mapping.allowLists.map(({ name, items }) => `${name} (${items.length} items)`).join(', ') || 'none'}`);
  }
  for (const policy of mapping?.policies ?? []) {
    const outcome = evaluation.policies.find(({ id }) => id === policy.id);
    lines.push(`  policy ${policy.id}: ${outcome?.verdict ?? 'go'}`);
    for (const rule of rules.filter((one) => one.policy === policy)) lines.push(`    ${explainRule(rule, result)}`);
  }
  if (denied !== undefined) lines.push(`  the image is denied: ${denied}`);
  if (allowed !== undefined) lines.push(`  the image is allowed: ${allowed}${denied === undefined ? '' : ', but to deny beats to allow'}`);
  return lines;
}

function describeMapping({ name, id, selector: { registry, repository, image } }: BundleResult['bundle']['mappings'][number]): string {
  const value = image.type === 'tag' ? `:${image.tag.source}` : `@${image.value}`;
  return `${name || id} (${registry.source}/${repository.source}${value})`;
}

function explainRule({ policy, rule, outcome, undecided }: RuleResult, { decisions }: BundleResult): string {
  const what = `${rule.id} ${rule.action} ${rule.gateName}.${rule.triggerName}`;
  if (undecided) return `${what}: could not be decided: ${outcome.notEvaluated}`;
  if (outcome.notEvaluated !== undefined) return `${what}: not evaluated: ${outcome.notEvaluated}`;
  const own = decisions.filter((decision) => decision.policy === policy && decision.rule === rule);
  const listed = own.filter(({ allowed }) => allowed !== undefined).length;
  const fired = own.length === 0 ? 'did not fire' : `fired ${own.length} ${own.length === 1 ? 'time' : 'times'}`;
  return `${what}: ${fired}${listed === 0 ? '' : `, ${listed} allowed by an allow list`}${outcome.notice === undefined ? '' : `; ${outcome.notice}`}`;
}

/** Which exceptions and VEX statements accepted findings, one a line. */
export function explainExceptions({ findings }: Evaluation): readonly string[] {
  const accepted = new Map<string, { readonly suppression: Suppression; count: number }>();
  for (const { suppressed } of findings) {
    if (suppressed === undefined || suppressed.by === 'allow list') continue;
    const key = JSON.stringify(suppressed);
    const known = accepted.get(key) ?? { suppression: suppressed, count: 0 };
    known.count += 1;
    accepted.set(key, known);
  }
  return [...accepted.values()].map(({ suppression: { by, id, reason, expires }, count }) => (
    `${by === 'vex' ? 'VEX statement' : 'Exception'} ${id}${expires === undefined ? '' : ` (until ${expires})`} accepted ${count} ${count === 1 ? 'finding' : 'findings'}: ${reason}`
  ));
}
