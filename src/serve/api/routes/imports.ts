import type { Context } from '../../context.js';
import { Overtaxed, type Imported } from '../../work/job.js';
import { Budget } from '../budget.js';
import { Fault } from '../fault.js';
import { readClaim, WANTED_MEMBERS, type Claimed } from '../importedImage.js';
import type { Limits } from '../limits.js';
import type { Asked, Answered, Route } from '../route.js';
import { readUpload } from '../upload.js';

/** An archive that was read, and what it is said to be of. */
interface Loaded extends Imported {
  readonly claimed: Claimed;
}

/** Importing an analysis: what a scanner sends. */
export function importRoutes(context: Context, limits: Limits): Route[] {
  const budget = new Budget(limits.membersAtOnce);
  const load = (asked: Asked): Promise<Loaded> => budget.spend((take) => loadImage(context, limits, asked, take));
  return [
    { method: 'POST', path: '/sync/import/images', summary: 'Import an analysis archive, and evaluate it before answering', access: 'scan', sends: 'archive', answer: (asked) => importImage(context, load, asked, true) },
    { method: 'POST', path: '/import/images', summary: 'Import an analysis archive; the evaluation follows', access: 'scan', sends: 'archive', answer: (asked) => importImage(context, load, asked, false) },
    { method: 'POST', path: '/anchore/import/images', summary: 'The same, with a list of images as answer', access: 'scan', sends: 'archive', answer: (asked) => importImage(context, load, asked, true, true) },
  ];
}

async function loadImage({ workers }: Context, limits: Limits, { account, request }: Asked, take: (bytes: number) => void): Promise<Loaded> {
  const claimed = readClaim(request.headers);
  const members = await readUpload(request, limits, take, WANTED_MEMBERS);
  try {
    return { claimed, ...await workers.run({ kind: 'import', claimed, account: account.name, members }) };
  } catch (error) {
    if (!(error instanceof Overtaxed)) throw error;
    throw error.isCertain ? new Fault(413, error.message) : new Fault(503, error.message, { 'retry-after': '5' });
  }
}

async function importImage({ store, evaluations, now, later }: Context, load: (asked: Asked) => Promise<Loaded>, asked: Asked, waits: boolean, asList = false): Promise<Answered> {
  const { account } = asked;
  const { claimed: { digest, imageId, name }, distro, sizeBytes, report } = await load(asked);
  const isNew = await store.addImage(account.name, { digest, imageId, names: [name], analyzedAt: now().getTime(), distro, sizeBytes }, report);
  if (!isNew) throw new Fault(409, 'Conflict: Image already exists in system. No restore possible.');
  const evaluate = async (): Promise<void> => { await evaluations.evaluate(account.name, digest, [name]); };
  // what is stored stays: an evaluation that cannot be had now is had when it is asked for
  if (waits) await evaluate().catch(() => undefined);
  else {
    evaluations.expect(account.name, digest, name);
    later(`evaluation of ${digest} after its import`, evaluate);
  }
  if (asList) return { body: [{ imageDigest: digest, analysis_status: 'analyzed', image_status: 'active', userId: account.name }] };
  return { body: { code: 0, message: 'OK', detail: {} } };
}
