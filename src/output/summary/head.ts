import { SEVERITIES, type Evaluation, type Finding, type Severity } from '../../evaluation/evaluation.js';
import { count, shorten, thousands, type Mask } from '../describe.js';
import { codeSpan, escapeMarkdown } from '../markdown.js';
import type { Subject } from '../subjects.js';
import type { SummaryPage } from '../summary.js';
import type { Upgrade } from '../upgrades.js';
import { line, sign, title } from './words.js';

const VERDICTS = {
  stop: '## 🛑 Stopped', warn: '## ⚠️ May go on, with warnings', go: '## ✅ May go on',
} as const;

/** The verdict and why, for ten seconds. */
export function headline(evaluation: Evaluation, open: readonly Subject[], page: SummaryPage): string {
  const { verdict, reason, image, resultUrl } = evaluation;
  const says = page.allTheSame === undefined ? VERDICTS[verdict] : `## ⚠️ The policy says ${verdict}, the step passes`;
  const lines = [`${says}: ${codeSpan(shorten(image.name, 200)) || 'the image'}`, why(evaluation, open)];
  if (reason === 'denied_image') lines[1] = '**The policy denies this image by name.**';
  if (reason === 'allowed_image') lines[1] = 'The policy allows this image by name; what is found below did not decide.';
  const news = open.filter(({ finding }) => finding.new === true).length;
  if (page.gone !== undefined) lines.push(`Against the baseline: **${news} new**, ${count(page.gone.length, 'finding')} gone, ${thousands(open.length - news)} the same.`);
  if (page.allTheSame !== undefined) lines.push(`**${escapeMarkdown(page.allTheSame)}**`);
  const policies = evaluation.policies.map(({ id, name, verdict: own }) => `${escapeMarkdown(shorten(name || id, 80))} (${own})`).slice(0, 10).join(', ');
  if (policies !== '') lines.push(`${evaluation.policies.length === 1 ? 'Policy' : 'Policies'}: ${policies}`);
  if (resultUrl !== undefined) lines.push(`The backend's own result: ${codeSpan(shorten(resultUrl, 300))}`);
  return lines.join('\n\n');
}

function why({ counts, notEvaluated, problems, advisories, backend }: Evaluation, open: readonly Subject[]): string {
  const stops = open.filter(({ finding }) => finding.action === 'stop');
  const warnings = open.filter(({ finding }) => finding.action === 'warn').length;
  const mendable = open.filter(({ finding }) => (finding.vulnerability?.fixedIn.length ?? 0) > 0).length;
  const vulnerable = open.filter(({ finding }) => finding.vulnerability !== undefined).length;
  const parts = [
    stops.length + warnings === 0 ? (counts.stop + counts.warn === 0 ? '**Nothing stops it, and nothing warns.**' : '**What decides is not shown: see the note below.**') : `**${count(stops.length, 'thing')} ${stops.length === 1 ? 'stops' : 'stop'} it${kinds(stops)}; ${thousands(warnings)} ${warnings === 1 ? 'warns' : 'warn'}.**`,
    vulnerable === 0 ? (advisories === null && backend === 'embedded' ? 'Vulnerabilities were not looked for: no advisories were given.' : 'No vulnerabilities to show.') : `${count(vulnerable, 'vulnerability', 'vulnerabilities')}: ${bySeverity(open)}. ${mendable === 0 ? 'No newer version mends any of them yet.' : `A newer version mends ${thousands(mendable)}.`}`,
  ];
  if (counts.suppressed > 0) parts.push(`${count(counts.suppressed, 'finding')} suppressed.`);
  if (notEvaluated.length > 0) parts.push(`${count(notEvaluated.length, 'rule')} not evaluated.`);
  if (problems.length > 0) parts.push(`${count(problems.length, 'problem')} while reading.`);
  return parts.join(' ');
}

/** `: 7 secrets, 15 vulnerabilities, 1 broken rule`, for those that stop. */
function kinds(stops: readonly Subject[]): string {
  const of = (gate: string): number => stops.filter(({ finding }) => finding.gate === gate && finding.vulnerability === undefined).length;
  const vulnerable = stops.filter(({ finding }) => finding.vulnerability !== undefined).length;
  const [secrets, malware] = [of('secret_scans'), of('malware')];
  const rules = stops.length - vulnerable - secrets - malware;
  const told = [
    secrets === 0 ? '' : count(secrets, 'secret'), malware === 0 ? '' : `${thousands(malware)} malware`,
    vulnerable === 0 ? '' : count(vulnerable, 'vulnerability', 'vulnerabilities'), rules === 0 ? '' : count(rules, 'broken rule'),
  ].filter((part) => part !== '');
  return told.length === 0 ? '' : `: ${told.join(', ')}`;
}

export function bySeverity(open: readonly Subject[]): string {
  const counts = new Map<Severity, number>();
  for (const { finding: { vulnerability } } of open) if (vulnerability !== undefined) counts.set(vulnerability.severity, (counts.get(vulnerability.severity) ?? 0) + 1);
  return [...SEVERITIES].reverse().flatMap((severity) => (counts.has(severity) ? [`${sign(severity)}\u00a0${thousands(counts.get(severity) ?? 0)}`] : [])).join(' · ');
}

/** How many steps are told: more would not be first. */
const STEPS = 5;

/** What to do first: what stops and is not a package, then the upgrades that mend the gravest, then the base image. */
export function doFirst(open: readonly Subject[], { mask, upgrades: packages }: SummaryPage): string {
  const rules = alike(open.filter(({ finding }) => finding.vulnerability === undefined && finding.action === 'stop')).map((group) => ruleStep(group, mask));
  const own = inPlaces(packages.filter(({ to, fromBase, first }) => to !== '' && fromBase !== true && first.finding.action !== 'go')).map(upgradeStep);
  const base = baseStep(packages.filter(({ to, fromBase }) => to !== '' && fromBase === true));
  const steps = [...rules.slice(0, 3), ...own, ...base, ...rules.slice(3)].slice(0, STEPS);
  if (base[0] !== undefined && !steps.includes(base[0])) steps[STEPS - 1] = base[0];
  return steps.length === 0 ? '' : `### What to do first\n\n${steps.map((step, index) => `${index + 1}. ${step}`).join('\n')}`;
}

/** Findings of one kind that one remedy mends, together. */
function alike(rules: readonly Subject[]): readonly (readonly Finding[])[] {
  const groups = new Map<string, Finding[]>();
  for (const { finding } of rules) {
    const key = JSON.stringify([finding.gate, finding.trigger, finding.remediation ?? finding.id]);
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  return [...groups.values()];
}

/** Findings of a kind that a step names. */
const NAMED = 3;

function ruleStep(group: readonly Finding[], mask: Mask): string {
  const told = group.slice(0, NAMED).map((finding) => {
    const place = line(finding);
    return `${escapeMarkdown(title(finding, mask))}${place === '' ? '' : `, at ${place}`}`;
  });
  const more = group.length > NAMED ? `; and ${thousands(group.length - NAMED)} more` : '';
  const remedy = group[0]?.remediation ?? '';
  return `${told.join('; ')}${more}${remedy === '' ? '' : `. ${escapeMarkdown(shorten(remedy, 300))}`}`;
}

/** The same upgrade in several places is one thing to do; the first tells it. */
function inPlaces(upgrades: readonly Upgrade[]): readonly { readonly upgrade: Upgrade; readonly places: number }[] {
  const groups = new Map<string, { upgrade: Upgrade; places: number }>();
  for (const upgrade of upgrades) {
    const key = JSON.stringify([upgrade.package.type, upgrade.package.name, upgrade.package.version, upgrade.to]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { upgrade, places: 1 });
    else group.places += 1;
  }
  return [...groups.values()];
}

function upgradeStep({ upgrade: { package: { name, version }, to, mends, total, severities, first }, places }: ReturnType<typeof inPlaces>[number]): string {
  const place = line(first.finding);
  const graves = [...SEVERITIES].reverse().flatMap((severity) => (severities.has(severity) ? [`${severities.get(severity)} ${severity}`] : [])).join(', ');
  const all = mends === total ? `mends ${count(mends, 'vulnerability', 'vulnerabilities')}` : `mends ${mends} of ${total} vulnerabilities`;
  return `Upgrade ${codeSpan(shorten(name, 80))} from ${escapeMarkdown(shorten(version, 40))} to **${escapeMarkdown(shorten(to, 40))}**${places === 1 ? '' : ` in ${thousands(places)} places`}: ${all} (${graves})${place === '' ? '' : `, at ${place}`}`;
}

function baseStep(base: readonly Upgrade[]): string[] {
  const [gravest] = base;
  if (gravest === undefined) return [];
  const mends = base.reduce((sum, one) => sum + one.mends, 0);
  return [`Build on a newer base image: ${count(base.length, 'package')} of it ${base.length === 1 ? 'has' : 'have'} updates that mend ${count(mends, 'vulnerability', 'vulnerabilities')}, at ${line(gravest.first.finding)}`];
}
