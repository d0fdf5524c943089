/** Orders that several schemes share. */

export function isDigits(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (!isDigitCode(text.charCodeAt(index))) return false;
  return text !== '';
}

export function isDigitCode(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Compares texts by code unit, as `strcmp` does ASCII. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Compares whole numbers of any length, written in decimal; the empty text is zero. */
export function compareNumbers(a: string, b: string): number {
  if (a === b) return 0;
  const left = withoutLeadingZeros(a);
  const right = withoutLeadingZeros(b);
  return left.length - right.length || compareText(left, right);
}

function withoutLeadingZeros(digits: string): string {
  let start = 0;
  while (digits.charCodeAt(start) === 48) start++;
  return start === 0 ? digits : digits.slice(start);
}

/** Compares part by part; where one list has ended, `missing` stands for its part. */
export function compareLists<Part>(a: readonly Part[], b: readonly Part[], compare: (a: Part, b: Part) => number, missing: Part): number {
  const length = Math.max(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const order = compare(a[index] ?? missing, b[index] ?? missing);
    if (order !== 0) return order;
  }
  return 0;
}
