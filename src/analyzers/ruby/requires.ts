import { scanLiteral } from './scan.js';

/** Require statements that are followed. */
const MOST_REQUIRES = 100;

/** Characters that one statement may have: `File.join` is often written over several lines. */
const LONGEST_STATEMENT = 500;

/**
 * Files that a gemspec requires, as paths below its folder, without `.rb`: `require_relative 'lib/x/version'`,
 * `require File.dirname(__FILE__) + '/lib/x/version'`, `File.join('lib', 'x', 'version')`, `File.expand_path(…, __dir__)`. The string literals of the
 * statement, joined, are the path; for `require 'x/version'` it is sought below `lib` as well, which such a gemspec puts on the load path.
 */
export function requiredPaths(text: string): string[] {
  const paths: string[] = [];
  const statement = /^[ \t]{0,100}require(_relative)?\b/gm;
  for (let match = statement.exec(text); match !== null && paths.length < MOST_REQUIRES; match = statement.exec(text)) {
    const path = cleanPath(literalsOf(text, statement.lastIndex).join('/'));
    if (path === '') continue;
    paths.push(path);
    if (match[1] === undefined) paths.push(`lib/${path}`);
  }
  return [...new Set(paths)];
}

/** The strings of a statement, up to the end of the line on which its brackets are closed. */
function literalsOf(text: string, start: number): string[] {
  const end = Math.min(text.length, start + LONGEST_STATEMENT);
  const strings: string[] = [];
  let depth = 0;
  for (let at = start; at < end; at += 1) {
    const char = text[at];
    if (char === '(') depth += 1;
    else if (char === ')') depth -= 1;
    else if ((char === '\n' && depth <= 0) || char === '#') break;
    else if (char === '"' || char === "'") {
      const literal = scanLiteral(text.slice(at, end), 0);
      if (literal === undefined) break;
      if (typeof literal.value === 'string') strings.push(literal.value);
      at += literal.end - 1;
    } else if (/^(?:if|unless)\b/.test(text.slice(at, at + 7)) && /\s/.test(text[at - 1] ?? '')) break;
  }
  return strings;
}

/** `./lib/x/version.rb` → `lib/x/version`; `..` leads nowhere. */
function cleanPath(path: string): string {
  const segments = path.split('/').filter((segment) => segment !== '' && segment !== '.' && segment !== '..');
  return segments.join('/').replace(/\.rb$/, '');
}
