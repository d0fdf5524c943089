import { Fault } from '../api/fault.js';
import type { Answered } from '../api/route.js';
import type { Context } from '../context.js';
import { html, type Html } from './html.js';
import type { PageAsked } from './index.js';
import { page, time } from './layout.js';

/** Policies of the account, every version. */
export async function policiesPage({ store }: Context, { visitor }: PageAsked): Promise<Answered> {
  const policies = await store.policies(visitor.account.name);
  return page({
    title: 'Policies', place: '/policies', visitor,
    content: policies.length === 0
      ? html`<p class="note">None was uploaded, so the built-in policy <code>default</code> decides. Upload a bundle: <code>POST /api/scanning/v1/policies</code>.</p>`
      : html`<div class="scroll" tabindex="0"><table><caption>One is active, and decides. Times are UTC.</caption>
<thead><tr><th scope="col">Policy</th><th scope="col" class="number">Version</th><th scope="col">Uploaded</th><th scope="col">State</th></tr></thead>
<tbody>${[...policies].reverse().map(({ id, name, version, createdAt, active }) => html`<tr><th scope="row" class="free"><a href="/policies/${encodeURIComponent(id)}">${name || id}</a></th><td class="number">${version}</td><td>${time(createdAt)}</td><td>${active ? html`<span class="mark go">active</span>` : html`<span class="quiet">kept</span>`}</td></tr>
`)}</tbody></table></div>`,
  });
}

/** The latest version of one, as it was uploaded. */
export async function policyPage({ store }: Context, { visitor, path }: PageAsked): Promise<Answered> {
  const policy = (await store.policies(visitor.account.name)).findLast(({ id }) => id === path['id']);
  if (policy === undefined) throw new Fault(404, 'There is no such policy.');
  return page({
    title: policy.name || policy.id, place: '/policies', visitor,
    content: html`<p>Version ${policy.version}, uploaded ${time(policy.createdAt)} UTC, ${policy.active ? 'active' : 'not active'}.</p>${bundle(policy.text)}`,
  });
}

function bundle(text: string): Html {
  return html`<pre class="scroll" tabindex="0" aria-label="The bundle"><code>${JSON.stringify(JSON.parse(text), null, 2)}</code></pre>`;
}
