import { entropy, isBasicCredential, isMixed, isPlaceholder } from '../checks.js';
import { isExample } from '../examples.js';
import type { SecretRule } from '../rule.js';

/**
 * The seed's five names, with the text that its keys state: policies name these, and backends compare the keys.
 * Each finds what that text means to find (a value behind `=`, or a key's first line), and the same secret in the
 * notations that the text misses; those have a text of their own under the same name.
 * Source of the texts: anchore-engine 1.1.0, conf/analyzer_config.yaml.
 */
export const ORIGINAL_REGEXES = {
  AWS_ACCESS_KEY: '(?i).*aws_access_key_id( *=+ *).*(?<![A-Z0-9])[A-Z0-9]{20}(?![A-Z0-9]).*',
  AWS_SECRET_KEY: '(?i).*aws_secret_access_key( *=+ *).*(?<![A-Za-z0-9/+=])[A-Za-z0-9/+=]{40}(?![A-Za-z0-9/+=]).*',
  PRIV_KEY: '(?i)-+BEGIN(.*)PRIVATE KEY-+',
  DOCKER_AUTH: '(?i).*"auth": *".+"',
  API_KEY: '(?i).*api(-|_)key( *=+ *).*(?<![A-Z0-9])[A-Z0-9]{20,60}(?![A-Z0-9]).*',
} as const;

/** How much of a line behind the name is looked at. */
const REST_OF_LINE = 1_024;

/** `name =` and a run of characters, with nothing of its kind beside it, anywhere behind. */
function behindEquals(name: keyof typeof ORIGINAL_REGEXES, title: string, literals: readonly string[], run: RegExp, real: (value: string) => boolean): SecretRule {
  const equals = / *=+ */y;
  return {
    name,
    title,
    regex: ORIGINAL_REGEXES[name],
    literals,
    before: 0,
    behind: REST_OF_LINE,
    rank: 3,
    ownTextOnly: false,
    find(window) {
      equals.lastIndex = window.end;
      const start = equals.exec(window.text) === null ? -1 : equals.lastIndex;
      if (start < 0) return undefined;
      const line = firstLine(window.text, start);
      for (const match of line.matchAll(run)) {
        const value = match[0];
        if (real(value) && (window.strict || !(isPlaceholder(value) || isExample(value)))) {
          return { start: start + match.index, end: start + match.index + value.length };
        }
      }
      return undefined;
    },
  };
}

function firstLine(text: string, from: number): string {
  const end = text.slice(from).search(/[\r\n]/);
  return end < 0 ? text.slice(from) : text.slice(from, from + end);
}

const AWS_KEY_ID = '(?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA|AROA|AIDA)[A-Z0-9]{16}';

/** Key IDs stand alone or behind any name; the seed's own text is stated where it would have matched. */
const awsKeyId: SecretRule = {
  name: 'AWS_ACCESS_KEY',
  title: 'AWS access key ID',
  regex: `.*(?:AKIA|ASIA|ABIA|ACCA|A3T[A-Z0-9])[A-Z0-9]{16}`,
  literals: ['akia', 'asia', 'abia', 'acca', 'a3t'],
  before: 2,
  behind: 64,
  rank: 2,
  ownTextOnly: false,
  find(window) {
    const token = new RegExp(`^${AWS_KEY_ID}`).exec(window.text.slice(window.at))?.[0];
    // base32: one key in thirty has no digit
    if (token === undefined || entropy(token) < 3) return undefined;
    const [before, after] = [window.text.charAt(window.at - 1), window.text.charAt(window.at + token.length)];
    if (/[A-Za-z0-9+/]/.test(before) && !(before === 'n' && window.text.charAt(window.at - 2) === '\\')) return undefined;
    if (/[A-Za-z0-9+/=]/.test(after) || (!window.strict && isExample(token))) return undefined;
    return { start: window.at, end: window.at + token.length };
  },
};

/** Secret keys in JSON, YAML and code: `secretAccessKey: '…'`. */
const awsSecret: SecretRule = {
  name: 'AWS_SECRET_KEY',
  title: 'AWS secret access key',
  regex: `(?i).*(?:secret_?access_?key|aws_?secret(?:_?key)?)["']?\\s*(?:=>|=|:|,)\\s*["']?[A-Za-z0-9/+]{40}`,
  literals: ['secret_access_key', 'secretaccesskey', 'aws_secret', 'awssecret', 'secret-access-key', 'aws_session_token'],
  before: 0,
  behind: REST_OF_LINE,
  rank: 2,
  ownTextOnly: false,
  find(window) {
    const binding = /[\w-]{0,20}["'\]\\]{0,3}\s{0,8}(?:=>|={1,3}|:=|:|,|>)?\s{0,8}[\\"'`]{0,2}([A-Za-z0-9/+]{40,1000}={0,2})(?![A-Za-z0-9/+=])/dy;
    binding.lastIndex = window.end;
    const match = binding.exec(window.text);
    const value = match?.[1] ?? '';
    const long = /session/i.test(window.text.slice(window.at, window.end)) ? value.length > 100 : value.length === 40;
    if (!long || !isMixed(value) || entropy(value) < 3.7) return undefined;
    if (!window.strict && isExample(value)) return undefined;
    const [start, end] = match?.indices?.[1] ?? [0, 0];
    return { start, end };
  },
};

/** Docker's config.json: `"auth": "base64 of user:password"`, and identity tokens. */
const dockerAuth: SecretRule = {
  name: 'DOCKER_AUTH',
  title: 'Docker registry credential',
  regex: ORIGINAL_REGEXES.DOCKER_AUTH,
  literals: ['"auth"', '"identitytoken"', '"registrytoken"'],
  before: 0,
  behind: 4_096,
  rank: 3,
  ownTextOnly: false,
  find(window) {
    const value = /[ \t]{0,8}:\s{0,8}"([A-Za-z0-9+/=_.-]{8,4000})"/dy;
    value.lastIndex = window.end;
    const match = value.exec(window.text);
    const secret = match?.[1] ?? '';
    const isAuth = window.text.slice(window.at, window.end).toLowerCase() === '"auth"';
    const real = isAuth ? isBasicCredential(secret) : secret.length >= 20 && entropy(secret) > 3.5;
    if (match === null || !real) return undefined;
    const [start, end] = match.indices?.[1] ?? [0, 0];
    return { start, end };
  },
};

export const ORIGINAL_RULES: readonly SecretRule[] = [
  behindEquals('AWS_ACCESS_KEY', 'AWS access key ID', ['aws_access_key_id'], /(?<![A-Za-z0-9])[A-Za-z0-9]{20}(?![A-Za-z0-9])/g, (value) => isMixed(value) && entropy(value) > 2.5),
  behindEquals('AWS_SECRET_KEY', 'AWS secret access key', ['aws_secret_access_key'], /(?<![A-Za-z0-9/+])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/g, (value) => isMixed(value) && entropy(value) > 3.5),
  behindEquals('API_KEY', 'API key', ['api_key', 'api-key'], /(?<![A-Za-z0-9])[A-Za-z0-9]{20,60}(?![A-Za-z0-9])/g, (value) => isMixed(value) && entropy(value) > 3),
  awsKeyId,
  awsSecret,
  dockerAuth,
];

