import { secretKinds } from '../analyzers/secrets/rules/index.js';
import type { Finding } from '../evaluation/evaluation.js';
import { shorten, type Mask } from './describe.js';

/** Longest text of an image within a title. */
const PART = 160;
const WHOLE = 240;

/**
 * What a finding is, in a few words for people: `CVE-2021-44228 in log4j-core 2.14.1`, `Private key (PRIV_KEY) in /root/.ssh/id_rsa:1`.
 * Messages are an interface (the gates' texts are Anchore's) and are read here; one of another form stands as it is.
 * Whatever comes from the image is masked.
 */
export function title(finding: Finding, mask: Mask): string {
  const { gate, trigger, vulnerability, message } = finding;
  if (vulnerability !== undefined) return shorten(`${vulnerability.id} in ${vulnerability.package.name} ${vulnerability.package.version}`.trim(), PART + 40);
  for (const { of, form, say } of FORMS) {
    const match = of === gate || of === `${gate}.${trigger}` ? form.exec(message) : null;
    if (match !== null) return shorten(say({ parts: match.slice(1).map((part) => part ?? ''), finding, mask }), WHOLE);
  }
  return shorten(mask(message), WHOLE);
}

interface Told {
  readonly parts: readonly string[];
  readonly finding: Finding;
  readonly mask: Mask;
}

interface Form {
  /** Gate, or gate and trigger. */
  readonly of: string;
  readonly form: RegExp;
  readonly say: (told: Told) => string;
}

/** The forms of messages: src/evaluation/policy/gates, and the same ones as a backend writes them. */
const FORMS: readonly Form[] = [
  { of: 'secret_scans', form: /^Secret (?:content )?search analyzer found regexp match in container: file=([^]+?) regexp=([^=]{1,80})(?:=|$)/, say: secret },
  { of: 'secret_scans', form: /^Secret (?:content )?search analyzer did not find regexp match in container: filename_regex=([^]*) content_regex_name=([^]*)$/, say: ({ parts: [files = '', kind = ''] }) => `None of the secrets asked for was found (${kind}, in ${files === '*' ? 'all files' : files})` },
  { of: 'files', form: /^File content analyzer found regexp match in container: file=([^]+?) regexp=([^=]{1,80})/, say: ({ parts: [path = '', name = ''], finding, mask }) => `Content that matches ${name}, in ${pathText(path, mask)}${lineOf(finding)}` },
  { of: 'files', form: /^Application of regex matched file found in container: file=([^]+?) regexp=/, say: ({ parts: [path = ''], mask }) => `The policy denies the file ${pathText(path, mask)}` },
  { of: 'files', form: /^SUID or SGID found set on file ([^]+)\. Mode: 0o([0-7]+)$/, say: ({ parts: [path = '', mode = ''], mask }) => `${privileges(mode)} is set on ${pathText(path, mask)} (mode ${plainMode(mode)})` },
  { of: 'files', form: /^filename=([^]+) and skip_missing=False$/, say: ({ parts: [path = ''], mask }) => `${pathText(path, mask)} is missing` },
  { of: 'files', form: /^filename=([^]+?)((?: and (?:checksum|mode)=\S+ op=\S+ specified_\w+=\S+)+)$/, say: attributes },
  { of: 'dockerfile', form: /^Dockerfile directive '([A-Z]+)' not found/, say: ({ parts: [keyword = ''] }) => `No ${keyword} is set` },
  { of: 'dockerfile', form: /^Dockerfile directive '([A-Z]+)' check '([^']+)' matched against '[^]*?' for line '([^]*)'$/, say: instruction },
  { of: 'dockerfile', form: /^User ([^]+) found as effective user, (?:(which is explicitl?y not allowed)|which is not on)/, say: ({ parts: [user = '', denied = ''], mask }) => `The image runs as ${named(user, mask)}${denied === '' ? ', which the policy does not list' : ''}` },
  { of: 'dockerfile', form: /^Dockerfile exposes port \(([^)]{1,40})\) which is (in|not in)/, say: ({ parts: [port = '', list = ''] }) => `Port ${port} is exposed, which the policy ${list === 'in' ? 'denies' : 'does not list'}` },
  { of: 'dockerfile', form: /^Image was not analyzed with an actual Dockerfile/, say: () => 'No Dockerfile was given' },
  { of: 'packages', form: /^VERIFY check against package db for package '([^']*)' failed on entry '([^]*)' with status: '(\w+)'/, say: ({ parts: [name = '', path = '', status = ''], mask }) => `${pathText(path, mask)} of the package ${named(name, mask)} is ${status}` },
  { of: 'packages', form: /^Required input package \(([^]+)\) is not present/, say: ({ parts: [name = ''], mask }) => `The package ${named(name.replace(',', ' '), mask)} is required, and missing` },
  { of: 'packages', form: /^Required input package \(([^]+?)\) is present \(([^]+?)\), but not/, say: ({ parts: [name = '', version = ''], mask }) => `The package ${named(name, mask)} is ${named(version, mask)}, and required in another version` },
  { of: 'packages', form: /^Required min-version input package \(([^]+?)\) is present \(([^]+?)\), but is lower version than what is specified in policy \(([^]+)\)/, say: ({ parts: [name = '', version = '', wanted = ''], mask }) => `The package ${named(name, mask)} is ${named(version, mask)}, and required as ${named(wanted, mask)} or newer` },
  { of: 'packages', form: /^Package is (?:black|deny)listed: ([^]+)$/, say: deniedPackage },
  { of: 'npms', form: /^NPM Package is (?:black|deny)listed: ([^]+)$/, say: deniedPackage },
  { of: 'ruby_gems', form: /^GEM Package is (?:black|deny)listed: ([^]+)$/i, say: deniedPackage },
  { of: 'licenses', form: /^LIC\w+ Packages are installed that have (?:black|deny)listed licenses: ([^]+)\(([^]*)\)$/, say: ({ parts: [name = '', license = ''], mask }) => `${named(name, mask)} is under the licence ${named(license, mask)}, which the policy denies` },
  { of: 'passwd_file', form: /^(?:Black|Deny)listed ([^]{1,200}?) found in image's \/etc\/passwd: pentry=([^:]*)/, say: ({ parts: [, user = ''], mask }) => `The account ${named(user, mask)} in /etc/passwd is one that the policy denies` },
  { of: 'passwd_file', form: /^Cannot locate \/etc\/passwd/, say: () => 'The content of /etc/passwd is not in the report' },
  { of: 'metadata', form: /^Attribute check for attribute: '([^]{1,200}?)' check: '([^']*)' check_value: '([^]*?)' matched image value: '([^]*)'$/, say: attribute },
  { of: 'retrieved_files', form: /^Content regex '[^]*?' check '(\w+)' found in retrieved file '([^]*)'$/, say: ({ parts: [check = '', path = ''], finding, mask }) => (check === 'match' ? `Content that the policy denies, in ${pathText(path, mask)}${lineOf(finding)}` : `Content that the policy requires is missing in ${pathText(path, mask)}`) },
  { of: 'malware', form: /^Malware scan finding: scanner=(\S+) file=([^]*) signature=([^]*)$/, say: ({ parts: [scanner = '', path = '', signature = ''], mask }) => `Malware ${named(signature, mask)} in ${pathText(path, mask)} (${scanner})` },
  { of: 'malware', form: /^No malware scans found/, say: () => 'No malware scanner ran' },
  { of: 'vulnerabilities', form: /^(?:Black|Deny)listed vulnerabilities detected: \[([^]*)\]$/, say: ({ parts: [ids = ''] }) => `The policy denies ${ids.replace(/['"]/g, '')}` },
  { of: 'vulnerabilities', form: /^The vulnerability feed for this image distro is older than MAXAGE(?: \((\d+)\) days)?/, say: ({ parts: [days = ''] }) => `The advisories are older than ${days === '' ? 'the policy allows' : `${days} days`}` },
  { of: 'vulnerabilities', form: /^Distro-specific feed data not found for distro namespace: ([^]+?)\. Cannot perform CVE scan/, say: ({ parts: [distro = ''], mask }) => `There are no advisories for ${named(distro.replace(':', ' '), mask)}: its packages were not checked` },
  { of: 'always', form: /^Unconditional trigger match/, say: () => 'A rule that always fires' },
];

function pathText(path: string, mask: Mask): string {
  return shorten(mask(path), PART);
}

function named(text: string, mask: Mask): string {
  return shorten(mask(text), 80);
}

function lineOf({ location }: Finding): string {
  return location?.line === undefined ? '' : `:${location.line}`;
}

let kinds: ReadonlyMap<string, string> | undefined;

/** `Private key (PRIV_KEY) in /root/.ssh/id_rsa:1, deleted by a later layer`. */
function secret({ parts: [path = '', name = ''], finding, mask }: Told): string {
  kinds ??= secretKinds();
  const kind = kinds.get(name);
  const what = kind === undefined ? `Secret (${shorten(name, 80)})` : `${kind.replace(/ given to a name$/, '')} (${name})`;
  const gone = finding.location?.hidden === true ? ', deleted or replaced by a later layer' : '';
  const place = placeInConfig(path);
  return `${what} in ${place ?? pathText(path, mask) + lineOf(finding)}${gone}`;
}

/** `config:env:NAME`: a secret in the image's configuration. */
function placeInConfig(path: string): string | undefined {
  const [, kind = '', name = ''] = /^config:([a-z]+)(?::([^]*))?$/.exec(path) ?? [];
  if (kind === '') return undefined;
  if (kind === 'history') return 'the image’s history';
  return ['env', 'arg', 'label'].includes(kind) ? `${kind.toUpperCase()} ${shorten(name, 80)}` : `the image’s ${kind}`;
}

/** `104755` of a directory or file as chmod writes it: `4755`. */
function plainMode(mode: string): string {
  return (Number.parseInt(mode, 8) & 0o7777).toString(8).padStart(4, '0');
}

function privileges(mode: string): string {
  const bits = Number.parseInt(mode, 8);
  const names = [...((bits & 0o4000) === 0 ? [] : ['Set-user-ID']), ...((bits & 0o2000) === 0 ? [] : ['set-group-ID'])];
  return (names.join(' and ') || 'Set-user-ID').replace(/^s/, 'S');
}

function attributes({ parts: [path = '', checks = ''], mask }: Told): string {
  const said = [...checks.matchAll(/(checksum|mode)=(\S+) op=(\S+) specified_\w+=(\S+)/g)].map(([, what = '', actual = '', operator = '', wanted = '']) => {
    if (what === 'checksum') return `the checksum ${operator === 'equals' ? 'that the policy denies' : 'is not the one that the policy names'}`;
    return `mode ${plainMode(actual.replace('0o', ''))}${operator === 'equals' ? '' : operator === 'exceeds' ? `, more than ${plainMode(wanted.replace('0o', ''))}` : `, not ${plainMode(wanted.replace('0o', ''))}`}`;
  });
  return `${pathText(path, mask)}: ${said.join(', ')}`;
}

/** What the policy denies is told as it stands; what is not as the policy wants, too; of a line with secrets those parts alone. */
function instruction({ parts: [keyword = '', check = '', line = ''], mask }: Told): string {
  const shown = mask(`${keyword} ${line}`.replace(/\s+/g, ' ').trim());
  const secrets = shown.split(' ').filter((word) => word.includes('***'));
  if (secrets.length > 0 && ['ENV', 'ARG', 'LABEL'].includes(keyword)) return `${keyword} ${shorten(secrets.join(' '), PART)} looks like a secret`;
  const isWanted = ['!=', 'not_like', 'not_in'].includes(check);
  return `${shorten(shown, PART)}: ${isWanted ? 'not as the policy wants it' : 'the policy denies it'}`;
}

function deniedPackage({ parts: [name = ''], mask }: Told): string {
  return `The package ${named(name, mask)} is installed, which the policy denies`;
}

const COMPARED: Readonly<Record<string, string>> = { '>': 'more than', '<': 'less than', '=': 'equal to', '!=': 'not', in: 'one of', not_in: 'none of', like: 'like', not_like: 'not like' };

function attribute({ parts: [name = '', check = '', wanted = '', actual = ''], mask }: Told): string {
  if (check === 'exists') return `The image has ${shorten(name, 80)}, which the policy denies`;
  if (check === 'not_exists') return `The image has no ${shorten(name, 80)}`;
  const hidden = name.startsWith('env:') ? '***' : named(actual, mask);
  return `The image’s ${shorten(name, 80)} is ${hidden}: ${COMPARED[check] ?? check} ${shorten(wanted, 80)}`;
}
