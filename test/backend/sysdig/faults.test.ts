import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { BackendError, InputError } from '../../../src/errors.js';
import { cutShort, drip, reset, silence } from '../../http/server.js';
import { converse, type Circumstances } from './conversation.js';
import { altered, checkBody, lostReply, says, type Route, type Script } from './standIn.js';
import { DIGEST, NAME, subject } from './subject.js';

interface Row {
  readonly script: Script;
  readonly in?: Circumstances;
  /** Requests by route; routes that are not named must not have been asked. */
  readonly requests: Partial<Record<Route, number>>;
  readonly waits?: readonly number[];
  /** How often the image was stored. */
  readonly stored?: number;
}

const UPLOADED = { status: 1, check: 2, account: 1, sync: 1, vulnDirect: 1 } as const;
const RECALLED = { status: 1, check: 1, vulnDirect: 1 } as const;
/** Full jitter with the longest lot. */
const BACKOFF = [500, 1000, 2000, 4000];
const NOT_READY = says(404, { message: 'image is not analyzed - analysis_status: analyzing' });
const EXISTS = { message: 'Conflict: Image already exists in system. No restore possible' };

async function run({ script, in: circumstances, requests, waits = [], stored }: Row): Promise<Awaited<ReturnType<typeof converse>>> {
  const told = await converse(script, circumstances);
  expect({ requests: told.backend.requests, waits: told.waits, stored: told.backend.stored.get(DIGEST) ?? 0 }).toEqual({ requests, waits, stored: stored ?? 0 });
  return told;
}

describe('a verdict', () => {
  test.each<[string, Row & { verdict: string; status: string }]>([
    ['pass', { script: {}, requests: UPLOADED, stored: 1, verdict: 'go', status: 'pass' }],
    ['warn', { script: { verdict: 'warn' }, requests: UPLOADED, stored: 1, verdict: 'warn', status: 'pass' }],
    ['stop', { script: { verdict: 'stop' }, requests: UPLOADED, stored: 1, verdict: 'stop', status: 'fail' }],
    ['a known digest: nothing is uploaded', { script: { known: { [DIGEST]: [NAME] }, verdict: 'warn' }, requests: RECALLED, verdict: 'warn', status: 'pass' }],
    ['no synchronous import: the other one', { script: { always: { sync: says(404) } }, requests: { ...UPLOADED, async: 1 }, stored: 1, verdict: 'go', status: 'pass' }],
    ['an import that is not allowed by this method: the other one', { script: { always: { sync: says(405) } }, requests: { ...UPLOADED, async: 1 }, stored: 1, verdict: 'go', status: 'pass' }],
    ['the account at its other path', { script: { always: { account: says(404) } }, requests: { ...UPLOADED, anchoreAccount: 1 }, stored: 1, verdict: 'go', status: 'pass' }],
    ['not ready three times', { script: { steps: { check: [says(404), NOT_READY, NOT_READY, NOT_READY] } }, requests: { ...UPLOADED, check: 5 }, waits: [1000, 2000, 4000], stored: 1, verdict: 'go', status: 'pass' }],
    ['a known digest, by force: uploaded once', { script: { known: { [DIGEST]: [NAME] }, verdict: 'warn' }, in: { force: true }, requests: { ...UPLOADED, check: 1, alias: 1 }, verdict: 'warn', status: 'pass' }],
    ['known under another name (409): an alias, and then as said', { script: { known: { [DIGEST]: ['docker.io/library/b:1'] }, verdict: 'stop' }, requests: { ...UPLOADED, alias: 1 }, verdict: 'stop', status: 'fail' }],
    ['known under another name (500): an alias, and then as said', { script: { known: { [DIGEST]: ['docker.io/library/b:1'] }, always: { sync: says(500, EXISTS) } }, requests: { ...UPLOADED, alias: 1 }, verdict: 'go', status: 'pass' }],
    ['429 for two seconds', { script: { steps: { status: [says(429, {}, { 'retry-after': '2' })] } }, requests: { ...UPLOADED, status: 2 }, waits: [2000], stored: 1, verdict: 'go', status: 'pass' }],
    ['429 until a date', { script: { steps: { status: [says(429, {}, { 'retry-after': 'Thu, 01 Jan 2026 00:00:07 GMT' })] } }, requests: { ...UPLOADED, status: 2 }, waits: [7000], stored: 1, verdict: 'go', status: 'pass' }],
    ['429 without a time', { script: { steps: { status: [says(429)] } }, requests: { ...UPLOADED, status: 2 }, waits: [500], stored: 1, verdict: 'go', status: 'pass' }],
    ['429 of the upload', { script: { steps: { sync: [says(429, {}, { 'retry-after': '3' })] } }, requests: { ...UPLOADED, sync: 2, check: 3 }, waits: [3000], stored: 1, verdict: 'go', status: 'pass' }],
    ...[500, 502, 503].map((code): [string, Row & { verdict: string; status: string }] => [
      `${code} twice, then 200`, { script: { steps: { check: [says(code), says(code)] } }, requests: { ...UPLOADED, check: 4 }, waits: [500, 1000], stored: 1, verdict: 'go', status: 'pass' },
    ]),
    ['502 of the upload twice: looked up first, then sent again', { script: { steps: { sync: [says(502), says(502)] } }, requests: { ...UPLOADED, sync: 3, check: 4 }, waits: [500, 1000], stored: 1, verdict: 'go', status: 'pass' }],
    ['a reset before the upload was taken', { script: { steps: { sync: [reset] } }, requests: { ...UPLOADED, sync: 2, check: 3 }, waits: [500], stored: 1, verdict: 'go', status: 'pass' }],
    ['a lost reply: looked up, and not sent again', { script: { steps: { sync: [lostReply] } }, requests: { ...UPLOADED, check: 3 }, waits: [500], stored: 1, verdict: 'go', status: 'pass' }],
    ['a lost reply, and not evaluated yet', { script: { steps: { sync: [lostReply], check: [says(404), NOT_READY, NOT_READY] } }, requests: { ...UPLOADED, check: 4 }, waits: [500, 1000], stored: 1, verdict: 'go', status: 'pass' }],
    ['a lost reply of an image that was known under another name', { script: { known: { [DIGEST]: ['docker.io/library/b:1'] }, steps: { sync: [lostReply] } }, requests: { ...UPLOADED, check: 3, alias: 1 }, waits: [500], verdict: 'go', status: 'pass' }],
    ['half an answer, then a whole one', { script: { steps: { status: [cutShort] } }, requests: { ...UPLOADED, status: 2 }, waits: [500], stored: 1, verdict: 'go', status: 'pass' }],
    ['an answer that hangs once', { script: { steps: { account: [silence] } }, in: { timeout: 150 }, requests: { ...UPLOADED, account: 2 }, waits: [500], stored: 1, verdict: 'go', status: 'pass' }],
    ['an answer that drips once', { script: { steps: { check: [drip] } }, in: { timeout: 150 }, requests: { ...UPLOADED, check: 3 }, waits: [500], stored: 1, verdict: 'go', status: 'pass' }],
    ['an alias that is refused, and there all the same', { script: { always: { sync: says(409, EXISTS), alias: says(400) }, steps: { check: [says(404), says(404), (asked, response) => { says(200, checkBody(DIGEST, NAME))(asked, response, () => ({ status: 200, body: {} })); }] } }, requests: { ...UPLOADED, check: 3, alias: 1 }, waits: [1000], verdict: 'go', status: 'pass' }],
  ])('%s', async (_, { verdict, status, ...row }) => {
    const { evaluation, error } = await run(row);
    expect(error).toBeUndefined();
    expect(evaluation).toMatchObject({ verdict, status, problems: [] });
  });
});

describe('no verdict, and what to do', () => {
  test.each<[string, Row & { message: RegExp }]>([
    ['401', { script: { always: { status: says(401, { errors: [{ reason: 'Bad credentials', message: 'Bad credentials' }] }) } }, requests: { status: 1 }, message: /status 401: Bad credentials\)\. The token was not accepted: check backend-token/ }],
    ['403', { script: { always: { status: says(403) } }, requests: { status: 1 }, message: /403\)\. The token lacks the permission to scan/ }],
    ['404', { script: { always: { status: says(404) } }, requests: { status: 1 }, message: /no image scanning API of the first engine .*2024-12-31\): check backend-url/ }],
    ['a login page', { script: { always: { status: says(200, '<html><body>Sign in', { 'content-type': 'text/html' }) } }, requests: { status: 1 }, message: /web page, perhaps of a login or a proxy\. Check that backend-url/ }],
    ['403 of the import', { script: { always: { sync: says(403, { message: 'no' }) } }, requests: { status: 1, check: 1, account: 1, sync: 1 }, message: /refused the analysis of \d+ bytes \(status 403: no\)/ }],
    ['neither import', { script: { always: { sync: says(404), async: says(404) } }, requests: { status: 1, check: 1, account: 1, sync: 1, async: 1 }, message: /refused the analysis of \d+ bytes \(status 404\)/ }],
    ['no account at all', { script: { always: { account: says(404), anchoreAccount: says(404) } }, requests: { status: 1, check: 1, account: 1, anchoreAccount: 1 }, message: /refused the request for the account/ }],
    ['an account without a name', { script: { always: { account: says(200, {}) } }, requests: { status: 1, check: 1, account: 1 }, message: /did not name the account of this token/ }],
    ['never ready', { script: { always: { check: NOT_READY } }, in: { patience: 20_000 }, requests: { status: 1, check: 6, account: 1, sync: 1 }, waits: [1000, 2000, 4000, 8000], stored: 1, message: /had no evaluation of docker\.io\/library\/a:1 in time\. It may still be at work/ }],
    ['an analysis that failed there', { script: { always: { check: NOT_READY, image: says(200, [{ analysis_status: 'analysis_failed' }]) } }, requests: { status: 1, check: 7, account: 1, sync: 1, image: 1 }, waits: [1000, 2000, 4000, 8000, 10000], stored: 1, message: /could not analyse the image \(analysis_failed\)/ }],
    ['an upload that cannot be read', { script: { always: { sync: says(400, { message: 'bad archive' }) } }, requests: { status: 1, check: 1, account: 1, sync: 1 }, message: /status 400: bad archive/ }],
    ['413', { script: { always: { sync: says(413) } }, requests: { status: 1, check: 1, account: 1, sync: 1 }, message: /analysis of \d+ bytes \(status 413\)\. The analysis is too large for it: leave analyzers out/ }],
    ['500 of an upload: it may have done half of it', { script: { always: { sync: says(500, { message: 'oh' }) } }, requests: { status: 1, check: 1, account: 1, sync: 1 }, message: /status 500: oh/ }],
    ['429 for an hour', { script: { always: { status: says(429, {}, { 'retry-after': '3600' }) } }, requests: { status: 1 }, message: /429\)\. It asks for fewer requests/ }],
    ...[500, 502, 503].map((code): [string, Row & { message: RegExp }] => [
      `${code} always`, { script: { always: { check: says(code, { message: 'down' }) } }, requests: { status: 1, check: 5 }, waits: BACKOFF, message: new RegExp(`refused the request for the evaluation \\(status ${code}: down\\)`) },
    ]),
    ['a reset always', { script: { always: { status: reset } }, requests: { status: 5 }, waits: BACKOFF, message: /could not be reached \((?:ECONNRESET|UND_ERR_SOCKET)\): GET 127\.0\.0\.1:\d+\. Check the address, the proxy and the network/ }],
    ['a reset of every upload', { script: { always: { sync: reset } }, requests: { status: 1, check: 5, account: 1, sync: 5 }, waits: BACKOFF, message: /broke the connection off each time the analysis of \d+ bytes was sent/ }],
    ['silence', { script: { always: { status: silence } }, in: { timeout: 60 }, requests: { status: 5 }, waits: BACKOFF, message: /did not answer in time: GET 127\.0\.0\.1/ }],
    ['silence, up to the deadline', { script: { always: { status: silence } }, in: { timeout: 60, patience: 2000 }, requests: { status: 3 }, waits: [500, 1000], message: /did not answer in time/ }],
    ['an answer that drips for ever', { script: { always: { check: drip } }, in: { timeout: 60 }, requests: { status: 1, check: 5 }, waits: BACKOFF, message: /did not answer in time/ }],
    ['a redirect to the login', { script: { always: { check: says(302, '', { location: '/login' }) } }, requests: { status: 1, check: 1 }, message: /redirects elsewhere, and a token goes to no other host: set backend-url/ }],
  ])('%s', async (_, { message, ...row }) => {
    const { evaluation, error } = await run(row);
    expect(evaluation).toBeUndefined();
    expect(error).toBeInstanceOf(BackendError);
    expect(error?.message).toMatch(message);
  });

  test.each<[string, Parameters<typeof altered>[0]]>([
    ['malformed', (text) => text.replace('{', '{{')],
    ['cut off', (text) => text.slice(0, -20)],
    ['a web page', () => '<!DOCTYPE html><title>Login</title>'],
    ['empty', () => ''],
    ['an empty list', () => '[]'],
    ['an object', () => '{}'],
    ['null', () => 'null'],
    ['another digest', (text) => text.replaceAll(DIGEST, `sha256:${'9'.repeat(64)}`)],
    ['another name', (text) => text.replace(`"${NAME}":[`, '"docker.io/library/b:1":[')],
    ['no status', (text) => text.replace('"status":"pass",', '')],
    ['an unknown status', (text) => text.replace('"status":"pass"', '"status":"foo"')],
    ['a status that is no text', (text) => text.replace('"status":"pass"', '"status":true')],
    ['__proto__ for a digest', (text) => text.replaceAll(DIGEST, '__proto__')],
  ])('200 that is %s, of a known and of an uploaded image', async (_, change) => {
    for (const known of [{ [DIGEST]: [NAME] }, {}]) {
      const { evaluation, error, waits } = await converse({ known, always: { check: (asked, response, usual) => (usual().status === 200 ? altered(change)(asked, response, usual) : says(404)(asked, response, usual)) } });
      expect(evaluation).toBeUndefined();
      expect(error).toBeInstanceOf(BackendError);
      expect(error?.message).toMatch(/^The backend's answer .+\. \w/);
      expect(waits).toEqual([]);
    }
  });
});

describe('an upload that is too large', () => {
  // random hex compresses to a half: more than socket buffers hold, so that the sender is still sending
  const large = (): ReturnType<typeof subject> => subject({ padding: randomBytes(8_000_000).toString('hex') });

  test('413 before the body is read, which is then let flow away', async () => {
    const { error, backend } = await converse({ early: { sync: (asked, response) => { says(413)(asked, response, () => ({ status: 413, body: {} })); response.req.resume(); } } }, { of: large() });
    expect(error?.message).toMatch(/analysis of \d{7,} bytes \(status 413\)\. The analysis is too large for it/);
    expect(backend.requests.sync).toBe(1);
  });

  test('413 before the body is read, and the connection closed: an error that names the size, whichever of both is seen', async () => {
    const { error, backend } = await converse({ early: { sync: (_, response) => { response.writeHead(413, { connection: 'close' }).end('{}', () => response.socket?.destroy()); } } }, { of: large() });
    expect(error).toBeInstanceOf(BackendError);
    expect(error?.message).toMatch(/analysis of \d{7,} bytes (?:\(status 413\)\. The analysis is too large|was sent\. It, or a proxy before it, may take no bodies of that size)/);
    expect(error?.message).toContain('-file-list');
    expect(backend.stored.size).toBe(0);
  });

  test('a connection that is closed while it is sent', async () => {
    const { error, backend, waits } = await converse({ early: { sync: reset } }, { of: large() });
    expect(error?.message).toMatch(/broke the connection off each time the analysis of \d{7,} bytes was sent/);
    expect(backend.requests.sync).toBe(5);
    expect(waits).toEqual(BACKOFF);
  });

  test('our own limit, before anything is sent', async () => {
    const { error, backend } = await converse({}, { of: subject({ padding: randomBytes(50_000).toString('hex') }), largestArchive: 10_000 });
    expect(error).toBeInstanceOf(InputError);
    expect(error?.message).toMatch(/has \d{5} bytes, and at most 10000 are sent\. Its largest sections are inventory 0\.1 MB.*analyzers: -file-list/);
    expect(backend.requests.sync).toBeUndefined();
  });
});

describe('what the verdict does not depend on', () => {
  test.each<[string, Script, Partial<Record<Route, number>>]>([
    ['404 of both', { always: { vulnDirect: says(404), vulnAll: says(404) } }, { ...UPLOADED, vulnAll: 1 }],
    ['500 for ever', { always: { vulnDirect: says(500) } }, { ...UPLOADED, vulnDirect: 5 }],
    ['a web page', { always: { vulnDirect: says(200, '<html>') } }, UPLOADED],
    ['something else', { always: { vulnDirect: says(200, { vulns: 'many' }) } }, UPLOADED],
    ['a reset for ever', { always: { vulnDirect: reset } }, { ...UPLOADED, vulnDirect: 5 }],
  ])('vulnerabilities: %s', async (_, script, requests) => {
    const { evaluation, backend } = await converse({ ...script, verdict: 'stop' });
    expect(backend.requests).toEqual(requests);
    expect(evaluation).toMatchObject({ verdict: 'stop', status: 'fail', problems: [{ message: expect.stringMatching(/gave no list of vulnerabilities/) }] });
  });

  test.each<[string, Script, string]>([
    ['asked where check does not name them', {}, 'House rules'],
    ['and their id where nobody does', { always: { policyEvaluation: says(500) } }, 'p1'],
    ['and their id where the answer is none', { always: { policyEvaluation: says(200, '<html>') } }, 'p1'],
  ])('names of policies: %s', async (_, script, name) => {
    const nameless = altered((text) => text.replace('"policy":{"policies":[{"id":"p1","name":"Default"}]},', ''));
    const { evaluation, backend } = await converse({ ...script, verdict: 'warn', always: { ...script.always, check: nameless } });
    expect(evaluation?.policies).toEqual([{ id: 'p1', name, verdict: 'warn', stops: 0, warnings: 1 }]);
    expect(evaluation?.problems).toEqual([]);
    expect(backend.requests.policyEvaluation).toBe(1);
  });
});

describe('names', () => {
  test.each([
    ['host:5000/a:latest'], ['docker.io/library/a:UPPER_Tag'], ['docker.io/library/a:1.0-b_c'], ['registry.example.com:8443/team/a/b:v1'], ['localbuild/a@sha256:abc'], ['host/a+b:1'], ['host/a%2f..?x#y:1'],
  ])('%s reaches the backend as it is', async (name) => {
    const { evaluation, error, backend } = await converse({ verdict: 'warn' }, { of: subject({ name }) });
    expect(error).toBeUndefined();
    expect(evaluation?.verdict).toBe('warn');
    const check = backend.asked.find(({ path }) => path.includes('/check?'));
    expect(check?.path).toContain(`?tag=${encodeURIComponent(name)}&`);
    expect(backend.asked.find(({ method }) => method === 'POST')?.headers['imagename']).toBe(name);
    expect(evaluation?.resultUrl).toContain(`/scan-results/${encodeURIComponent(name)}/${DIGEST}/summaries`);
  });

  test.each(['a\r\nx-evil: 1', 'a\nb', 'a b:1', 'docker.io/löwe:1', 'a\u0000', 'a\u2028', ''])('%j is not sent', async (name) => {
    const { error, backend } = await converse({}, { of: subject({ name }) });
    expect(error).toBeInstanceOf(InputError);
    expect(backend.asked).toEqual([]);
  });
});
