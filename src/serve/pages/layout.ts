import type { Answered } from '../api/route.js';
import { html, type Html, type Part } from './html.js';
import type { Visitor } from './sessions.js';

/** No script at all, and nothing from elsewhere; forms go back to us alone, and nobody frames us. */
const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  'referrer-policy': 'same-origin',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
};

const PLACES = [['/images', 'Images'], ['/vulnerabilities', 'Vulnerabilities'], ['/policies', 'Policies']] as const;

export interface PageParts {
  readonly title: string;
  /** Which of the places it belongs to. */
  readonly place?: (typeof PLACES)[number][0];
  /** undefined where nobody has signed in. */
  readonly visitor: Visitor | undefined;
  readonly content: Part;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A whole page. */
export function page({ title, place, visitor, content, status = 200, headers = {} }: PageParts): Answered {
  const body = html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – Inline Scan</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/style.css">
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header class="top"><strong>Inline Scan</strong>${visitor === undefined ? undefined : navigation(visitor, place)}</header>
<main id="content"${visitor === undefined ? html` class="narrow"` : undefined}>
<h1>${title}</h1>
${content}
</main>
</body>
</html>
`;
  return { status, body: body.text, type: 'text/html; charset=utf-8', headers: { ...PAGE_HEADERS, ...headers } };
}

function navigation({ account, csrf }: Visitor, place: string | undefined): Html {
  return html`
<nav aria-label="Places"><ul>${PLACES.map(([path, name]) => html`<li><a href="${path}"${path === place ? html` aria-current="page"` : undefined}>${name}</a></li>`)}</ul></nav>
<form method="post" action="/logout"><input type="hidden" name="csrf" value="${csrf}"><span>${account.name}${account.role === 'read' ? ' (reads only)' : ''}</span> <button class="quiet">Sign out</button></form>`;
}

/** Goes elsewhere, by GET. */
export function redirect(path: string, headers: Readonly<Record<string, string>> = {}): Answered {
  return { status: 303, body: '', type: 'text/plain', headers: { ...PAGE_HEADERS, location: path, ...headers } };
}

/** `2026-03-01 12:34` of UTC, as a machine can read it too. */
export function time(milliseconds: number): Html {
  const iso = new Date(milliseconds).toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 16).replace('T', ' ')}</time>`;
}

const VERDICTS: Readonly<Record<string, string>> = { stop: 'Stop', warn: 'Warn', go: 'Go' };

/** A verdict or an action: in a word, and in a colour besides. */
export function mark(verdict: string): Html {
  const word = Object.hasOwn(VERDICTS, verdict) ? VERDICTS[verdict] : undefined;
  return html`<span class="mark ${word === undefined ? 'quiet' : verdict}">${word ?? verdict}</span>`;
}

/** A query that leaves out what is empty. */
export function link(path: string, query: Readonly<Record<string, string>>): string {
  const text = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== '')).toString();
  return text === '' ? path : `${path}?${text}`;
}
