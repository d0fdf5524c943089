import { createHash } from 'node:crypto';
import type { Finding } from '../evaluation/evaluation.js';

/**
 * What makes a finding the same one in another build: the rule, and what it is about. Versions (also those in the paths of packages), layers,
 * lines, sizes and checksums are left out, since they move when an image is rebuilt; so are ages, which grow by themselves. 32 hex digits.
 */
export function fingerprint(finding: Finding): string {
  return hash(subject(finding), finding.policy, finding.rule);
}

/** The same whichever rule or policy told it: what people see once. */
export function subjectFingerprint(finding: Finding): string {
  return hash(subject(finding));
}

/**
 * The fingerprints of a list, in its order, no two of them equal. Of those that would be (a package in two versions below one folder, say) the first by
 * package and path keeps the plain one, whatever the list's order; so a second one that comes or goes changes nothing of the first.
 */
export function fingerprints(findings: readonly Finding[], of: (finding: Finding) => string = fingerprint): readonly string[] {
  const prints = findings.map(of);
  const alike = new Map<string, number[]>();
  prints.forEach((print, index) => {
    const group = alike.get(print);
    if (group === undefined) alike.set(print, [index]);
    else group.push(index);
  });
  for (const [print, group] of alike) {
    if (group.length === 1) continue;
    const order = group.map((index) => ({ index, key: difference(findings[index]) })).sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.index - b.index));
    order.forEach(({ index }, rank) => { if (rank > 0) prints[index] = hash([print], String(rank)); });
  }
  return prints;
}

function difference(finding: Finding | undefined): string {
  const { vulnerability, location, message } = finding ?? {};
  return JSON.stringify([vulnerability?.package.purl, vulnerability?.package.path ?? location?.path, location?.line, message]);
}

function subject({ gate, trigger, id, message, vulnerability, location }: Finding): readonly string[] {
  if (vulnerability !== undefined) {
    const { type, name, path } = vulnerability.package;
    return ['vulnerability', vulnerability.id, type, name, withoutVersions(path ?? location?.path ?? '')];
  }
  const said = withoutFigures(gate, message);
  return [gate, trigger, said === message ? id : said, withoutRow(location?.path ?? '')];
}

/** `requests-2.25.0.dist-info`, `log4j-core-2.14.1.jar`, `app-1.0.3.jar!/…`, `python3.11`, `/nix/store/HASH-name`: the same package after an upgrade. */
function withoutVersions(path: string): string {
  return path.replace(/\d+(?:\.\d+)+/g, '*').replace(/^\/nix\/store\/[0-9a-z]{32}-/, '/nix/store/*-');
}

/** What changes in the gates' messages (src/evaluation/policy/gates) from build to build while the rule is broken in the same way. */
const FIGURES: Readonly<Record<string, readonly RegExp[]>> = {
  metadata: [/(?<=matched image value: ')[^]*(?='$)/],
  packages: [/(?<=is present \()[^()]*(?=\),? but)/],
  files: [/(?<= (?:checksum|mode)=)\S+/g],
  secret_scans: [/(?<=file=config:(?:history|comment|onbuild):)\d+/],
};

function withoutFigures(gate: string, message: string): string {
  return (FIGURES[gate] ?? []).reduce((text, figure) => text.replace(figure, '#'), message.replace(/\d+(?:\.\d+)? (days?|hours?)\b/g, '# $1'));
}

/** A row of history moves when an instruction is put before it. */
function withoutRow(path: string): string {
  return path.replace(/^(config:(?:history|comment|onbuild)):\d+$/, '$1');
}

function hash(parts: readonly string[], ...more: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify([...parts, ...more])).digest('hex').slice(0, 32);
}
