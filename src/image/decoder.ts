import { Readable, type Transform } from 'node:stream';

/** What one of node's decoders makes of the input. Both are given up when nobody takes more. */
export async function* decode(input: AsyncIterable<Buffer>, decoder: Transform): AsyncGenerator<Uint8Array> {
  const from = Readable.from(input, { objectMode: false });
  from.on('error', (error) => decoder.destroy(error));
  try {
    yield* from.pipe(decoder) as AsyncIterable<Uint8Array>;
  } finally {
    from.destroy();
    decoder.destroy();
  }
}
