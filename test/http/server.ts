import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
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

/** A server on loopback that remembers what it was asked. */
export async function loopback(answer: Answering): Promise<LoopbackServer> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('error', () => undefined);
    request.on('end', () => {
      const one = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks) };
      asked.push(one);
      answer(one, response);
    });
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
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
