import { fromChunks, type ByteSource } from './bytes.js';
import type { LayerEntry } from './layer.js';
import { TarReader } from './tar.js';

/** A member of an archive that passes by once. */
export interface PassingMember {
  readonly entry: LayerEntry;
  /** Its bytes; whatever is not read is passed over when the next member is asked for. */
  readonly content: ByteSource;
}

type Event = { readonly kind: 'entry'; readonly entry: LayerEntry } | { readonly kind: 'data'; readonly chunk: Buffer } | { readonly kind: 'end' };

/**
 * The members of a tar that can only be read once, in its order. Reads no further ahead than a chunk.
 * @throws ImageError when it is no tar, or cut.
 */
export async function* membersOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<PassingMember> {
  const input = chunks[Symbol.asyncIterator]();
  let events: Event[] = [];
  let at = 0;
  const reader = new TarReader('The archive', {
    entry: (entry) => { events.push({ kind: 'entry', entry }); },
    data: (chunk) => { events.push({ kind: 'data', chunk }); },
    entryEnd: () => { events.push({ kind: 'end' }); },
  });

  /** Undefined when the archive is over. */
  async function next(): Promise<Event | undefined> {
    while (at >= events.length) {
      events = [];
      at = 0;
      const { done, value } = await input.next();
      if (done) {
        await reader.end();
        return undefined;
      }
      if (!reader.complete) await reader.write(Buffer.from(value.buffer, value.byteOffset, value.byteLength));
    }
    return events[at++];
  }

  async function* content(): AsyncGenerator<Buffer> {
    for (let event = await next(); event?.kind === 'data'; event = await next()) yield event.chunk;
  }

  try {
    for (let event = await next(); event; event = await next()) {
      if (event.kind !== 'entry') continue;
      const pieces = content();
      yield { entry: event.entry, content: fromChunks(pieces) };
      for await (const rest of pieces) void rest;
    }
  } finally {
    reader.destroy();
  }
}
