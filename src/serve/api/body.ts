import type { IncomingMessage } from 'node:http';
import { Fault } from './fault.js';

/** A whole body as text. @throws Fault 413 past so many bytes, 400 where it breaks off */
export async function readText(request: IncomingMessage, most: number): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > most) throw new Fault(413, `The body has more than ${most} bytes.`);
      chunks.push(chunk);
    }
  } catch (error) {
    throw error instanceof Fault ? error : new Fault(400, 'The body broke off.');
  }
  return Buffer.concat(chunks).toString('utf8');
}
