import type { Evaluation, Finding } from '../../evaluation/evaluation.js';
import type { VulnerabilityMatch } from '../../evaluation/vulnerability.js';
import type { StoredImage } from '../store/store.js';

/** The shapes that clients of Sysdig Secure and of Anchore Engine parse. */

const HEADER = ['Image_Id', 'Repo_Tag', 'Trigger_Id', 'Gate', 'Trigger', 'Check_Output', 'Gate_Action', 'Whitelisted', 'Policy_Id'] as const;

export interface CheckParts {
  readonly evaluation: Evaluation;
  readonly name: string;
  readonly account: string;
  readonly policyId: string;
  readonly detail: boolean;
  /** The bundle as it was uploaded. */
  readonly bundle: unknown;
}

/** `GET /anchore/images/{digest}/check`. */
export function checkAnswer(parts: CheckParts): unknown {
  const { evaluation, name, policyId, detail } = parts;
  const last_evaluation = evaluation.evaluatedAt.replace(/\.\d+Z$/, 'Z');
  return [{ [evaluation.image.digest]: { [name]: [{ detail: detail ? detailOf(parts) : {}, last_evaluation, policyId, status: evaluation.status }] } }];
}

const REASONS: Readonly<Record<Evaluation['reason'], string>> = { policy_evaluation: 'policy_evaluation', allowed_image: 'whitelisted', denied_image: 'blacklisted' };

function detailOf({ evaluation, name, account, bundle, policyId }: CheckParts): unknown {
  const seconds = Math.floor(Date.parse(evaluation.evaluatedAt) / 1000);
  const { image, verdict, reason, findings } = evaluation;
  const rows = findings.map((finding) => row(finding, image.id, name));
  return {
    policy: bundle,
    result: {
      bundle, created_at: seconds, last_modified: seconds, evaluation_problems: evaluation.problems.map(({ message }) => message),
      final_action: verdict, final_action_reason: REASONS[reason], image_id: image.id, status: evaluation.status, tag: name, user_id: account,
      matched_mapping_rule: { id: policyId }, matched_whitelisted_images_rule: reason === 'allowed_image', matched_blacklisted_images_rule: reason === 'denied_image',
      result: {
        [image.id]: { result: { final_action: verdict, header: HEADER, row_count: rows.length, rows } },
        policy_data: [], policy_name: '', whitelist_data: [], whitelist_names: [],
      },
    },
  };
}

function row(finding: Finding, imageId: string, name: string): unknown[] {
  const { suppressed } = finding;
  const listed = suppressed === undefined ? false : { whitelist_id: suppressed.id, whitelist_name: suppressed.reason, matched_rule_id: suppressed.id };
  return [imageId, name, finding.id, finding.gate, finding.trigger, finding.message, finding.action, listed, finding.policy];
}

/** `GET /images/{digest}/policyEvaluation`: Sysdig's own. */
export function policyEvaluationAnswer({ image, status, counts, policies, findings, evaluatedAt }: Evaluation): unknown {
  return {
    imageDigest: image.digest, imageId: image.id, status, at: Math.floor(Date.parse(evaluatedAt) / 1000), nStop: counts.stop, nWarn: counts.warn,
    results: policies.map(({ id, name, stops, warnings }) => {
      const own = findings.filter(({ policy, suppressed }) => policy === id && suppressed === undefined);
      return {
        policyId: id, policyName: name, nStop: stops, nWarn: warnings,
        gateResults: [...new Set(own.map(({ gate }) => gate))].map((gate) => ({
          gate,
          ruleResults: own.filter((finding) => finding.gate === gate).map(({ id: triggerId, trigger, action, message }) => ({ triggerId, trigger, gateAction: action, checkOutput: message })),
        })),
      };
    }),
  };
}

/** A record of `vuln/{type}` and of `vulnDirect/all`. */
export function vulnerabilityRecord(match: VulnerabilityMatch, feedGroup: string): unknown {
  const { name, version, type, path, kind } = match.package;
  return {
    vuln: match.id, severity: match.severity.replace(/^./, (letter) => letter.toUpperCase()),
    package: `${name}-${version}`, package_name: name, package_version: version, package_type: type === 'apk' ? 'APKG' : type,
    package_path: kind === 'os' ? 'pkgdb' : path, package_cpe: 'None', package_cpe23: 'None',
    fix: match.fixedIn.length === 0 ? 'None' : match.fixedIn.join(', '), url: match.url,
    feed: kind === 'os' ? 'vulnerabilities' : 'osv', feed_group: feedGroup, will_not_fix: match.wontFix !== '',
    nvd_data: scores(match, 'nvd'), vendor_data: scores(match, 'vendor'),
    disclosure_date: match.published || null, solution_date: match.fixedAt || null, aliases: match.aliases,
  };
}

function scores(match: VulnerabilityMatch, by: 'nvd' | 'vendor'): unknown[] {
  const of = (versions: RegExp): Record<string, number> => {
    const found = match.cvss.find((score) => score.by === by && versions.test(score.version));
    return { base_score: found?.base ?? -1, exploitability_score: found?.exploitability ?? -1, impact_score: found?.impact ?? -1 };
  };
  return match.cvss.some((score) => score.by === by) ? [{ id: match.id, cvss_v2: of(/^2/), cvss_v3: of(/^3/) }] : [];
}

/** An element of `GET /anchore/images`. */
export function imageRecord(image: StoredImage, account: string, status: 'analyzed' | 'analyzing'): unknown {
  const at = new Date(image.analyzedAt).toISOString();
  return {
    imageDigest: image.digest, parentDigest: image.digest, userId: account, image_type: 'docker', image_status: 'active', analysis_status: status,
    analyzed_at: at, created_at: at, last_updated: at, record_version: '', annotations: {},
    image_content: { metadata: { distro: image.distro.split(':')[0] ?? '', distro_version: image.distro.split(':')[1] ?? '', image_size: image.sizeBytes } },
    image_detail: image.names.map((name) => {
      const [, registry = '', repo = '', tag = ''] = /^([^/]+)\/(.+):([^:/]+)$/.exec(name) ?? [];
      return { imageDigest: image.digest, imageId: image.imageId, userId: account, registry, repo, tag, digest: image.digest, fulltag: name, fulldigest: `${registry}/${repo}@${image.digest}`, full_tag: name, full_digest: `${registry}/${repo}@${image.digest}`, image_digest: image.digest, tag_detected_at: at, dockerfile: null, created_at: at, last_updated: at };
    }),
  };
}
