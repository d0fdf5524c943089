import { BackendError } from '../../errors.js';
import type { Answer } from '../../http/client.js';

/** An answer's body as JSON. @throws BackendError where it is none: a login page, half a body, nothing */
export function jsonOf(answer: Answer, what: string): unknown {
  try {
    return JSON.parse(answer.body.toString('utf8'));
  } catch (error) {
    const html = /^\s*</.test(answer.body.subarray(0, 200).toString('latin1'));
    const why = html ? 'is a web page, perhaps of a login or a proxy' : answer.body.length === 0 ? 'is empty' : 'is not whole JSON';
    throw new BackendError(`The backend's answer to ${what} ${why}. Check that backend-url is that of a Sysdig Secure API.`, { cause: error });
  }
}

/** What the backend says went wrong, in the styles of Sysdig (`errors`, `error`) and Anchore (`message`); the empty string where it says nothing readable. */
export function errorText(answer: Answer): string {
  try {
    const body = JSON.parse(answer.body.toString('utf8')) as { errors?: { message?: unknown; reason?: unknown }[]; message?: unknown; error?: unknown };
    const said = body.message ?? body.errors?.[0]?.message ?? body.errors?.[0]?.reason ?? body.error;
    return typeof said === 'string' ? said.slice(0, 300) : '';
  } catch {
    return '';
  }
}

/** The error that a status means, with what to do. */
export function refused(answer: Answer, what: string): BackendError {
  const said = errorText(answer);
  const detail = said === '' ? `status ${answer.status}` : `status ${answer.status}: ${said}`;
  return new BackendError(`The backend refused ${what} (${detail}). ${ADVICE[answer.status] ?? 'Run the step again, or ask those who run the backend.'}`);
}

const ADVICE: Readonly<Record<number, string>> = {
  301: 'It redirects elsewhere, and a token goes to no other host: set backend-url to the address it leads to.',
  302: 'It redirects elsewhere, and a token goes to no other host: set backend-url to the address it leads to.',
  307: 'It redirects elsewhere, and a token goes to no other host: set backend-url to the address it leads to.',
  308: 'It redirects elsewhere, and a token goes to no other host: set backend-url to the address it leads to.',
  401: 'The token was not accepted: check backend-token, and that it belongs to this region.',
  403: 'The token lacks the permission to scan: give its user a role that may.',
  404: 'This address has no image scanning API of the first engine (Sysdig\'s own service ended it on 2024-12-31): check backend-url.',
  413: 'The analysis is too large for it: leave analyzers out, with analyzers: -file-list, or let it take larger bodies.',
  429: 'It asks for fewer requests: run fewer scans at once.',
};
