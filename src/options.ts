import { InputError } from './errors.js';
import { SEVERITIES, type Severity } from './evaluation/evaluation.js';

/**
 * What a user may set, described once: the action's inputs, the command line's options, their help and README's table
 * come from here, and a test holds action.yml against it.
 */
export interface OptionDescription {
  readonly name: string;
  /** What the option takes, for help; absent for a switch (`true` or `false`). */
  readonly value?: string;
  readonly fallback: string;
  readonly description: string;
  readonly allowed?: readonly string[];
}

export const ENGINES = ['auto', 'docker', 'podman'] as const;
export const FAIL_ON = ['stop', 'warn', 'never'] as const;
export type Engine = (typeof ENGINES)[number];
export type FailOn = (typeof FAIL_ON)[number];

export const OPTIONS = [
  { name: 'image', value: 'NAME', fallback: '', description: 'Image of the local engine, built earlier in the job. It is read through docker save (or podman save), and never pushed' },
  { name: 'archive', value: 'PATH', fallback: '', description: 'Instead of image: the path of a docker save or OCI archive, or of an OCI layout directory' },
  { name: 'engine', value: 'NAME', fallback: 'auto', allowed: ENGINES, description: 'Which engine has the image; auto asks docker, then podman' },
  { name: 'platform', value: 'OS/ARCH', fallback: '', description: 'Which image of an archive that holds several platforms, such as linux/arm64; by default this machine\'s' },
  { name: 'name', value: 'NAME', fallback: '', description: 'Full name by which policies, reports and the backend know the image; by default the one that it was built or saved under' },
  { name: 'dockerfile', value: 'PATH', fallback: '', description: 'Path of the Dockerfile, for rules about it and for the lines that findings point at; by default the workspace\'s, if it matches the image\'s history' },
  { name: 'target', value: 'STAGE', fallback: '', description: 'Stage of the Dockerfile that was built, if it is not the last' },
  { name: 'policies', value: 'LIST', fallback: 'default', description: 'Built-in policies (default, dockerfile-best-practices, nist-800-190, pci) or paths of your own; several by comma or line' },
  { name: 'exceptions', value: 'PATH', fallback: '', description: 'Files of accepted findings, each with a reason and an expiry, also .trivyignore, .grype.yaml and Anchore allow lists; several by comma or line. By default .inline-scan.yaml, if there is one' },
  { name: 'vex', value: 'LIST', fallback: '', description: 'OpenVEX or CycloneDX VEX documents; several by comma or line' },
  { name: 'advisories', value: 'SOURCE', fallback: 'osv', description: 'Where vulnerabilities come from: osv (the public service), a directory or URL laid out like OSV\'s exports, or none' },
  { name: 'trusted-registries', value: 'REGEX', fallback: '', description: 'Registries that base images may come from, as a regular expression; for the rule of nist-800-190 that asks for it' },
  { name: 'backend-url', value: 'URL', fallback: '', description: 'Address of Sysdig Secure, or of a compatible backend, that evaluates instead of this action' },
  { name: 'backend-token', value: 'TOKEN', fallback: '', description: 'API token of the backend. Keep it in a secret; on a command line give it in the environment, as INLINE_SCAN_BACKEND_TOKEN' },
  { name: 'backend-ca-cert', value: 'PATH', fallback: '', description: 'File of CA certificates, in PEM, to trust for the backend' },
  { name: 'dry-run', fallback: 'false', description: 'With backend-url: write what the backend would be sent, and send nothing' },
  { name: 'fail-on', value: 'VERDICT', fallback: 'stop', allowed: FAIL_ON, description: 'The mildest verdict that fails the run. An error always fails it' },
  { name: 'fail-on-new', fallback: 'false', description: 'With baseline: only what is new against it decides' },
  { name: 'minimum-severity', value: 'SEVERITY', fallback: 'unknown', allowed: SEVERITIES, description: 'Least severity of the vulnerabilities that reports show. The verdict does not depend on it' },
  { name: 'only-fixed', fallback: 'false', description: 'Reports show only vulnerabilities that a newer version mends. The verdict does not depend on it' },
  { name: 'baseline', value: 'PATH', fallback: '', description: 'An earlier evaluation.json, or auto (in a workflow: that of the base branch): reports mark what is new' },
  { name: 'analyzers', value: 'LIST', fallback: 'all', description: 'Analyzers to run, by comma, or -NAME to leave one out; inline-scan analyze --list names them' },
  { name: 'analyzer-config', value: 'PATH', fallback: '', description: 'YAML file: secret patterns, content searches, files to retrieve, a malware scanner' },
  { name: 'annotations', fallback: 'true', description: 'Annotate the Dockerfile\'s lines in the pull request' },
  { name: 'summary', fallback: 'true', description: 'Write the job summary' },
  { name: 'cache', fallback: 'true', description: 'Keep facts about layers, and advisories, for the next run' },
  { name: 'output-directory', value: 'PATH', fallback: '', description: 'Where the reports go; by default a fresh directory below the temporary one' },
] as const satisfies readonly OptionDescription[];

export type OptionName = (typeof OPTIONS)[number]['name'];
export type RawOptions = Partial<Record<OptionName, string>>;

/** Options that have been read and fit together. */
export interface Options {
  /** Without an engine: docker, else podman. */
  readonly source: { readonly image: string; readonly engine?: Exclude<Engine, 'auto'> } | { readonly archive: string };
  readonly platform: string;
  readonly name: string;
  readonly dockerfile: string;
  readonly target: string;
  readonly outputDirectory: string;
  readonly cache: boolean;
  readonly analysis: AnalysisOptions;
  readonly evaluation: EvaluationOptions;
  readonly show: ShowOptions;
}

export interface AnalysisOptions {
  readonly analyzers: readonly string[];
  readonly analyzerConfig: string;
}

export interface EvaluationOptions {
  readonly policies: readonly string[];
  readonly exceptions: string;
  readonly vex: readonly string[];
  readonly advisories: string;
  readonly trustedRegistries: string;
  readonly backend: { readonly url: string; readonly token: string; readonly caCert: string } | undefined;
  readonly dryRun: boolean;
  readonly failOn: FailOn;
  readonly failOnNew: boolean;
  readonly baseline: string;
}

export interface ShowOptions {
  readonly minimumSeverity: Severity;
  readonly onlyFixed: boolean;
  readonly annotations: boolean;
  readonly summary: boolean;
}

/** @throws InputError naming the option, what it was and what it may be */
export function readOptions(raw: RawOptions): Options {
  const image = text(raw, 'image');
  const archive = text(raw, 'archive');
  if (image !== '' && archive !== '') throw new InputError('image and archive contradict each other. Give one of them: an image of the local engine, or the path of an archive.');
  if (image === '' && archive === '') throw new InputError('There is nothing to scan. Give image (a name in the local engine) or archive (a path).');
  const engine = oneOf(raw, 'engine', ENGINES);
  return {
    source: archive === '' ? { image, ...(engine === 'auto' ? {} : { engine }) } : { archive },
    platform: text(raw, 'platform'),
    name: text(raw, 'name'),
    dockerfile: text(raw, 'dockerfile'),
    target: text(raw, 'target'),
    outputDirectory: text(raw, 'output-directory'),
    cache: flag(raw, 'cache'),
    analysis: readAnalysisOptions(raw),
    evaluation: readEvaluationOptions(raw),
    show: readShowOptions(raw),
  };
}

export function readAnalysisOptions(raw: RawOptions): AnalysisOptions {
  const analyzers = list(raw, 'analyzers');
  return { analyzers: analyzers.length === 1 && analyzers[0] === 'all' ? [] : analyzers.filter((name) => name !== 'all'), analyzerConfig: text(raw, 'analyzer-config') };
}

export function readEvaluationOptions(raw: RawOptions): EvaluationOptions {
  const url = text(raw, 'backend-url');
  const token = text(raw, 'backend-token');
  const baseline = text(raw, 'baseline');
  const failOnNew = flag(raw, 'fail-on-new');
  if (failOnNew && baseline === '') throw new InputError('fail-on-new needs a baseline to compare with. Give baseline: the path of an earlier evaluation.json, or auto.');
  if (url === '' && text(raw, 'backend-ca-cert') !== '') throw new InputError('backend-ca-cert is of no use without backend-url. Give both, or neither.');
  return {
    policies: list(raw, 'policies'),
    exceptions: text(raw, 'exceptions'),
    vex: list(raw, 'vex'),
    advisories: text(raw, 'advisories'),
    trustedRegistries: text(raw, 'trusted-registries'),
    backend: url === '' ? undefined : { url: webAddress(url), token, caCert: text(raw, 'backend-ca-cert') },
    dryRun: flag(raw, 'dry-run'),
    failOn: oneOf(raw, 'fail-on', FAIL_ON),
    failOnNew,
    baseline,
  };
}

export function readShowOptions(raw: RawOptions): ShowOptions {
  return {
    minimumSeverity: oneOf(raw, 'minimum-severity', SEVERITIES),
    onlyFixed: flag(raw, 'only-fixed'),
    annotations: flag(raw, 'annotations'),
    summary: flag(raw, 'summary'),
  };
}

function fallback(name: OptionName): string {
  return OPTIONS.find((option) => option.name === name)?.fallback ?? '';
}

/** An empty value is an option that was not given: so a workflow's `${{ inputs.x }}` comes through. */
function text(raw: RawOptions, name: OptionName): string {
  const given = raw[name]?.trim();
  return given === undefined || given === '' ? fallback(name) : given;
}

function list(raw: RawOptions, name: OptionName): string[] {
  return text(raw, name).split(/[,\n]/).map((item) => item.trim()).filter((item) => item !== '');
}

function flag(raw: RawOptions, name: OptionName): boolean {
  return oneOf(raw, name, ['true', 'false'], (value) => value.toLowerCase()) === 'true';
}

function oneOf<Value extends string>(raw: RawOptions, name: OptionName, allowed: readonly Value[], normal = (value: string): string => value.toLowerCase()): Value {
  const given = text(raw, name);
  const found = allowed.find((value) => value === normal(given));
  if (found === undefined) throw new InputError(`${name} cannot be ${JSON.stringify(given)}. It may be ${allowed.join(', ')}.`);
  return found;
}

function webAddress(given: string): string {
  if (!URL.canParse(given) || !/^https?:/i.test(given)) throw new InputError(`backend-url ${JSON.stringify(given)} is no web address. Give one such as https://secure.sysdig.com.`);
  return given;
}
