import { constantsOf } from './constants.js';
import { requiredPaths } from './requires.js';
import { scanLiteral, type Literal } from './scan.js';

/** What a gemspec says, as far as literals go. */
export interface Gemspec {
  readonly name: string;
  /** The empty string where it is an expression; then `versionConstant` may name a constant of a required file. */
  readonly version: string;
  readonly versionConstant: string;
  /** Paths (below the gemspec's folder) of files that it requires, in order. */
  readonly requires: readonly string[];
  readonly platform: string;
  readonly licenses: readonly string[];
  readonly authors: readonly string[];
  readonly homepage: string;
  readonly summary: string;
  /** Paths below the gem's folder. */
  readonly files: readonly string[];
  readonly dependencies: readonly string[];
}

/** Assignments that are no literal: beyond so many a file is no gemspec that anybody wrote. */
const MOST_EXPRESSIONS = 50;

/**
 * Reads a gemspec without running Ruby: the assignments in `Gem::Specification.new do |s| … end`. Undefined where there is no such
 * block, or no name in it. RubyGems writes installed ones with literals alone, so nothing is lost there.
 * Source: rubygems/rubygems, Gem::Specification#to_ruby.
 */
export function parseGemspec(text: string): Gemspec | undefined {
  const block = /Gem::Specification\.new\b[^\n|]{0,500}(?:do|\{)\s{0,20}\|\s{0,5}(\w{1,50})\s{0,5}\|/.exec(text);
  if (block === null) return undefined;
  const [whole, variable = ''] = block;
  const start = block.index + whole.length;
  const { fields, versionConstant } = assignments(text, start, variable);
  const name = asString(fields.get('name'));
  if (name === '') return undefined;
  const constant = versionConstant === '' ? undefined : constantsOf(text)[versionConstant];
  return {
    name,
    version: asString(fields.get('version')) || constant || stubVersion(text, name),
    versionConstant,
    requires: requiredPaths(text.slice(0, start)),
    platform: asString(fields.get('platform')),
    licenses: [...asList(fields.get('licenses')), ...asList(fields.get('license'))],
    authors: [...asList(fields.get('authors')), ...asList(fields.get('author'))],
    homepage: asString(fields.get('homepage')),
    summary: asString(fields.get('summary')),
    files: asList(fields.get('files')),
    dependencies: dependencyNames(text, start, variable),
  };
}

interface Assignments {
  readonly fields: ReadonlyMap<string, Literal>;
  readonly versionConstant: string;
}

function assignments(text: string, start: number, variable: string): Assignments {
  const fields = new Map<string, Literal>();
  let versionConstant = '';
  let expressions = 0;
  const assignment = new RegExp(`^[ \\t]{0,100}${variable}\\.(\\w{1,50})[ \\t]{0,20}=(?![=~>])[ \\t]{0,20}`, 'gm');
  assignment.lastIndex = start;
  for (let match = assignment.exec(text); match !== null && expressions < MOST_EXPRESSIONS; match = assignment.exec(text)) {
    const [, field = ''] = match;
    const literal = scanLiteral(text, assignment.lastIndex);
    if (literal !== undefined) {
      fields.set(field, literal.value);
      assignment.lastIndex = literal.end;
    } else {
      expressions += 1;
      if (field === 'version') versionConstant = lastConstant(text.slice(assignment.lastIndex, assignment.lastIndex + 200));
    }
  }
  return { fields, versionConstant };
}

/** `ExampleApp::VERSION.dup` → VERSION; the empty string for anything that is no constant. */
function lastConstant(expression: string): string {
  const [, path = ''] = /^(?:::)?((?:[A-Z]\w*::)*[A-Z]\w*)(?:\.(?:freeze|dup|to_s))*\s*(?:$|[\n#])/.exec(expression) ?? [];
  return path.slice(path.lastIndexOf(':') + 1);
}

/** RubyGems puts `# stub: NAME VERSION PLATFORM PATHS` on top of what it installs, to read no further. */
function stubVersion(text: string, name: string): string {
  const [, stubbed, version = ''] = /^# stub: (\S{1,200}) (\S{1,100}) /m.exec(text.slice(0, 2_000)) ?? [];
  return stubbed === name ? version : '';
}

/**
 * Names of gems needed at run time. Old RubyGems wrote every dependency a second time, as `add_dependency`, for still older ones:
 * there the development ones are known by `add_development_dependency` before.
 */
function dependencyNames(text: string, start: number, variable: string): string[] {
  const needed: string[] = [];
  const development = new Set<string>();
  const call = new RegExp(`^[ \\t]{0,100}${variable}\\.add_(runtime_|development_|)dependency[ \\t]{0,20}\\(?[ \\t]{0,20}`, 'gm');
  call.lastIndex = start;
  let expressions = 0;
  for (let match = call.exec(text); match !== null && expressions < MOST_EXPRESSIONS; match = call.exec(text)) {
    const name = scanLiteral(text, call.lastIndex);
    if (name === undefined || typeof name.value !== 'string') expressions += 1;
    else if (match[1] === 'development_') development.add(name.value);
    else needed.push(name.value);
  }
  return [...new Set(needed)].filter((name) => !development.has(name));
}

function asString(literal: Literal | undefined): string {
  return typeof literal === 'string' ? literal.trim() : '';
}

function asList(literal: Literal | undefined): readonly string[] {
  if (literal === undefined) return [];
  return typeof literal === 'string' ? [literal] : literal;
}
