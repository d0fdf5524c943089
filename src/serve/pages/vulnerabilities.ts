import type { Answered } from '../api/route.js';
import type { Context } from '../context.js';
import type { EvaluationRow } from '../store/store.js';
import { html, type Html } from './html.js';
import { imageLink, shortDigest } from './images.js';
import type { PageAsked } from './index.js';
import { mark, page, time } from './layout.js';

/** Rows of an answer; of more, the number is told. */
const MOST = 500;

/** Which of my images does it hit? */
export async function vulnerabilitiesPage({ store }: Context, { visitor, query }: PageAsked): Promise<Answered> {
  const id = (query.get('id') ?? '').trim().slice(0, 200);
  const account = visitor.account.name;
  const hits = id === '' ? [] : await store.imagesWith(account, id);
  const rows = await Promise.all(hits.slice(0, MOST).map(async (hit) => row(hit, await store.latest(account, hit.digest, hit.name))));
  return page({
    title: 'Which images does a vulnerability hit?', place: '/vulnerabilities', visitor,
    content: html`
<form class="search" role="search" action="/vulnerabilities">
<div class="wide"><label for="id">Its id: CVE, GHSA, DSA …</label><input id="id" name="id" type="search" required value="${id}"></div>
<button>Search</button>
</form>
${id === '' ? html`<p class="note">By the latest evaluation of each image. After a new advisory, evaluate them again: <code>POST /api/scanning/v1/evaluate</code>.</p>` : answer(id, rows, hits.length)}`,
  });
}

function answer(id: string, rows: readonly Html[], all: number): Html {
  if (all === 0) return html`<p class="note">By their latest evaluations, no image has ${id}.</p>`;
  return html`<div class="scroll" tabindex="0"><table><caption>${all} ${all === 1 ? 'image has' : 'images have'} ${id}${all > MOST ? `; the first ${MOST}` : ''}. Times are UTC.</caption>
<thead><tr><th scope="col">Image</th><th scope="col">Verdict</th><th scope="col">Evaluated</th><th scope="col">Digest</th></tr></thead>
<tbody>${rows}</tbody></table></div>`;
}

function row({ digest, name }: { readonly digest: string; readonly name: string }, latest: EvaluationRow | undefined): Html {
  return html`<tr><th scope="row" class="free"><a href="${imageLink(digest, name)}">${name}</a></th><td>${latest === undefined ? undefined : mark(latest.verdict)}</td><td>${latest === undefined ? undefined : time(latest.evaluatedAt)}</td><td><code title="${digest}">${shortDigest(digest)}</code></td></tr>
`;
}
