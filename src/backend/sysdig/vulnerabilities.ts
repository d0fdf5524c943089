import * as z from 'zod';
import { SEVERITIES, type Severity, type Vulnerability } from '../../evaluation/evaluation.js';

const scores = z.looseObject({ base_score: z.number().nullish() }).nullish();

/** A record as `vuln/all` and `vulnDirect/all` give it; everything may be missing, `None` or -1. */
const record = z.looseObject({
  vuln: z.string(),
  severity: z.string().nullish(),
  package: z.string().nullish(),
  package_name: z.string().nullish(),
  package_version: z.string().nullish(),
  package_type: z.string().nullish(),
  package_path: z.string().nullish(),
  fix: z.string().nullish(),
  url: z.string().nullish(),
  disclosure_date: z.union([z.string(), z.number()]).nullish(),
  nvd_data: z.array(z.looseObject({ cvss_v3: scores, cvss_v2: scores })).nullish(),
});

const envelope = z.looseObject({ vulnerabilities: z.array(z.unknown()).optional(), vulns: z.array(z.unknown()).optional() });

/** The backend's list of vulnerabilities; undefined where the answer is none. Records that cannot be read are counted. */
export function readVulnerabilities(answer: unknown): { readonly vulnerabilities: Vulnerability[]; readonly unreadable: number } | undefined {
  const parsed = envelope.safeParse(answer);
  const rows = parsed.success ? parsed.data.vulnerabilities ?? parsed.data.vulns : undefined;
  if (rows === undefined) return undefined;
  const read = rows.map((row) => record.safeParse(row));
  return {
    vulnerabilities: read.flatMap((row) => row.success ? [vulnerabilityOf(row.data)] : []),
    unreadable: read.filter(({ success }) => !success).length,
  };
}

function vulnerabilityOf(row: z.infer<typeof record>): Vulnerability {
  const name = said(row.package_name) || said(row.package);
  const path = said(row.package_path);
  const score = Math.max(...(row.nvd_data ?? []).map(({ cvss_v3, cvss_v2 }) => positive(cvss_v3?.base_score) ?? positive(cvss_v2?.base_score) ?? -1), -1);
  return {
    id: row.vuln, aliases: [], severity: severityOf(row.severity),
    ...(score >= 0 ? { cvss: { vector: '', score } } : {}),
    package: { name, version: said(row.package_version), type: typeOf(said(row.package_type)), purl: '', ...(path === '' || path === 'pkgdb' ? {} : { path }) },
    fixedIn: said(row.fix) === '' ? [] : said(row.fix).split(',').map((version) => version.trim()),
    ...(typeof row.disclosure_date === 'string' ? { published: row.disclosure_date } : {}),
    url: said(row.url), summary: '',
  };
}

/** Anchore's word for Alpine's packages is not ours. */
function typeOf(type: string): string {
  return type === 'APKG' ? 'apk' : type.toLowerCase();
}

function severityOf(text: string | null | undefined): Severity {
  return SEVERITIES.find((severity) => severity === text?.toLowerCase()) ?? 'unknown';
}

function said(text: string | null | undefined): string {
  return text === undefined || text === null || text === 'None' || text === 'N/A' ? '' : text;
}

function positive(score: number | null | undefined): number | undefined {
  return score === undefined || score === null || score < 0 ? undefined : score;
}
