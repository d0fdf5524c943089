import { createReadStream } from 'node:fs';
import { BackendError } from '../../errors.js';
import type { Answer, HttpClient } from '../../http/client.js';
import { codeOf } from '../../http/retry.js';
import { errorText, jsonOf, refused } from './answers.js';
import { multipart } from './multipart.js';

/** All paths are below this. Source: sysdiglabs/secure-inline-scan. */
const ROOT = '/api/scanning/v1';

/** An upload of a large analysis over a slow line, in milliseconds. */
const UPLOAD_TIMEOUT = 300_000;

export interface UploadedImage {
  readonly imageId: string;
  readonly digest: string;
  readonly name: string;
}

/** The endpoints that a client which scans inline calls, each as one question with its possible answers. */
export class SysdigApi {
  private readonly http: HttpClient;

  constructor(http: HttpClient) {
    this.http = http;
  }

  /** That there is such an API, and that it takes our token. Gives the engine's version. */
  async status(): Promise<string> {
    const answer = await this.get('/anchore/status');
    if (answer.status !== 200) throw refused(answer, 'the request for its status');
    const body = jsonOf(answer, 'the request for its status') as { version?: unknown } | null;
    return typeof body?.version === 'string' ? body.version : '';
  }

  /** The account's name, which the archive must carry. */
  async account(): Promise<string> {
    const direct = await this.get('/account');
    const answer = direct.status === 404 ? await this.get('/anchore/account') : direct;
    if (answer.status !== 200) throw refused(answer, 'the request for the account');
    const body = jsonOf(answer, 'the request for the account') as { name?: unknown } | null;
    if (typeof body?.name !== 'string') throw new BackendError('The backend did not name the account of this token. Check backend-token.');
    return body.name;
  }

  /** The evaluation of this digest under this name; undefined while there is none. */
  async check(digest: string, name: string): Promise<unknown> {
    const answer = await this.get(checkPath(digest, name));
    if (answer.status === 404) return undefined;
    if (answer.status !== 200) throw refused(answer, 'the request for the evaluation');
    return jsonOf(answer, 'the request for the evaluation');
  }

  /** `analysis_failed` and the like; the empty string where it does not say. */
  async analysisStatus(digest: string): Promise<string> {
    const answer = await this.get(`/anchore/images/${encodeURIComponent(digest)}`);
    if (answer.status !== 200) return '';
    const body = jsonOf(answer, 'the request for the image');
    const first = Array.isArray(body) ? body[0] as { analysis_status?: unknown } : undefined;
    return typeof first?.analysis_status === 'string' ? first.analysis_status : '';
  }

  /** Uploads; `known` where the backend has this digest already. The synchronous way first, which has no time-outs of its own. */
  async upload(image: UploadedImage, archive: string, bytes: number): Promise<'stored' | 'known'> {
    const synchronous = await this.post('/sync/import/images', image, archive, bytes);
    const answer = [404, 405, 501].includes(synchronous.status) ? await this.post('/import/images', image, archive, bytes) : synchronous;
    if ([200, 201, 202].includes(answer.status)) return 'stored';
    if (answer.status === 409 || (answer.status === 500 && /already exists/i.test(errorText(answer)))) return 'known';
    throw refused(answer, `the analysis of ${bytes} bytes`);
  }

  /** Names an image that the backend knows under another name; that it cannot is told by the poll that follows. */
  async addAlias(digest: string, name: string): Promise<void> {
    await this.http.send({
      method: 'PUT', path: `${ROOT}/images/${encodeURIComponent(digest)}/addAlias`, idempotent: true,
      headers: { 'content-type': 'application/json' }, body: () => JSON.stringify({ fulltag: name }),
    });
  }

  /** The vulnerabilities, by Sysdig's own path or the engine's; undefined where neither answers. */
  async vulnerabilities(digest: string): Promise<unknown> {
    const direct = await this.get(`/images/${encodeURIComponent(digest)}/vulnDirect/all?includeVulnExceptions=false`);
    const answer = direct.status === 404 ? await this.get(`/anchore/images/${encodeURIComponent(digest)}/vuln/all`) : direct;
    return answer.status === 200 ? jsonOf(answer, 'the request for vulnerabilities') : undefined;
  }

  /** Sysdig's own evaluation, policy by policy; undefined where there is none. Asked once: nothing depends on it but names. */
  async policyEvaluation(digest: string, name: string): Promise<unknown> {
    const path = `${ROOT}/images/${encodeURIComponent(digest)}/policyEvaluation?tag=${encodeURIComponent(name)}`;
    const answer = await this.http.send({ method: 'GET', path, retries: 0 });
    return answer.status === 200 ? jsonOf(answer, 'the request for the policies') : undefined;
  }

  private get(path: string): Promise<Answer> {
    return this.http.send({ method: 'GET', path: `${ROOT}${path}` });
  }

  /** Sent again after a lost connection, unless the backend turns out to have it: nothing is stored twice. */
  private async post(path: string, { imageId, digest, name }: UploadedImage, archive: string, bytes: number): Promise<Answer> {
    const { headers, body } = multipart('archive_file', 'image-analysis-archive.tgz', 'application/gzip', bytes, () => createReadStream(archive));
    try {
      return await this.http.send({
        method: 'POST', path: `${ROOT}${path}`, timeout: UPLOAD_TIMEOUT, body,
        headers: { ...headers, imageId, digestId: digest, imageName: name },
        instead: () => this.storedAfterAll(digest, name),
      });
    } catch (error) {
      throw error instanceof BackendError && BROKEN_OFF.has(codeOf(error)) ? brokenOff(bytes, error) : error;
    }
  }

  /** The answer that an earlier upload would have had, where the backend has the image by now. */
  private async storedAfterAll(digest: string, name: string): Promise<Answer | undefined> {
    const answer = await this.get(checkPath(digest, name));
    if (answer.status === 200) return answerOf(200);
    if (answer.status !== 404) return undefined;
    const said = errorText(answer);
    if (/is not analyzed/i.test(said)) return answerOf(202);
    return /could not find any evaluations/i.test(said) ? answerOf(409) : undefined;
  }
}

function answerOf(status: number): Answer {
  return { status, header: () => undefined, body: Buffer.alloc(0) };
}

function checkPath(digest: string, name: string): string {
  return `/anchore/images/${encodeURIComponent(digest)}/check?tag=${encodeURIComponent(name)}&detail=true`;
}

/** The server ended the connection while it was being sent to. */
const BROKEN_OFF = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

function brokenOff(bytes: number, cause: Error): BackendError {
  return new BackendError(
    `The backend broke the connection off each time the analysis of ${bytes} bytes was sent. It, or a proxy before it, may take no bodies of that size: leave analyzers out, with analyzers: -file-list,-checksums, or let it take larger ones.`,
    { cause },
  );
}
