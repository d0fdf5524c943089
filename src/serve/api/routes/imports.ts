import { readReport } from '../../../report/read.js';
import type { Context } from '../../context.js';
import { Fault } from '../fault.js';
import { readClaim, readImported } from '../importedImage.js';
import type { Limits } from '../limits.js';
import type { Asked, Answered, Route } from '../route.js';
import { readUpload } from '../upload.js';

/** Importing an analysis: what a scanner sends. */
export function importRoutes(context: Context, limits: Limits): Route[] {
  return [
    { method: 'POST', path: '/sync/import/images', summary: 'Import an analysis archive, and evaluate it before answering', access: 'scan', handle: (asked) => importImage(context, limits, asked, true) },
    { method: 'POST', path: '/import/images', summary: 'Import an analysis archive; the evaluation follows', access: 'scan', handle: (asked) => importImage(context, limits, asked, false) },
    { method: 'POST', path: '/anchore/import/images', summary: 'The same, with a list of images as answer', access: 'scan', handle: (asked) => importImage(context, limits, asked, true, true) },
  ];
}

async function importImage({ store, evaluations, now, later }: Context, limits: Limits, { account, request }: Asked, waits: boolean, asList = false): Promise<Answered> {
  const claimed = readClaim(request.headers);
  const imported = readImported(await readUpload(request, limits), claimed, account.name);
  const { distro, sizeBytes } = readReport(imported.report);
  const image = { digest: claimed.digest, imageId: claimed.imageId, names: [claimed.name], analyzedAt: now().getTime(), distro: `${distro.id}:${distro.version}`, sizeBytes };
  const isNew = await store.addImage(account.name, image, imported.analysis);
  if (!isNew) throw new Fault(409, 'Conflict: Image already exists in system. No restore possible.');
  const evaluate = async (): Promise<void> => { await evaluations.evaluate(account.name, claimed.digest, claimed.name); };
  // what is stored stays: an evaluation that cannot be had now is had when it is asked for
  if (waits) await evaluate().catch(() => undefined);
  else later(`evaluation of ${claimed.digest}`, evaluate);
  if (asList) return { body: [{ imageDigest: claimed.digest, analysis_status: 'analyzed', image_status: 'active', userId: account.name }] };
  return { body: { code: 0, message: 'OK', detail: {} } };
}
