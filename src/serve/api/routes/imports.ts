import { readReport } from '../../../report/read.js';
import type { Context } from '../../context.js';
import { Budget } from '../budget.js';
import { Fault } from '../fault.js';
import { readClaim, readImported, type ImportedImage } from '../importedImage.js';
import type { Limits } from '../limits.js';
import type { Asked, Answered, Route } from '../route.js';
import { readUpload } from '../upload.js';

/** Of a name and a version, as the image has them. */
const LONGEST_DISTRO = 200;

/** Importing an analysis: what a scanner sends. */
export function importRoutes(context: Context, limits: Limits): Route[] {
  const budget = new Budget(limits.membersAtOnce);
  const load = (asked: Asked): Promise<ImportedImage> => budget.spend((take) => loadImage(context, limits, asked, take));
  return [
    { method: 'POST', path: '/sync/import/images', summary: 'Import an analysis archive, and evaluate it before answering', access: 'scan', handle: (asked) => importImage(context, load, asked, true) },
    { method: 'POST', path: '/import/images', summary: 'Import an analysis archive; the evaluation follows', access: 'scan', handle: (asked) => importImage(context, load, asked, false) },
    { method: 'POST', path: '/anchore/import/images', summary: 'The same, with a list of images as answer', access: 'scan', handle: (asked) => importImage(context, load, asked, true, true) },
  ];
}

async function loadImage({ heavy }: Context, limits: Limits, { account, request }: Asked, take: (bytes: number) => void): Promise<ImportedImage> {
  const claimed = readClaim(request.headers);
  const members = await readUpload(request, limits, take);
  return heavy.run(() => readImported(members, claimed, account.name));
}

async function importImage({ store, evaluations, now, later }: Context, load: (asked: Asked) => Promise<ImportedImage>, asked: Asked, waits: boolean, asList = false): Promise<Answered> {
  const { account } = asked;
  const claimed = await load(asked);
  const scanned = readReport(claimed.report);
  const { distro, sizeBytes } = scanned;
  const image = {
    digest: claimed.digest, imageId: claimed.imageId, names: [claimed.name], analyzedAt: now().getTime(),
    distro: `${distro.id}:${distro.version}`.slice(0, LONGEST_DISTRO), sizeBytes: Number.isSafeInteger(sizeBytes) && sizeBytes >= 0 ? sizeBytes : 0,
  };
  const isNew = await store.addImage(account.name, image, claimed.analysis);
  if (!isNew) throw new Fault(409, 'Conflict: Image already exists in system. No restore possible.');
  const evaluate = async (): Promise<void> => { await evaluations.evaluate(account.name, claimed.digest, claimed.name, waits ? scanned : undefined); };
  // what is stored stays: an evaluation that cannot be had now is had when it is asked for
  if (waits) await evaluate().catch(() => undefined);
  else {
    evaluations.expect(account.name, claimed.digest, claimed.name);
    later('evaluations after imports', evaluate);
  }
  if (asList) return { body: [{ imageDigest: claimed.digest, analysis_status: 'analyzed', image_status: 'active', userId: account.name }] };
  return { body: { code: 0, message: 'OK', detail: {} } };
}
