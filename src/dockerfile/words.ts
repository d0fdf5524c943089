/** How a builder reads the arguments of an instruction as words: blanks part them, quotes and the escape character protect. */

/** The character that protects the next one, as the `escape` directive says. */
export type Escape = '\\' | '`';

const BLANK = /[ \t\n\r\f\v]/;

/** The words as written, quotes and escapes left in. Linear in the text. */
export function splitWords(text: string, escape: Escape = '\\'): string[] {
  const words: string[] = [];
  let word = '';
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    if (char === escape && quote !== "'" && i + 1 < text.length) {
      word += char + text.charAt(++i);
    } else if (quote !== '') {
      word += char;
      if (char === quote) quote = '';
    } else if (char === '"' || char === "'") {
      word += char;
      quote = char;
    } else if (BLANK.test(char)) {
      if (word !== '') words.push(word);
      word = '';
    } else {
      word += char;
    }
  }
  if (word !== '') words.push(word);
  return words;
}

/** A word without its quotes and escapes, as the builder uses it. */
export function unquote(word: string, escape: Escape = '\\'): string {
  let plain = '';
  let quote = '';
  for (let i = 0; i < word.length; i++) {
    const char = word.charAt(i);
    if (char === escape && quote !== "'" && i + 1 < word.length) {
      const next = word.charAt(++i);
      // Within double quotes the escape is kept before anything that needs none.
      plain += quote === '"' && !['"', '$', escape].includes(next) ? char + next : next;
    } else if (quote === '' && (char === '"' || char === "'")) {
      quote = char;
    } else if (char === quote) {
      quote = '';
    } else {
      plain += char;
    }
  }
  return plain;
}

/** The strings of an argument list in JSON form (`["sh", "-c"]`), or undefined where it is not one. */
export function jsonWords(args: string): readonly string[] | undefined {
  if (!args.startsWith('[')) return undefined;
  try {
    const value: unknown = JSON.parse(args);
    return Array.isArray(value) && value.every((word): word is string => typeof word === 'string') ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Leading `--name[=value]` words of an instruction, and what follows them. */
export function splitFlags(args: string): { readonly flags: readonly string[]; readonly rest: string } {
  const flags: string[] = [];
  let rest = args.trimStart();
  for (let found = FLAG.exec(rest); found !== null; found = FLAG.exec(rest)) {
    flags.push(found[1] ?? '');
    rest = rest.slice(found[0].length);
  }
  return { flags, rest };
}

const FLAG = /^(--[a-zA-Z][a-zA-Z-]*(?:=\S*)?)(?:\s+|$)/;
