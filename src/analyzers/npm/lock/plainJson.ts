/** JSON from JSON with comments and trailing commas (Bun's lock file), in one pass over the text. */
export function plainJson(text: string): string {
  const tokens: string[] = [];
  let comma = -1;
  let at = 0;
  while (at < text.length) {
    const end = endOfToken(text, at);
    const token = text.slice(at, end);
    at = end;
    if (token.startsWith('/') || token.trim() === '') continue;
    if (comma >= 0 && (token === '}' || token === ']')) tokens[comma] = '';
    comma = token === ',' ? tokens.length : -1;
    tokens.push(token);
  }
  return tokens.join('');
}

/** Where a string, a comment, white space, a number or word, or a single mark ends. */
function endOfToken(text: string, at: number): number {
  const char = text[at] ?? '';
  if (char === '"') return endOfString(text, at);
  if (text.startsWith('//', at)) return indexOrEnd(text, '\n', at);
  if (text.startsWith('/*', at)) return Math.min(text.length, indexOrEnd(text, '*/', at + 2) + 2);
  const run = /[\s]/.test(char) ? /\S/g : /[\s",:[\]{}/]/g;
  run.lastIndex = at + 1;
  if (/[,:[\]{}/]/.test(char)) return at + 1;
  return run.exec(text)?.index ?? text.length;
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}

function indexOrEnd(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from);
  return found < 0 ? text.length : found;
}
