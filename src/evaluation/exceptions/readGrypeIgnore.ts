import * as z from 'zod';
import { InputError } from '../../errors.js';
import { readConfigFile } from '../configFile.js';
import { wildcard } from '../policy/wildcard.js';
import type { Exception, Exceptions } from './exception.js';

/** Grype's names of ecosystems, and ours of package types. */
const TYPES: Readonly<Record<string, string>> = {
  deb: 'dpkg', rpm: 'rpm', apk: 'apk', npm: 'npm', python: 'python', gem: 'gem', 'java-archive': 'java', 'go-module': 'go', 'rust-crate': 'rust', 'php-composer': 'php', dotnet: 'dotnet',
};
const LANGUAGES: Readonly<Record<string, string>> = {
  javascript: 'npm', python: 'python', ruby: 'gem', java: 'java', go: 'go', rust: 'rust', php: 'php', dotnet: 'dotnet', dart: 'dart', swift: 'swift',
};

/** An empty text is as good as none. */
function orNothing<Text extends string>(text: Text | undefined): Exclude<Text, ''> | undefined {
  return text === undefined || text === '' ? undefined : text as Exclude<Text, ''>;
}
const text = z.string().optional().transform(orNothing);

const rule = z.strictObject({
  vulnerability: text,
  'include-aliases': z.boolean().optional(),
  reason: text,
  namespace: text,
  'fix-state': z.enum(['fixed', 'not-fixed', 'wont-fix', 'unknown', '']).optional().transform(orNothing),
  package: z.strictObject({
    name: text,
    version: z.union([z.string(), z.number().transform(String)]).optional().transform(orNothing),
    language: text,
    type: text,
    location: text,
    'upstream-name': text,
  }).optional(),
  'vex-status': text,
  'vex-justification': text,
  'match-type': text,
});
const schema = z.looseObject({ ignore: z.array(rule).nullish().transform((rules) => rules ?? []) });

/** Conditions that have no counterpart here: a rule with one accepts nothing, which is told. */
const UNKNOWN_HERE = ['namespace', 'vex-status', 'vex-justification', 'match-type'] as const;

/** Reads the `ignore` rules of a `.grype.yaml`. Source: github.com/anchore/grype, README, "Specifying matches to ignore". */
export function readGrypeIgnore(file: string, text: string): Exceptions {
  const config = readConfigFile(file, text);
  const result = schema.safeParse(config.value ?? {});
  if (!result.success) {
    const issue = result.error.issues[0] as z.core.$ZodIssue;
    throw new InputError(`${file}, line ${config.lineOf(issue.path)}: ${issue.path.map(String).join('.')}: ${issue.message}.`);
  }
  const entries: Exception[] = [];
  const notices: string[] = [];
  result.data.ignore.forEach((raw, index) => {
    const source = `${file}, line ${config.lineOf(['ignore', index])}`;
    const unknown = UNKNOWN_HERE.find((name) => raw[name] !== undefined) ?? (raw['fix-state'] === 'unknown' ? 'fix-state: unknown' : unknownType(raw.package));
    const broken = [raw.package?.name, raw.package?.['upstream-name']].find((name) => name !== undefined && !isName(name));
    if (broken !== undefined) notices.push(`${source}: ${JSON.stringify(broken)} is no regular expression, so that the ignore rule accepts nothing.`);
    else if (isBlank(raw)) notices.push(`${source}: the ignore rule names nothing, so that it accepts nothing.`);
    else if (unknown !== undefined) notices.push(`${source}: the ignore rule asks for ${unknown}, which is not known here, so that it accepts nothing.`);
    else entries.push(readRule(raw, index, source, file));
  });
  return { entries, notices };
}

/** As for Grype: what gives only a reason, or texts that are empty, is for no finding and not for all. */
function isBlank({ vulnerability, package: found, 'fix-state': state, namespace, 'match-type': type, 'vex-status': status, 'vex-justification': justification }: z.infer<typeof rule>): boolean {
  return [vulnerability, state, namespace, type, status, justification, ...Object.values(found ?? {})].every((value) => value === undefined || value === '');
}

function unknownType(found: z.infer<typeof rule>['package']): string | undefined {
  if (found?.type !== undefined && !Object.hasOwn(TYPES, found.type)) return `package type ${found.type}`;
  if (found?.language !== undefined && !Object.hasOwn(LANGUAGES, found.language)) return `language ${found.language}`;
  return undefined;
}

function readRule(raw: z.infer<typeof rule>, index: number, source: string, file: string): Exception {
  const { package: found, vulnerability } = raw;
  const types = [found?.type === undefined ? undefined : TYPES[found.type], found?.language === undefined ? undefined : LANGUAGES[found.language]].filter((type) => type !== undefined);
  const selects = found !== undefined && (found.name !== undefined || found.version !== undefined || types.length > 0 || found['upstream-name'] !== undefined);
  return {
    id: vulnerability ?? found?.name ?? `ignore rule ${index + 1}`,
    source,
    by: 'exception',
    aliases: raw['include-aliases'] ?? false,
    gate: 'vulnerabilities',
    ...(vulnerability === undefined ? {} : { ids: [vulnerability] }),
    ...(!selects ? {} : {
      package: {
        ...(found.name === undefined ? {} : { names: [nameOf(found.name)] }),
        ...(found.version === undefined ? {} : { version: `=${found.version}` }),
        ...(types.length === 0 ? {} : { types }),
        ...(found['upstream-name'] === undefined ? {} : { sources: [nameOf(found['upstream-name'])] }),
      },
    }),
    ...(found?.location === undefined ? {} : { paths: [found.location] }),
    ...(raw['fix-state'] === undefined ? {} : { fixState: raw['fix-state'] as 'fixed' | 'not-fixed' | 'wont-fix' }),
    reason: raw.reason ?? `ignored by ${file}, which gives no reason`,
  };
}

/** Grype takes a name with signs of one for a regular expression of the whole name. */
function nameOf(name: string): string {
  return /[\\*?^$|()[\]{}]/.test(name) ? `regexp:(?:${name.replace(/^\^|\$$/g, '')})$` : name;
}

function isName(name: string): boolean {
  try {
    wildcard(nameOf(name));
    return true;
  } catch {
    return false;
  }
}
