import { scanLiteral } from './scan.js';

/** Constants of one file that are kept. */
const MOST_CONSTANTS = 100;
/** Assignments that are looked at. */
const MOST_ASSIGNMENTS = 1_000;

/** The constants called something like VERSION that a Ruby file sets to a string, by their last name: `VERSION = "1.2.3".freeze`. The first counts. */
export function constantsOf(text: string): Readonly<Record<string, string>> {
  const constants = new Map<string, string>();
  const assignment = /^[ \t]{0,100}((?:[A-Z]\w{0,50}::){0,5}V(?:ERSION|ersion))[ \t]{0,20}=(?![=~>])[ \t]{0,20}/gm;
  let looked = 0;
  for (let match = assignment.exec(text); match !== null && looked < MOST_ASSIGNMENTS; match = assignment.exec(text)) {
    looked += 1;
    const [, path = ''] = match;
    // a version stands on its line: a literal that is cut there cannot lead through the whole file
    const line = text.slice(assignment.lastIndex, assignment.lastIndex + LONGEST_VALUE);
    const literal = scanLiteral(line, 0);
    const name = path.slice(path.lastIndexOf(':') + 1);
    if (literal !== undefined && typeof literal.value === 'string' && constants.size < MOST_CONSTANTS && !constants.has(name)) constants.set(name, literal.value);
  }
  return Object.fromEntries(constants);
}

const LONGEST_VALUE = 200;
