import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** Answers one request; may reset, hang, or say anything. */
export type Answering = (asked: Asked, response: ServerResponse) => void;

export interface LoopbackServer {
  readonly url: string;
  readonly asked: Asked[];
  close(): Promise<void>;
}

export interface LoopbackOptions {
  /** PEM texts: then it speaks TLS. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Given each request before its body is read; true where that is the answer already. The body is then left unread. */
  readonly early?: (asked: Asked, response: ServerResponse) => boolean;
}

/** A server on loopback that remembers what it was asked. */
export async function loopback(answer: Answering, { tls, early }: LoopbackOptions = {}): Promise<LoopbackServer> {
  const asked: Asked[] = [];
  const listener: RequestListener = (request, response) => {
    const head = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body: Buffer.alloc(0) };
    request.on('error', () => undefined);
    if (early?.(head, response) === true) {
      asked.push(head);
      return;
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const one = { ...head, body: Buffer.concat(chunks) };
      asked.push(one);
      answer(one, response);
    });
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    asked,
    close: () => new Promise<void>((resolve) => {
      server.closeAllConnections();
      server.close(() => { resolve(); });
    }),
  };
}

/** Answers each request by the next of these; the last one again and again. */
export function inTurn(...answers: Answering[]): Answering {
  let turn = 0;
  return (asked, response) => {
    const answer = answers[Math.min(turn, answers.length - 1)];
    turn += 1;
    answer?.(asked, response);
  };
}

export function status(code: number, body: unknown = {}, headers: Record<string, string> = {}): Answering {
  return (_, response) => { response.writeHead(code, { 'content-type': 'application/json', ...headers }).end(typeof body === 'string' ? body : JSON.stringify(body)); };
}

export const reset: Answering = (_, response) => { response.socket?.destroy(); };

export const cutShort: Answering = (_, response) => {
  response.writeHead(200, { 'content-length': '1000' });
  response.write('{"half":');
  setTimeout(() => response.socket?.destroy(), 10);
};

export const silence: Answering = () => undefined;

/** An answer that never ends: a byte now and then. */
export const drip: Answering = (_, response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  const timer = setInterval(() => response.write(' '), 20);
  response.on('close', () => { clearInterval(timer); });
};
