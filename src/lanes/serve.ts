import { createAnalyzers } from '../analyzers/index.js';
import { ScanError } from '../errors.js';
import { readLayer, type Chunk, type LanePart } from './readLayer.js';
import { SLOT_BYTES, type FromLane, type LanePort, type LaneSetup, type ToLane } from './protocol.js';

/** Serves a lane until its port closes: reads layers out of the slots, and says what its analyzers found. */
export function serveLane(port: LanePort, setup: LaneSetup): void {
  const analyzers = createAnalyzers(setup.config).filter((analyzer) => (analyzer.lane ?? 'contents') === setup.lane);
  const say = (message: FromLane): void => port.postMessage(message);
  // Entries are the same in every lane: one of them is enough to tell them.
  const emit = (part: LanePart): void => say({ kind: 'part', part: setup.lane === 'contents' ? part : { ...part, entries: [] } });
  const mailbox = new Mailbox();
  port.on('message', (message) => mailbox.put(message));
  void serve();

  async function serve(): Promise<void> {
    for (;;) {
      const begin = await mailbox.take();
      if (begin.kind !== 'layer') throw new Error(`A lane was sent ${begin.kind} outside a layer`);
      const chunks = chunksOfLayer();
      try {
        await readLayer(begin.what, chunks, analyzers, emit);
        say({ kind: 'done' });
      } catch (error) {
        for await (const { release } of chunks) release();
        say(failure(error));
      }
    }
  }

  function chunksOfLayer(): AsyncIterable<Chunk> {
    let ended = false;
    return {
      async *[Symbol.asyncIterator]() {
        while (!ended) {
          const message = await mailbox.take();
          if (message.kind !== 'chunk') {
            ended = true;
            return;
          }
          const bytes = Buffer.from(setup.memory, message.slot * SLOT_BYTES, message.length);
          yield { bytes, release: () => say({ kind: 'free', slot: message.slot }) };
        }
      },
    };
  }
}

function failure(error: unknown): FromLane {
  const bug = error instanceof Error ? error : new Error(String(error));
  const cause = bug.cause instanceof Error ? `\nCaused by: ${bug.cause.stack}` : '';
  return { kind: 'failed', image: bug instanceof ScanError, message: bug.message, stack: `${bug.stack}${cause}` };
}

class Mailbox {
  private readonly messages: ToLane[] = [];
  private waiting: ((message: ToLane) => void) | undefined;

  put(message: ToLane): void {
    if (!this.waiting) {
      this.messages.push(message);
      return;
    }
    const waiting = this.waiting;
    this.waiting = undefined;
    waiting(message);
  }

  take(): Promise<ToLane> {
    const message = this.messages.shift();
    return message ? Promise.resolve(message) : new Promise((resolve) => { this.waiting = resolve; });
  }
}
