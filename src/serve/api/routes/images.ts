import * as z from 'zod';
import type { Evaluation } from '../../../evaluation/evaluation.js';
import type { Context } from '../../context.js';
import type { StoredImage } from '../../store/store.js';
import { checkAnswer, imageRecord, policyEvaluationAnswer, vulnerabilityRecord } from '../anchoreAnswers.js';
import { Fault } from '../fault.js';
import { notNow } from '../notNow.js';
import type { Answered, Asked, Route } from '../route.js';

/** Rows a page. */
const PAGE = 100;
const LARGEST_PAGE = 1000;

/** Images: what is known of them, and what came of their evaluation. */
export function imageRoutes(context: Context): Route[] {
  const check = (asked: Asked): Promise<Answered> => checkImage(context, asked);
  const image = (asked: Asked): Promise<Answered> => oneImage(context, asked);
  return [
    { method: 'GET', path: '/anchore/images', summary: 'List images', access: 'read', query: { fulltag: 'a full tag, or part of one', limit: 'at most', offset: 'from' }, answer: (asked) => listImages(context, asked) },
    { method: 'GET', path: '/anchore/images/{digest}', summary: 'One image', access: 'read', answer: image },
    { method: 'GET', path: '/anchore/images/by_id/{digest}', summary: 'One image, by its id', access: 'read', answer: image },
    { method: 'GET', path: '/anchore/images/{digest}/check', summary: 'The evaluation of an image under a name', access: 'read', query: CHECK_QUERY, answer: check },
    { method: 'GET', path: '/anchore/images/by_id/{digest}/check', summary: 'The same, by the image\'s id', access: 'read', query: CHECK_QUERY, answer: check },
    { method: 'GET', path: '/anchore/images/{digest}/vuln/{type}', summary: 'Vulnerabilities: os, non-os or all', access: 'read', query: { vendor_only: 'leave out what the vendor will not fix' }, answer: (asked) => vulnerabilities(context, asked, 'vulnerabilities') },
    { method: 'GET', path: '/images/{digest}/vulnDirect/{type}', summary: 'The same, as Sysdig has it', access: 'read', answer: (asked) => vulnerabilities(context, asked, 'vulns') },
    { method: 'GET', path: '/images/{digest}/policyEvaluation', summary: 'The evaluation by policies', access: 'read', query: { tag: 'the full tag' }, answer: async (asked) => ({ body: policyEvaluationAnswer(await evaluationOf(context, asked)) }) },
    { method: 'GET', path: '/images/{digest}/evaluation', summary: 'The evaluation as inline-scan writes it', access: 'read', query: { tag: 'the full tag' }, answer: async (asked) => ({ body: await evaluationOf(context, asked) }) },
    { method: 'POST', path: '/images/{digest}/evaluate', summary: 'Evaluate an image again, under all of its names', access: 'scan', answer: (asked) => evaluateOne(context, asked) },
    { method: 'POST', path: '/evaluate', summary: 'Evaluate all images again', access: 'scan', answer: (asked) => evaluateAll(context, asked) },
    { method: 'GET', path: '/evaluate', summary: 'How far that is', access: 'read', answer: (asked) => progressOfAll(context, asked) },
    { method: 'PUT', path: '/images/{digest}/addAlias', summary: 'Give an image another name', access: 'scan', sends: 'json', answer: (asked) => addAlias(context, asked) },
    { method: 'DELETE', path: '/anchore/images/{digest}', summary: 'Forget an image', access: 'scan', query: { force: 'ignored' }, answer: (asked) => deleteImage(context, asked) },
    { method: 'GET', path: '/results', summary: 'What was scanned', access: 'read', query: RESULTS_QUERY, answer: (asked) => results(context, asked) },
    { method: 'GET', path: '/resultsDirect', summary: 'The same', access: 'read', query: RESULTS_QUERY, answer: (asked) => results(context, asked) },
    { method: 'GET', path: '/anchore/query/images/by_vulnerability', summary: 'Which images a vulnerability hits', access: 'read', query: { vulnerability_id: 'its id, or any alias' }, answer: (asked) => byVulnerability(context, asked) },
  ];
}

const CHECK_QUERY = { tag: 'the full tag', detail: 'false leaves the rows out', forceReload: 'true evaluates again' };
const RESULTS_QUERY = { filter: 'part of a name, a digest or an id', limit: 'at most', offset: 'from' };

async function found({ store }: Context, { account, path }: Asked): Promise<StoredImage> {
  const image = await store.image(account.name, path['digest'] ?? '');
  if (image === undefined) throw new Fault(404, 'image not found in DB');
  return image;
}

async function evaluationOf(context: Context, asked: Asked, again = false): Promise<Evaluation> {
  const image = await found(context, asked);
  const tag = asked.query.get('tag') ?? image.names[0] ?? '';
  if (!image.names.includes(tag)) throw new Fault(404, 'could not find any evaluations for input images');
  const isKept = await context.store.latest(asked.account.name, image.digest, tag) !== undefined;
  if (!isKept && context.evaluations.isExpected(asked.account.name, image.digest, tag)) throw new Fault(404, 'image is not analyzed - analysis_status: analyzing');
  try {
    if (again) await context.evaluations.evaluate(asked.account.name, image.digest, [tag]);
    const evaluation = await context.evaluations.latest(asked.account.name, image.digest, tag);
    if (evaluation !== undefined) return evaluation;
  } catch (error) {
    throw notNow(error, 'The evaluation');
  }
  throw new Fault(404, 'could not find any evaluations for input images');
}

async function checkImage(context: Context, asked: Asked): Promise<Answered> {
  const { account, query } = asked;
  const evaluation = await evaluationOf(context, asked, says(query, 'forceReload', 'true'));
  const policy = await context.store.activePolicy(account.name);
  const bundle: unknown = policy === undefined ? {} : bundleJson(policy.text);
  const name = query.get('tag') ?? evaluation.image.name;
  return { body: checkAnswer({ evaluation, name, account: account.name, policyId: policy?.id ?? 'default', detail: !says(query, 'detail', 'false'), bundle }) };
}

/** A bundle may have been uploaded as YAML; clients parse JSON alone. */
function bundleJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

async function oneImage(context: Context, asked: Asked): Promise<Answered> {
  const image = await found(context, asked);
  return { body: [imageRecord(image, asked.account.name, await statusOf(context, asked.account.name, image))] };
}

async function statusOf({ store }: Context, account: string, { digest }: StoredImage): Promise<'analyzed' | 'analyzing'> {
  return (await store.history(account, digest, 1)).length > 0 ? 'analyzed' : 'analyzing';
}

async function listImages(context: Context, { account, query }: Asked): Promise<Answered> {
  const images = await context.store.images(account.name, page(query, query.get('fulltag') ?? ''));
  return { body: await Promise.all(images.map(async (image) => imageRecord(image, account.name, await statusOf(context, account.name, image)))) };
}

async function results(context: Context, { account, query }: Asked): Promise<Answered> {
  const images = await context.store.images(account.name, page(query, query.get('filter') ?? ''));
  const rows = await Promise.all(images.map(async (image) => {
    // whole seconds: harbor-scanner-sysdig-secure reads no other times here
    const at = Math.floor(image.analyzedAt / 1000);
    const analysisStatus = await statusOf(context, account.name, image);
    return image.names.map((fullTag) => ({ analysisStatus, imageDigest: image.digest, imageId: image.imageId, fullTag, analyzedAt: at, createdAt: at }));
  }));
  return { body: { results: rows.flat() } };
}

function page(query: URLSearchParams, text: string): { text: string; limit: number; offset: number } {
  const number = (name: string, fallback: number): number => {
    const value = query.get(name);
    if (value === null) return fallback;
    if (!/^\d{1,9}$/.test(value)) throw new Fault(400, `${name} must be a number.`);
    return Number(value);
  };
  return { text, limit: Math.min(number('limit', PAGE), LARGEST_PAGE), offset: number('offset', 0) };
}

async function vulnerabilities(context: Context, asked: Asked, key: 'vulnerabilities' | 'vulns'): Promise<Answered> {
  const { path: { type = '' }, query, account } = asked;
  if (!['os', 'non-os', 'all'].includes(type)) throw new Fault(404, 'the type of vulnerabilities is os, non-os or all');
  const image = await found(context, asked);
  const known = await context.evaluations.matches(account.name, image.digest).catch((error: unknown) => { throw notNow(error, 'The vulnerabilities'); });
  const matches = (known?.matches ?? []).filter((match) => (type === 'all' || match.package.kind === type) && (!says(query, 'vendor_only', 'true') || match.wontFix === ''));
  const records = matches.map((match) => vulnerabilityRecord(match, match.package.kind === 'os' ? image.distro : `osv:${match.package.type}`));
  return { body: { imageDigest: image.digest, [key === 'vulns' ? 'vtype' : 'vulnerability_type']: type, [key]: records } };
}

async function evaluateOne(context: Context, asked: Asked): Promise<Answered> {
  const image = await found(context, asked);
  const made = await context.evaluations.evaluate(asked.account.name, image.digest, image.names).catch((error: unknown) => { throw notNow(error, 'The evaluation'); });
  return { body: made.map(({ name, verdict, status }) => ({ name, verdict, status })) };
}

async function evaluateAll({ everything }: Context, { account }: Asked): Promise<Answered> {
  const { began, progress } = await everything.begin(account.name);
  if (!began) throw new Fault(409, `All images are being evaluated already: ${progress.done} of ${progress.total} are done.`, { 'retry-after': '10' });
  return { status: 202, body: { images: progress.total } };
}

async function progressOfAll({ store, everything }: Context, { account }: Asked): Promise<Answered> {
  const progress = await store.progress(account.name);
  if (progress === undefined) return { body: { state: 'never' } };
  const { total, done, failed, changed, startedAt, finishedAt } = progress;
  const time = (at: number | undefined): string | null => at === undefined ? null : new Date(at).toISOString();
  return { body: { state: everything.stateOf(progress), images: total, done, failed, changed, started_at: time(startedAt), finished_at: time(finishedAt) } };
}

const aliasSchema = z.object({ fulltag: z.string().regex(/^[\x21-\x7e]{1,512}$/) });

async function addAlias({ store }: Context, asked: Asked): Promise<Answered> {
  const parsed = aliasSchema.safeParse(await asked.json());
  if (!parsed.success) throw new Fault(400, 'addAlias needs {"fulltag": "registry/repository:tag"}.');
  if (!await store.addName(asked.account.name, asked.path['digest'] ?? '', parsed.data.fulltag)) throw new Fault(404, 'image not found in DB');
  return { body: {} };
}

async function deleteImage({ store }: Context, { account, path }: Asked): Promise<Answered> {
  if (!await store.deleteImage(account.name, path['digest'] ?? '')) throw new Fault(404, 'image not found in DB');
  return { body: true };
}

async function byVulnerability({ store }: Context, { account, query }: Asked): Promise<Answered> {
  const id = query.get('vulnerability_id') ?? '';
  if (id === '') throw new Fault(400, 'Name the vulnerability: ?vulnerability_id=CVE-….');
  const images = await store.imagesWith(account.name, id);
  return { body: { images: images.map(({ digest, name }) => ({ image: { imageDigest: digest, tag: name }, vulnerability_id: id })) } };
}

/** Whether a switch is so; Python's clients write True and False. */
function says(query: URLSearchParams, name: string, value: 'true' | 'false'): boolean {
  return query.get(name)?.toLowerCase() === value;
}
