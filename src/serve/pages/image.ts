import type { Evaluation } from '../../evaluation/evaluation.js';
import { Fault } from '../api/fault.js';
import { notNow } from '../api/notNow.js';
import type { Answered } from '../api/route.js';
import type { Context } from '../context.js';
import type { EvaluationRow, StoredImage } from '../store/store.js';
import { curve } from './curve.js';
import { chosenFindings, filterForm, findingsTable, readChoice } from './findings.js';
import { html, type Html } from './html.js';
import { imageLink } from './images.js';
import type { PageAsked } from './index.js';
import { mark, page, redirect, time } from './layout.js';

/** Evaluations that the curve has, and rows of its table. */
const CURVE = 500;
const HISTORY = 20;

/** One image: verdicts over time, and what the latest evaluation under a name found. */
export async function imagePage(context: Context, asked: PageAsked): Promise<Answered> {
  const { store } = context;
  const { visitor, query } = asked;
  const account = visitor.account.name;
  const image = await found(context, asked);
  const name = query.get('name') || (image.names[0] ?? '');
  const kept = image.names.includes(name) ? await store.evaluation(account, image.digest, name) : undefined;
  if (kept === undefined && !image.names.includes(name)) throw new Fault(404, 'The image has no such name.');
  const history = (await store.history(account, image.digest, CURVE)).filter((row) => row.name === name);
  return page({
    title: name, place: '/images', visitor,
    content: html`
${facts(image, name, kept)}
${visitor.account.role === 'scan' ? evaluateForm(image, visitor.csrf) : undefined}
${history.length === 0 ? undefined : historyPart(history)}
${kept === undefined ? html`<p class="note">Not evaluated yet: reload in a moment.</p>` : findingsPart(JSON.parse(kept.text) as Evaluation, image, name, query)}`,
  });
}

/** Evaluates under all names, then shows the image. */
export async function evaluateImage(context: Context, asked: PageAsked): Promise<Answered> {
  const { account } = asked.visitor;
  if (account.role !== 'scan') throw new Fault(403, 'Your token may read, and change nothing.');
  const image = await found(context, asked);
  try {
    await context.evaluations.evaluate(account.name, image.digest, image.names);
  } catch (error) {
    throw notNow(error, 'The evaluation');
  }
  return redirect(`/images/${encodeURIComponent(image.digest)}`);
}

async function found({ store }: Context, { visitor, path }: PageAsked): Promise<StoredImage> {
  const image = await store.image(visitor.account.name, path['digest'] ?? '');
  if (image === undefined) throw new Fault(404, 'There is no such image.');
  return image;
}

function facts(image: StoredImage, name: string, kept: EvaluationRow | undefined): Html {
  const others = image.names.filter((one) => one !== name);
  return html`<dl class="facts">
<dt>Verdict</dt><dd>${kept === undefined ? 'not yet' : html`${mark(kept.verdict)} by the policy ${kept.policyId}, ${time(kept.evaluatedAt)} UTC`}</dd>
<dt>Digest</dt><dd><code>${image.digest}</code></dd>
<dt>Id</dt><dd><code>${image.imageId}</code></dd>
<dt>System</dt><dd>${image.distro.replace(/:$/, '').replace(':', ' ')}</dd>
<dt>Size</dt><dd>${(image.sizeBytes / 1e6).toFixed(1)} MB</dd>
<dt>Imported</dt><dd>${time(image.analyzedAt)} UTC</dd>
${others.length === 0 ? undefined : html`<dt>Other names</dt><dd>${others.map((one, index) => html`${index === 0 ? '' : ', '}<a href="${imageLink(image.digest, one)}">${one}</a>`)}</dd>`}
</dl>`;
}

function evaluateForm({ digest }: StoredImage, csrf: string): Html {
  return html`<form method="post" action="/images/${encodeURIComponent(digest)}/evaluate"><input type="hidden" name="csrf" value="${csrf}"><button class="quiet">Evaluate again, by today’s advisories</button></form>`;
}

function historyPart(history: readonly EvaluationRow[]): Html {
  const oldestFirst = [...history].reverse();
  return html`<h2 id="history">Verdicts over time</h2>
${history.length < 2 ? undefined : html`<div class="scroll" tabindex="0">${curve(oldestFirst)}</div>`}
<div class="scroll" tabindex="0"><table><caption>${history.length > HISTORY ? `The latest ${HISTORY} of ${history.length} evaluations` : 'Every evaluation'}, newest first. Times are UTC.</caption>
<thead><tr><th scope="col">Evaluated</th><th scope="col">Verdict</th><th scope="col" class="number">Stops</th><th scope="col" class="number">Warnings</th><th scope="col">Policy</th></tr></thead>
<tbody>${history.slice(0, HISTORY).map((row) => html`<tr><th scope="row">${time(row.evaluatedAt)}</th><td>${mark(row.verdict)}</td><td class="number">${row.stops}</td><td class="number">${row.warnings}</td><td>${row.policyId}</td></tr>
`)}</tbody></table></div>`;
}

function findingsPart(evaluation: Evaluation, image: StoredImage, name: string, query: URLSearchParams): Html {
  const choice = readChoice(query);
  return html`<h2 id="findings">Findings</h2>
${filterForm(`/images/${encodeURIComponent(image.digest)}`, name, choice)}
${findingsTable(chosenFindings(evaluation.findings, choice), evaluation.findings.length)}
${evaluation.notEvaluated.length === 0 ? undefined : html`<h2>Not evaluated</h2><ul>${[...new Set(evaluation.notEvaluated.map(({ gate, trigger, why }) => `${gate}: ${trigger}: ${why}`))].map((line) => html`<li>${line}</li>`)}</ul>`}
${evaluation.problems.length === 0 ? undefined : html`<h2>Problems</h2><ul>${evaluation.problems.map(({ message, path }) => html`<li>${path === undefined ? '' : html`<code>${path}</code>: `}${message}</li>`)}</ul>`}
<p class="quiet">${evaluation.advisories === null ? 'Without advisories.' : `Advisories: ${evaluation.advisories.source}, ${evaluation.advisories.records} records, the newest of ${evaluation.advisories.newest ?? 'no known day'}.`}</p>`;
}
