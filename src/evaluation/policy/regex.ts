import vm from 'node:vm';
import { RE2JS } from 're2js';
import { readPythonRegex } from '../../text/python-regex/read.js';
import { requiredTexts } from '../../text/python-regex/required.js';
import { backtracks, type PythonRegex } from '../../text/python-regex/tokens.js';
import { writeRegex } from '../../text/python-regex/write.js';
import { writtenOut } from '../../text/python-regex/size.js';

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
 * Time that one evaluation may spend in patterns: little in those that can backtrack (with lookaround or references, or large repeats),
 * and as much as a thousand rules need, and more, in the others, whose time is linear in the text.
 */
export class RegexBudget {
  private left = TOTAL_MILLISECONDS;
  private linearLeft = LINEAR_MILLISECONDS;

  /** Milliseconds that the next call may take. */
  get next(): number {
    return Math.min(this.left, CALL_MILLISECONDS);
  }

  spend(milliseconds: number): void {
    this.left = Math.max(0, this.left - milliseconds);
  }

  /** Time in patterns that cannot backtrack. Throws `BudgetError` where they have had all of it. */
  spendLinear(milliseconds: number): void {
    this.linearLeft -= milliseconds;
    if (this.linearLeft < 0) throw new BudgetError(`patterns have taken ${LINEAR_MILLISECONDS / 1000} s already`);
  }
}

/** The pattern could not be decided for some text: never to be taken for "does not match". */
export class BudgetError extends Error {}

/** A thousand times what the built-in policies' patterns need for the longest Dockerfile seen. */
const CALL_MILLISECONDS = 1500;
/** What a person will wait for one image, at most, because of patterns that backtrack. */
const TOTAL_MILLISECONDS = 10_000;
/** A thousand patterns on a hundred thousand paths take a second. */
const LINEAR_MILLISECONDS = 120_000;
/** Instructions of the linear engine's program: each may be looked at for each character. Alternatives by the hundred have so many. */
const MAXIMUM_SIZE = 10_000;
/** Larger ones are compiled when they are needed, and not while a bundle is read. */
const LARGE = 1000;
/** The linear engine counts no further; the other one does. */
const MAXIMUM_REPEATS = 1000;
/** No engine takes larger ones in a second. */
const MAXIMUM_WRITTEN_OUT = 50_000;
/** Instructions times characters of one text: some seconds. */
const MAXIMUM_STEPS = 4_000_000_000;
/** How often the clock is read. */
const TEXTS_BETWEEN = 256;
const LONG_TEXT = 4096;
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
  const { size, repeats } = writtenOut(regex);
  if (size > MAXIMUM_WRITTEN_OUT) throw new Error(`its repeats, written out, make it ${size} characters long, and ${MAXIMUM_WRITTEN_OUT} is the limit`);
  const test = backtracks(regex) || size > MAXIMUM_SIZE || repeats > MAXIMUM_REPEATS ? prefiltered(required, backtracking(regex, size)) : linear(regex, size);
  return { source, required, test };
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

function linear(regex: PythonRegex, size: number): Pattern['test'] {
  const flags = regex.flags === '' ? '' : `(?${regex.flags})`;
  const compile = (): RE2JS => RE2JS.compile(`${flags}\\A(?:${writeRegex(regex, 're2')})`);
  // A thousand large ones would take minutes: that is for the budget of an evaluation.
  let compiled = size > LARGE ? undefined : compile();
  return (texts, budget) => {
    const answers: boolean[] = [];
    let start = performance.now();
    compiled ??= compile();
    for (const text of texts) {
      if (size * text.length > MAXIMUM_STEPS) throw new BudgetError(`a text of ${text.length} characters is too long for a pattern as large as this one`);
      answers.push(compiled.test(text));
      if (text.length < LONG_TEXT && answers.length % TEXTS_BETWEEN !== 0 && answers.length < texts.length) continue;
      const now = performance.now();
      budget.spendLinear(now - start);
      start = now;
    }
    return answers;
  };
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

/** The engine refuses some expressions, those that are too large among them, when they are first run. */
function check(source: string, flags: string): void {
  try {
    new RegExp(source, flags).test('');
  } catch (error) {
    throw new Error(`the engine cannot run it: ${(error as Error).message.split(': ').at(-1)}`, { cause: error });
  }
}

function backtracking(regex: PythonRegex, size: number): Pattern['test'] {
  const source = writeRegex(regex, 'javascript');
  const flags = `uy${regex.flags.replace('m', '')}`;
  if (size <= LARGE) check(source, flags);
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
      if (size > LARGE && (error as Error).name === 'SyntaxError') throw new BudgetError('the pattern is too large to be run', { cause: error });
      if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
      throw new BudgetError(`the pattern backtracks for more than ${CALL_MILLISECONDS / 1000} s`, { cause: error });
    } finally {
      budget.spend(performance.now() - start);
      delete sandbox['texts'];
    }
  };
}
