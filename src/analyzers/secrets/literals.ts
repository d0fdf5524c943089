/**
 * Finds many literals in one pass over raw bytes (Aho and Corasick, 1975), ASCII case ignored: the filter before any
 * regular expression. One table look-up a byte, so its time is linear whatever the bytes are.
 */
export interface LiteralFinder {
  /**
   * Calls `found` with the index of each literal and the offset behind its last byte, in the order of those offsets;
   * stops when `found` gives false.
   */
  scan(bytes: Buffer, found: (literal: number, end: number) => boolean): void;
}

interface TrieNode {
  readonly next: Map<number, number>;
  readonly ends: number[];
  fail: number;
}

/** Bytes that are searched for one literal after the other, all texts together: less than the ten milliseconds that a table costs. */
const WITHOUT_TABLE = 16 * 1024;

/** Builds a finder; literals are ASCII and not empty. Who looks at a few short texts, as a scan that brought nothing new, never pays for the table. */
export function literalFinder(literals: readonly string[]): LiteralFinder {
  const lower = literals.map((literal) => literal.toLowerCase());
  let left = WITHOUT_TABLE;
  let table: LiteralFinder | undefined;
  return {
    scan(bytes, found) {
      left -= bytes.length;
      if (left >= 0) scanOneByOne(lower, bytes, found);
      else (table ??= makeTable(literals)).scan(bytes, found);
    },
  };
}

function scanOneByOne(literals: readonly string[], bytes: Buffer, found: (literal: number, end: number) => boolean): void {
  // no other letter of Latin 1 has an ASCII one as its lower case
  const text = bytes.toString('latin1').toLowerCase();
  const hits = literals.flatMap((literal, index) => everyEnd(text, literal).map((end) => ({ index, end, length: literal.length })));
  // as the table tells them: by their ends, of one end the longest first
  hits.sort((a, b) => a.end - b.end || b.length - a.length);
  for (const { index, end } of hits) if (!found(index, end)) return;
}

function everyEnd(text: string, literal: string): number[] {
  const ends: number[] = [];
  for (let at = text.indexOf(literal); at !== -1; at = text.indexOf(literal, at + 1)) ends.push(at + literal.length);
  return ends;
}

function makeTable(literals: readonly string[]): LiteralFinder {
  const classes = byteClasses(literals);
  const trie = buildTrie(literals);
  const order = linkFailures(trie);
  return tableFinder(trie, order, classes);
}

/** Every byte that some literal uses has a class of its own (both cases share one); all others are class 0. */
function byteClasses(literals: readonly string[]): { readonly of: Uint8Array; readonly count: number } {
  const of = new Uint8Array(256);
  let count = 1;
  for (const char of new Set(literals.join('').toLowerCase())) {
    const byte = char.charCodeAt(0);
    of[byte] = count;
    if (byte >= 0x61 && byte <= 0x7a) of[byte - 0x20] = count;
    count += 1;
  }
  return { of, count };
}

function buildTrie(literals: readonly string[]): TrieNode[] {
  const trie: TrieNode[] = [{ next: new Map(), ends: [], fail: 0 }];
  for (const [index, literal] of literals.entries()) {
    let state = 0;
    for (const byte of Buffer.from(literal.toLowerCase(), 'latin1')) {
      let target = trie[state]?.next.get(byte);
      if (target === undefined) {
        target = trie.push({ next: new Map(), ends: [], fail: 0 }) - 1;
        trie[state]?.next.set(byte, target);
      }
      state = target;
    }
    trie[state]?.ends.push(index);
  }
  return trie;
}

/** Sets each state's longest proper suffix that is a state, breadth first; gives the states in that order. */
function linkFailures(trie: TrieNode[]): readonly number[] {
  const order = [0];
  for (const state of order) {
    for (const [byte, target] of trie[state]?.next ?? []) {
      const node = trie[target] as TrieNode;
      node.fail = state === 0 ? 0 : step(trie, trie[state]?.fail ?? 0, byte);
      node.ends.push(...(trie[node.fail]?.ends ?? []));
      order.push(target);
    }
  }
  return order;
}

function step(trie: readonly TrieNode[], from: number, byte: number): number {
  for (let state = from; ; state = trie[state]?.fail ?? 0) {
    const target = trie[state]?.next.get(byte);
    if (target !== undefined) return target;
    if (state === 0) return 0;
  }
}

/** The automaton as one flat table. States that end a literal get the highest numbers: one comparison a byte tells them. */
function tableFinder(trie: readonly TrieNode[], order: readonly number[], classes: { of: Uint8Array; count: number }): LiteralFinder {
  const width = classes.count;
  const silent = order.filter((state) => trie[state]?.ends.length === 0);
  const telling = order.filter((state) => trie[state]?.ends.length !== 0);
  const row = new Map([...silent, ...telling].map((state, index) => [state, index * width]));
  const firstTelling = silent.length * width;
  const table = new Int32Array(trie.length * width);
  for (const state of order) {
    const node = trie[state] as TrieNode;
    const at = row.get(state) ?? 0;
    const fallback = row.get(node.fail) ?? 0;
    // failures are shallower, so their rows are already full
    if (state !== 0) table.copyWithin(at, fallback, fallback + width);
    for (const [byte, target] of node.next) table[at + (classes.of[byte] ?? 0)] = row.get(target) ?? 0;
  }
  const ends = telling.map((state) => trie[state]?.ends ?? []);
  const classOf = classes.of;
  return {
    scan(bytes, found) {
      let state = 0;
      for (let offset = 0; offset < bytes.length; offset += 1) {
        state = table[state + (classOf[bytes[offset] as number] as number)] as number;
        if (state < firstTelling) continue;
        for (const literal of ends[(state - firstTelling) / width] ?? []) {
          if (!found(literal, offset + 1)) return;
        }
      }
    },
  };
}
