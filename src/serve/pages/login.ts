import type { Answered } from '../api/route.js';
import { html } from './html.js';
import { page } from './layout.js';

/** @param problem what was wrong with the last try, or empty */
export function loginPage(problem: string, status = 200): Answered {
  return page({
    title: 'Sign in', visitor: undefined, status,
    content: html`
${problem === '' ? undefined : html`<p class="note bad" role="alert">${problem}</p>`}
<form method="post" action="/login">
<label for="token">Token</label>
<input id="token" name="token" type="password" required autofocus autocomplete="current-password" spellcheck="false" aria-describedby="hint">
<button>Sign in</button>
</form>
<p id="hint" class="quiet">The token that your workflows scan with. The browser is given a session of eight hours instead of it.</p>`,
  });
}
