import { readText } from '../api/body.js';
import { Fault } from '../api/fault.js';
import type { Answered, Asked, Route } from '../api/route.js';
import type { Context } from '../context.js';
import { StoreBusy } from '../store/database.js';
import { html } from './html.js';
import { evaluateImage, imagePage } from './image.js';
import { imagesPage } from './images.js';
import { page, redirect } from './layout.js';
import { loginPage } from './login.js';
import { policiesPage, policyPage } from './policies.js';
import { checkForm, Sessions, type Visitor } from './sessions.js';
import { ICON, STYLE } from './style.js';
import { vulnerabilitiesPage } from './vulnerabilities.js';

/** What a page is made of. */
export interface PageAsked {
  readonly visitor: Visitor;
  readonly path: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
}

/** Longer than any token. */
const LARGEST_FORM = 8192;

/** The web pages: for people, rendered here, without a script. Each sees to its own access, by a session. */
export function pages(context: Context): Route[] {
  const sessions = new Sessions(context.store, context.now);

  const show = (path: string, summary: string, render: (context: Context, asked: PageAsked) => Promise<Answered>): Route => ({
    method: 'GET', path, summary, access: 'open', gives: 'text/html',
    answer: (asked) => toPeople(async () => {
      const visitor = await sessions.visitor(asked.request);
      return visitor === undefined ? redirect('/login') : render(context, { visitor, path: asked.path, query: asked.query });
    }),
  });

  const act = (path: string, summary: string, step: (asked: PageAsked) => Promise<Answered>): Route => ({
    method: 'POST', path, summary, access: 'open', sends: 'form', gives: 'text/html',
    answer: (asked) => toPeople(async () => {
      const visitor = await sessions.visitor(asked.request);
      if (visitor === undefined) return redirect('/login');
      checkForm(asked.request, await formOf(asked), visitor);
      return step({ visitor, path: asked.path, query: asked.query });
    }),
  });

  const signIn = async (asked: Asked): Promise<Answered> => {
    const form = await formOf(asked);
    checkForm(asked.request, form, undefined);
    const cookie = await sessions.begin(form.get('token')?.trim() ?? '', asked.request);
    return cookie === undefined ? loginPage('This token is not known.', 401) : redirect('/images', { 'set-cookie': cookie });
  };

  return [
    { method: 'GET', path: '/style.css', summary: 'How pages look', access: 'open', gives: 'text/css', answer: async () => ({ body: STYLE, type: 'text/css; charset=utf-8', headers: { 'cache-control': 'public, max-age=300' } }) },
    { method: 'GET', path: '/icon.svg', summary: 'Their icon', access: 'open', gives: 'image/svg+xml', answer: async () => ({ body: ICON, type: 'image/svg+xml', headers: { 'cache-control': 'public, max-age=86400' } }) },
    { method: 'GET', path: '/', summary: 'The first page', access: 'open', gives: 'text/html', answer: async () => redirect('/images') },
    { method: 'GET', path: '/login', summary: 'The form to sign in', access: 'open', gives: 'text/html', answer: async () => loginPage('') },
    { method: 'POST', path: '/login', summary: 'Sign in', access: 'open', sends: 'form', gives: 'text/html', answer: (asked) => toPeople(() => signIn(asked)) },
    {
      method: 'POST', path: '/logout', summary: 'Sign out', access: 'open', sends: 'form', gives: 'text/html', answer: (asked) => toPeople(async () => {
        const visitor = await sessions.visitor(asked.request);
        if (visitor !== undefined) checkForm(asked.request, await formOf(asked), visitor);
        return redirect('/login', { 'set-cookie': await sessions.end(asked.request) });
      }),
    },
    show('/images', 'Images', imagesPage),
    show('/images/{digest}', 'One image', imagePage),
    act('/images/{digest}/evaluate', 'Evaluate an image again', (asked) => evaluateImage(context, asked)),
    show('/vulnerabilities', 'Which images a vulnerability hits', vulnerabilitiesPage),
    show('/policies', 'Policies', policiesPage),
    show('/policies/{id}', 'One policy', policyPage),
  ];
}

async function formOf({ request }: Asked): Promise<URLSearchParams> {
  return new URLSearchParams(await readText(request, LARGEST_FORM));
}

/** People get a page where clients get JSON. */
async function toPeople(step: () => Promise<Answered>): Promise<Answered> {
  try {
    return await step();
  } catch (error) {
    const fault = error instanceof StoreBusy ? new Fault(503, error.message) : error;
    if (!(fault instanceof Fault)) throw error;
    return page({ title: fault.status === 404 ? 'Not found' : 'That did not work', visitor: undefined, status: fault.status, content: html`<p class="note bad">${fault.message}</p><p><a href="/images">To the images</a></p>` });
  }
}
