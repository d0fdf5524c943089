/**
 * The lines of a text, one at a time, without their ends (`\n`, `\r\n`, or a lone `\r` as on old Macs): a list of all lines of a
 * hostile file, which may be nothing but line ends, would take fifty times the file's size. What follows the last end is a line unless it is empty.
 */
export function* linesOf(text: string): Generator<string> {
  if (text.includes('\r')) yield* linesWithReturns(text);
  else yield* linesWithNewlines(text);
}

function* linesWithNewlines(text: string): Generator<string> {
  let start = 0;
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
    yield text.slice(start, end);
    start = end + 1;
  }
  if (start < text.length) yield text.slice(start);
}

function* linesWithReturns(text: string): Generator<string> {
  const ends = /\r\n|\n|\r/g;
  let start = 0;
  for (let end = ends.exec(text); end !== null; end = ends.exec(text)) {
    yield text.slice(start, end.index);
    start = ends.lastIndex;
  }
  if (start < text.length) yield text.slice(start);
}
