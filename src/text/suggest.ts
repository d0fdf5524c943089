/** Longer words are nobody's misspelling of a name. */
const MAXIMUM_LENGTH = 64;
/** Letters that may differ, for each four that the word has. */
const LETTERS_FOR_EACH_ERROR = 4;

/** ` (did you mean "name"?)` for a word that is nearly one of the names, else the empty string. Case does not count. */
export function didYouMean(word: string, names: readonly string[]): string {
  const [near] = nearest(word, names, 1);
  return near === undefined ? '' : ` (did you mean ${JSON.stringify(near)}?)`;
}

/** The names that a word may be a misspelling of, nearest first, `most` of them at most. */
export function nearest(word: string, names: readonly string[], most: number): readonly string[] {
  const lower = word.toLowerCase();
  if (lower.length > MAXIMUM_LENGTH) return [];
  return names
    .filter((name) => name.length <= MAXIMUM_LENGTH)
    .map((name) => ({ name, distance: editDistance(lower, name.toLowerCase()) }))
    .filter(({ name, distance }) => distance <= Math.max(1, Math.floor(Math.max(word.length, name.length) / LETTERS_FOR_EACH_ERROR)))
    .sort((left, right) => left.distance - right.distance)
    .slice(0, most)
    .map(({ name }) => name);
}

/** Letters to add, leave out, change, or exchange with the next one, to make one word the other. */
function editDistance(left: string, right: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i++) {
    const row = [i];
    for (let j = 1; j <= right.length; j++) {
      const same = left[i - 1] === right[j - 1];
      let best = Math.min((last[j] as number) + 1, (row[j - 1] as number) + 1, (last[j - 1] as number) + (same ? 0 : 1));
      if (i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1]) best = Math.min(best, (beforeLast[j - 2] as number) + 1);
      row.push(best);
    }
    beforeLast = last;
    last = row;
  }
  return last[right.length] as number;
}
