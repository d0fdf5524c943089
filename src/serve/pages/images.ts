import type { Answered } from '../api/route.js';
import type { Context } from '../context.js';
import type { EvaluationRow, StoredImage } from '../store/store.js';
import { html, type Html } from './html.js';
import type { PageAsked } from './index.js';
import { link, mark, page, time } from './layout.js';

const PER_PAGE = 50;

/** Digests are long, and their first digits tell them apart. */
export const shortDigest = (digest: string): string => digest.replace(/^sha256:/, '').slice(0, 12);

/** Images of the account, newest first, with the verdict under each name. */
export async function imagesPage({ store }: Context, { visitor, query }: PageAsked): Promise<Answered> {
  const text = (query.get('q') ?? '').trim().slice(0, 600);
  const number = /^\d{1,6}$/.test(query.get('page') ?? '') ? Math.max(1, Number(query.get('page'))) : 1;
  const { name } = visitor.account;
  // one more than is shown tells whether there is another page
  const found = await store.images(name, { text, limit: PER_PAGE + 1, offset: (number - 1) * PER_PAGE });
  const rows = await Promise.all(found.slice(0, PER_PAGE).map(async (image) => {
    const latest = await Promise.all(image.names.map((one) => store.latest(name, image.digest, one)));
    return image.names.map((one, index) => row(image, one, latest[index]));
  }));
  return page({
    title: 'Images', place: '/images', visitor,
    content: html`
<form class="search" role="search" action="/images">
<div class="wide"><label for="q">Name, digest or id</label><input id="q" name="q" type="search" value="${text}"></div>
<button>Search</button>
</form>
${rows.length === 0 ? nothing(text) : html`<div class="scroll" tabindex="0"><table>
<caption>${text === '' ? 'Newest first' : `Those with “${text}”, newest first`}. Times are UTC.</caption>
<thead><tr><th scope="col">Image</th><th scope="col">Verdict</th><th scope="col" class="number">Stops</th><th scope="col" class="number">Warnings</th><th scope="col">Evaluated</th><th scope="col">System</th><th scope="col">Digest</th></tr></thead>
<tbody>${rows}</tbody>
</table></div>`}
<nav class="pages" aria-label="Pages">
${number > 1 ? html`<a href="${link('/images', { q: text, page: String(number - 1) })}" rel="prev">Newer</a>` : undefined}
${found.length > PER_PAGE ? html`<a href="${link('/images', { q: text, page: String(number + 1) })}" rel="next">Older</a>` : undefined}
</nav>`,
  });
}

function nothing(text: string): Html {
  return text === ''
    ? html`<p class="note">No image yet. Scan one with <code>backend-url</code> and a token of this account.</p>`
    : html`<p class="note">No image has “${text}” in its name, digest or id.</p>`;
}

function row(image: StoredImage, name: string, latest: EvaluationRow | undefined): Html {
  return html`<tr><th scope="row" class="free"><a href="${imageLink(image.digest, name)}">${name}</a></th>
<td>${latest === undefined ? html`<span class="quiet">not yet</span>` : mark(latest.verdict)}</td>
<td class="number">${latest?.stops}</td><td class="number">${latest?.warnings}</td>
<td>${latest === undefined ? undefined : time(latest.evaluatedAt)}</td>
<td>${image.distro.replace(/:$/, '').replace(':', ' ')}</td><td><code title="${image.digest}">${shortDigest(image.digest)}</code></td></tr>
`;
}

/** Where an image's page is, under one of its names. */
export function imageLink(digest: string, name: string): string {
  return link(`/images/${encodeURIComponent(digest)}`, { name });
}
