import vm from 'node:vm';
import { RE2JS } from 're2js';
import { readPythonRegex, writeRegex, type PythonRegex } from './pythonRegex.js';
import { requiredTexts } from './requiredText.js';

/** A regular expression of a policy. It matches as Python's `re.match` does: from the start of the text, not to its end. */
export interface Pattern {
  /** As the policy has it. */
  readonly source: string;
  /** Of these (lower case) one is in every text that matches; null: nothing is known. */
  readonly required: readonly string[] | null;
  /** For each text whether it matches. Throws `BudgetError` when that would take too long. */
  test(texts: readonly string[], budget: RegexBudget): readonly boolean[];
}

/**
 * Time that one evaluation may spend in patterns that can backtrack (those with lookaround or references); the others
 * run in time linear in the text and need none.
 */
export class RegexBudget {
  private left = TOTAL_MILLISECONDS;

  /** Milliseconds that the next call may take. */
  get next(): number {
    return Math.min(this.left, CALL_MILLISECONDS);
  }

  spend(milliseconds: number): void {
    this.left = Math.max(0, this.left - milliseconds);
  }
}

/** The pattern could not be decided for some text: never to be taken for "does not match". */
export class BudgetError extends Error {}

/** A thousand times what the built-in policies' patterns need for the longest Dockerfile seen. */
const CALL_MILLISECONDS = 1500;
/** What a person will wait for one image, at most, because of patterns that backtrack. */
const TOTAL_MILLISECONDS = 10_000;
/** Longer ones are not written by hand, and the engine's program grows with them. */
const MAXIMUM_LENGTH = 10_000;

/** Answers kept for each pattern, of questions up to so many characters: at most some 10 MB for all built-in patterns. */
const MAXIMUM_KNOWN = 100;
const MAXIMUM_KEY = 10_000;

/** Compiles a pattern in Python's syntax. Throws an Error of one sentence where it is none. */
export function compilePattern(source: string): Pattern {
  if (source.length > MAXIMUM_LENGTH) throw new Error(`it has ${source.length} characters, and ${MAXIMUM_LENGTH} is the limit`);
  const regex = readPythonRegex(source);
  const required = requiredTexts(regex);
  return { source, required, test: regex.backtracks ? prefiltered(required, backtracking(regex)) : linear(regex) };
}

/** Compiled once for all images: a bundle has few patterns, and stored reports are evaluated by the thousand. */
const patterns = new Map<string, Pattern>();
const MAXIMUM_PATTERNS = 5000;

/** As `compilePattern`, and kept. */
export function cachedPattern(source: string): Pattern {
  const known = patterns.get(source);
  if (known !== undefined) return known;
  const pattern = compilePattern(source);
  if (patterns.size >= MAXIMUM_PATTERNS) patterns.clear();
  patterns.set(source, pattern);
  return pattern;
}

function linear(regex: PythonRegex): Pattern['test'] {
  const flags = regex.flags === '' ? '' : `(?${regex.flags})`;
  const compiled = RE2JS.compile(`${flags}\\A(?:${writeRegex(regex, 're2')})`);
  return (texts) => texts.map((text) => compiled.test(text));
}

/** Asks only for texts that can match: calling into the sandbox costs more than most of the work there. */
function prefiltered(required: readonly string[] | null, test: Pattern['test']): Pattern['test'] {
  if (required === null) return test;
  return (texts, budget) => {
    const can = texts.map((text) => {
      const lower = text.toLowerCase();
      return required.some((part) => lower.includes(part));
    });
    const answers = test(texts.filter((_, index) => can[index]), budget).values();
    return can.map((possible) => possible && answers.next().value === true);
  };
}

/** V8 stops an expression that runs too long only where a script has a deadline; the context holds nothing but the texts. */
const sandbox = vm.createContext(Object.create(null) as object, { name: 'patterns', codeGeneration: { strings: false, wasm: false } });

function backtracking(regex: PythonRegex): Pattern['test'] {
  const source = writeRegex(regex, 'javascript');
  const flags = `y${regex.flags}`;
  new RegExp(source, flags);
  const script = new vm.Script(
    `(() => { const expression = new RegExp(${JSON.stringify(source)}, ${JSON.stringify(flags)});`
    + ' return JSON.parse(texts).map((text) => { expression.lastIndex = 0; return expression.test(text) ? 1 : 0; }).join(""); })()',
  );
  // Several policies ask the same of one image, and many images have the same lines.
  const known = new Map<string, readonly boolean[]>();
  return (texts, budget) => {
    if (texts.length === 0) return [];
    const key = JSON.stringify(texts);
    const before = known.get(key);
    if (before !== undefined) return before;
    if (budget.next <= 0) throw new BudgetError(`patterns that backtrack have taken ${TOTAL_MILLISECONDS / 1000} s already`);
    sandbox['texts'] = key;
    const start = performance.now();
    try {
      const answer = script.runInContext(sandbox, { timeout: Math.ceil(budget.next) }) as string;
      const answers = texts.map((_, index) => answer[index] === '1');
      if (known.size >= MAXIMUM_KNOWN) known.clear();
      if (key.length <= MAXIMUM_KEY) known.set(key, answers);
      return answers;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
      throw new BudgetError(`the pattern backtracks for more than ${CALL_MILLISECONDS / 1000} s`, { cause: error });
    } finally {
      budget.spend(performance.now() - start);
      delete sandbox['texts'];
    }
  };
}
