import { readEscape } from './escape.js';
import type { CharacterSet, SetMember } from './tokens.js';

/** Reads the class that begins at `at`, and where it ends. Throws an Error of one sentence. */
export function readClass(pattern: string, at: number): { readonly set: CharacterSet; readonly end: number } {
  const negated = pattern[at + 1] === '^';
  const start = at + (negated ? 2 : 1);
  const members: SetMember[] = [];
  let next = start;
  // A bracket that comes first is a character of the class.
  while (next < pattern.length && (pattern[next] !== ']' || next === start)) {
    const from = readMember(pattern, next);
    next = from.end;
    if (pattern[next] !== '-' || pattern[next + 1] === ']' || next + 1 >= pattern.length) {
      members.push(from.member);
      continue;
    }
    const to = readMember(pattern, next + 1);
    if (!('first' in from.member) || !('first' in to.member) || from.member.first > to.member.first) {
      throw new Error(`the range at character ${next} of a class goes from nowhere to nowhere`);
    }
    members.push({ first: from.member.first, last: to.member.first });
    next = to.end;
  }
  if (next >= pattern.length) throw new Error(`the [ at character ${at + 1} is not closed`);
  return { set: { kind: 'set', negated, members }, end: next + 1 };
}

function readMember(pattern: string, at: number): { readonly member: SetMember; readonly end: number } {
  if (pattern[at] !== '\\') {
    const code = pattern.codePointAt(at) as number;
    return { member: { first: code, last: code }, end: at + String.fromCodePoint(code).length };
  }
  const escape = readEscape(pattern, at, true);
  const end = at + escape.length;
  if (escape.kind === 'category') return { member: { category: escape.category }, end };
  const code = (escape as { readonly value: string }).value.codePointAt(0) as number;
  return { member: { first: code, last: code }, end };
}
