import * as z from 'zod';
import { BackendError } from '../../errors.js';
import type { Action, Finding, Suppression } from '../../evaluation/evaluation.js';

/** The columns that a row must have; backends may add others and change their order. */
const COLUMNS = ['Trigger_Id', 'Gate', 'Trigger', 'Check_Output', 'Gate_Action', 'Whitelisted', 'Policy_Id'] as const;
type Column = (typeof COLUMNS)[number];

const rows = z.object({
  result: z.looseObject({ header: z.array(z.string()), rows: z.array(z.array(z.unknown())), final_action: z.string() }),
});

const detail = z.looseObject({
  result: z.looseObject({
    image_id: z.string(),
    final_action: z.string(),
    final_action_reason: z.string().default('policy_evaluation'),
    evaluation_problems: z.array(z.unknown()).nullish(),
    result: z.record(z.string(), z.unknown()),
  }).optional(),
  policy: z.looseObject({ policies: z.array(z.looseObject({ id: z.string(), name: z.string().nullish() })).nullish() }).optional(),
});

const entry = z.looseObject({ status: z.string().optional(), policyId: z.string().optional(), last_evaluation: z.string().optional(), detail });

const schema = z.array(z.record(z.string(), z.record(z.string(), z.array(entry))));

/** What a backend said of this digest and this tag. */
export interface CheckedImage {
  readonly status: 'pass' | 'fail';
  readonly finalAction: Action;
  readonly reason: 'policy_evaluation' | 'allowed_image' | 'denied_image';
  readonly lastEvaluation: string;
  readonly findings: readonly Finding[];
  /** Name of each policy, by its id. */
  readonly policyNames: ReadonlyMap<string, string>;
  readonly problems: readonly string[];
}

/**
 * Reads the answer of `check`. Only a `pass` that is said of the digest and tag that were asked for is a pass.
 * @throws BackendError for anything that is no plain answer: another digest or tag, no status, an unknown one, an empty list
 */
export function readCheck(answer: unknown, digest: string, name: string): CheckedImage {
  const parsed = schema.safeParse(answer);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw unusable(`is not an evaluation (${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''})`);
  }
  const tags = parsed.data.map((image) => image[digest]).find((found) => found !== undefined);
  if (tags === undefined) throw unusable(`says nothing of ${digest}`);
  const evaluations = tags[name];
  if (evaluations === undefined) throw unusable(`says nothing of the name ${name}`);
  const [latest] = evaluations;
  if (latest === undefined) throw unusable(`holds no evaluation of ${name}`);
  return readEntry(latest);
}

function readEntry(latest: z.infer<typeof entry>): CheckedImage {
  const status = latest.status?.toLowerCase();
  if (status !== 'pass' && status !== 'fail') throw unusable(latest.status === undefined ? 'has no status' : `has the unknown status ${JSON.stringify(latest.status.slice(0, 40))}`);
  const result = latest.detail.result;
  const findings = result === undefined ? [] : readRows(result.result[result.image_id], latest.policyId ?? '');
  const finalAction = result === undefined ? (status === 'pass' ? 'go' : 'stop') : actionOf(result.final_action);
  if (status === 'pass' && finalAction === 'stop') throw unusable('says pass and stop at once');
  return {
    status, finalAction: status === 'fail' ? 'stop' : finalAction,
    reason: reasonOf(result?.final_action_reason ?? 'policy_evaluation'),
    lastEvaluation: latest.last_evaluation ?? '',
    findings,
    policyNames: new Map((latest.detail.policy?.policies ?? []).map(({ id, name }) => [id, name ?? id])),
    problems: (result?.evaluation_problems ?? []).map((problem) => typeof problem === 'string' ? problem : JSON.stringify(problem)),
  };
}

function readRows(image: unknown, policyId: string): Finding[] {
  if (image === undefined) return [];
  const parsed = rows.safeParse(image);
  if (!parsed.success) throw unusable('has rows that cannot be read');
  const { header } = parsed.data.result;
  const missing = COLUMNS.find((column) => !header.includes(column));
  if (missing !== undefined) throw unusable(`has no column ${missing}`);
  return parsed.data.result.rows.map((cells) => {
    const cell = (column: Column): unknown => cells[header.indexOf(column)];
    return readRow((column) => textOf(cell(column)), suppressionOf(cell('Whitelisted')), policyId);
  });
}

function readRow(cell: (column: Column) => string, suppressed: Suppression | undefined, policyId: string): Finding {
  return {
    id: cell('Trigger_Id'), policy: cell('Policy_Id') || policyId, rule: '', gate: cell('Gate').toLowerCase(), trigger: cell('Trigger').toLowerCase(),
    action: actionOf(cell('Gate_Action')), message: cell('Check_Output'),
    ...(suppressed === undefined ? {} : { suppressed }),
  };
}

/** `false`, or the allow list that covers the row as an object or as text. */
function suppressionOf(cell: unknown): Suppression | undefined {
  if (cell === false || cell === undefined || cell === null || cell === '' || cell === 'false') return undefined;
  const list = typeof cell === 'object' ? cell as { whitelist_name?: unknown; whitelist_id?: unknown; matched_rule_id?: unknown } : {};
  return { by: 'allow list', id: textOf(list.matched_rule_id ?? list.whitelist_id ?? cell), reason: textOf(list.whitelist_name ?? 'an allow list of the backend') };
}

function actionOf(text: string): Action {
  const action = text.toLowerCase();
  if (action === 'stop' || action === 'warn' || action === 'go') return action;
  throw unusable(`has the unknown action ${JSON.stringify(text.slice(0, 40))}`);
}

function reasonOf(text: string): CheckedImage['reason'] {
  if (/^(?:whitelisted|allowlisted|allowed_image)$/i.test(text)) return 'allowed_image';
  return /^(?:blacklisted|denylisted|denied_image)$/i.test(text) ? 'denied_image' : 'policy_evaluation';
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value) ?? '';
}

function unusable(why: string): BackendError {
  return new BackendError(`The backend's answer ${why}, so there is no verdict. Look at the image there, or run the step again.`);
}
