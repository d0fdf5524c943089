import { InputError } from '../../errors.js';

/**
 * Python's regular expressions, as far as a linear engine can have them, in RE2's syntax.
 * Look-around is translated where it is one class of characters beside `.*` or an end, which is how Anchore's own patterns use it:
 * `.*(?<![A-Z])X` is `(?:.*[^A-Z])?X`, `X(?![A-Z]).*` is `X(?:[^A-Z].*|\n?$)`. Everything else of it is refused.
 * @throws InputError
 */
export function toLinear(regex: string): string {
  const behind = /(\.\*)?\(\?<!\[((?:[^\]\\]|\\.)+)\]\)/g;
  const ahead = /\(\?!\[((?:[^\]\\]|\\.)+)\]\)(\.\*)?/g;
  const translated = regex
    .replace(behind, (whole: string, any: string | undefined, characters: string, at: number) => {
      if (any === undefined && at > 0 && regex.slice(0, at).replace(/\(\?[aimsx]+\)/g, '') !== '') return refuse(regex, whole);
      return `(?:.*[^${characters}])?`;
    })
    .replace(ahead, (whole: string, characters: string, any: string | undefined, at: number, text: string) => {
      if (any === undefined && at + whole.length < text.length) return refuse(regex, whole);
      return `(?:[^${characters}]|$)`;
    })
    .replaceAll('\\Z', '\\z');
  const left = /\(\?(?:<?[=!]|P=|>)|\\[1-9]|\(\?\(/.exec(translated);
  return left === null ? pythonDollars(translated) : refuse(regex, left[0]);
}

/** Python's `$` matches before a last line feed too; RE2's does not. */
function pythonDollars(regex: string): string {
  return [...regexPieces(regex)].map(({ text, inClass }) => (text === '$' && !inClass ? '(?:\\n?\\z)' : text)).join('');
}

/** The pieces of an expression: an escape, a counted repetition, else one character; and whether it is within a class. */
export function* regexPieces(regex: string): Generator<{ readonly text: string; readonly inClass: boolean }> {
  let inClass = false;
  for (let index = 0; index < regex.length; ) {
    const text = /^(?:\\.|\{\d{0,6},?\d{0,6}\})/s.exec(inClass ? regex.slice(index, index + 2) : regex.slice(index, index + 16))?.[0] ?? regex.charAt(index);
    yield { text, inClass };
    if (!inClass && text === '[') {
      inClass = true;
      // a bracket that comes first is a character of the class
      const first = /^\^?\]/.exec(regex.slice(index + 1))?.[0] ?? '';
      if (first !== '') yield { text: first, inClass };
      index += first.length;
    } else if (text === ']') inClass = false;
    index += text.length;
  }
}

function refuse(regex: string, what: string): never {
  throw new InputError(`The pattern ${JSON.stringify(regex)} uses ${what}, which no linear-time engine has. Write it without look-around and back-references.`);
}
