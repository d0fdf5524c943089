import type { PythonRegex } from './tokens.js';

export interface WrittenOut {
  /** Tokens. */
  readonly size: number;
  /** The furthest that a repeat counts, or repeats of repeats together. */
  readonly repeats: number;
}

/** What an expression comes to once its counted repeats are written out, as linear-time engines do: `(?:ab){50}` has some hundred tokens. */
export function writtenOut({ tokens }: Pick<PythonRegex, 'tokens'>): WrittenOut {
  // Of each group that is open.
  const open = [{ size: 0, repeats: 1 }];
  let last = { size: 0, repeats: 1 };
  for (const token of tokens) {
    const around = open.at(-1) as { size: number; repeats: number };
    if (token.kind === 'open') {
      open.push({ size: 0, repeats: 1 });
      continue;
    }
    if (token.kind === 'repeat') {
      const times = Math.max(1, token.maximum === Infinity ? token.minimum : token.maximum);
      around.size += last.size * (times - 1);
      last = { size: last.size * times, repeats: last.repeats * times };
      around.repeats = Math.max(around.repeats, last.repeats);
      continue;
    }
    last = { size: 1, repeats: 1 };
    let target = around;
    if (token.kind === 'close' && open.length > 1) {
      const { size, repeats } = open.pop() as typeof around;
      last = { size: size + 1, repeats };
      target = open.at(-1) as typeof around;
    }
    target.size += last.size;
    target.repeats = Math.max(target.repeats, last.repeats);
  }
  return open[0] as WrittenOut;
}
