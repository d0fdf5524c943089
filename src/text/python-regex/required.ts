import type { PythonRegex, RegexToken } from './tokens.js';

/**
 * Texts of which at least one is in whatever the pattern matches, in lower case; or null when nothing of the kind can be said.
 * `.*\.(pem|key)$` gives `.pem`'s parts: [`pem`, `key`]. What it rules out need not be asked of the engine.
 */
export function requiredTexts(regex: Pick<PythonRegex, 'tokens'>): readonly string[] | null {
  return new Reader(regex.tokens).alternatives();
}

/** Past so many the filter would cost more than it saves. */
const MAXIMUM_TEXTS = 64;

class Reader {
  private at = 0;
  private readonly tokens: readonly RegexToken[];

  constructor(tokens: readonly RegexToken[]) {
    this.tokens = tokens;
  }

  /** Every alternative has to have one; the union then is what the whole has. */
  alternatives(): readonly string[] | null {
    const all: string[] = [];
    let known = true;
    for (;;) {
      const one = this.sequence();
      if (one === null) known = false;
      else all.push(...one);
      if (this.tokens[this.at]?.kind !== 'or') break;
      this.at += 1;
    }
    return known && all.length <= MAXIMUM_TEXTS ? all : null;
  }

  /** The best of the parts of a sequence: the one whose shortest text is longest. */
  private sequence(): readonly string[] | null {
    let best: readonly string[] | null = null;
    let run = '';
    const consider = (texts: readonly string[] | null): void => {
      if (texts !== null && texts.length > 0 && shortest(texts) > (best === null ? 0 : shortest(best))) best = texts;
    };
    const endRun = (): void => {
      if (run !== '') consider([run.toLowerCase()]);
      run = '';
    };
    for (;;) {
      const token = this.tokens[this.at];
      if (token === undefined || token.kind === 'or' || token.kind === 'close') break;
      this.at += 1;
      if (token.kind === 'open') {
        endRun();
        const inside = this.alternatives();
        this.at += 1;
        if (this.repeat() > 0 && token.look === undefined) consider(inside);
      } else if (token.kind === 'literal' && token.value >= ' ' && token.value <= '~') {
        const isRepeated = this.tokens[this.at]?.kind === 'repeat';
        if (this.repeat() > 0) run += token.value;
        if (isRepeated) endRun();
      } else {
        endRun();
        this.repeat();
      }
    }
    endRun();
    return best;
  }

  /** Steps over a repeat that follows; how often, at least, what is before it has to be there. */
  private repeat(): number {
    const token = this.tokens[this.at];
    if (token?.kind !== 'repeat') return 1;
    this.at += 1;
    return token.minimum;
  }
}

function shortest(texts: readonly string[]): number {
  return texts.reduce((length, text) => Math.min(length, text.length), Number.MAX_SAFE_INTEGER);
}
