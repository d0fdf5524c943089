import { entropy, isBasicCredential, isMixed, isPlaceholder, isReference } from '../checks.js';
import { isExample } from '../examples.js';
import type { SecretRule, Span, Window } from '../rule.js';

/** Longest user, password and host that are looked at. */
const LONGEST_AUTHORITY = 300;

/** Databases and queues: a password in their URL is a password, however weak. */
const DATABASES = /(?:postgres(?:ql)?|mysql2?|mariadb|mongodb(?:\+srv)?|rediss?|amqps?|mssql|sqlserver|oracle|clickhouse|cockroachdb|couchdb|neo4j(?:\+s)?|bolt|ldaps?|memcached|cassandra|nats|kafka|smtps?|imaps?|ftps?|sftp|ssh|snowflake|redshift|trino)(?:\+[a-z0-9]{1,20})?$/i;

/** Words that stand for a user and a password in every manual. */
const MANUAL = /^(?:user(?:name)?|usr|uname|me|foo|bob|alice|john|jane|admin|root|scott|login|myuser|my_user|dbuser|db_user|u|name|u(?:ser)?id)$/i;
const MANUAL_PASSWORD = /^(?:pass(?:word|wd)?|pwd|p|pw|foo|bar|tiger|secret|admin|root|guest|test|mypass(?:word)?|my_password|dbpass(?:word)?|db_password|letmein|hostname|port|123|1234|12345|123456|s3cr3t|s3cret|p@ss(?:w(?:or)?d)?)$/i;

/** `scheme://user:password@host`. */
const urlPassword: SecretRule = {
  name: 'URL_PASSWORD',
  title: 'Password in a URL or connection string',
  regex: `(?i).*[a-z][a-z0-9+.-]*://[^\\s/:@"'<>]*:[^\\s/@"'<>]+@[a-z0-9.\\[-]+`,
  literals: ['://'],
  before: 24,
  behind: LONGEST_AUTHORITY,
  rank: 2,
  ownTextOnly: false,
  find: findUrlPassword,
};

function findUrlPassword(window: Window): Span | undefined {
  const scheme = /[A-Za-z][A-Za-z0-9+.-]{1,22}$/.exec(window.text.slice(0, window.at))?.[0] ?? '';
  if (scheme === '') return undefined;
  const authority = /^([^\s/:@"'`<>{}$()|\\]{0,80}):([^\s/@"'`<>\\]{3,200})@([A-Za-z0-9._[-]{1,200})/.exec(window.text.slice(window.end));
  if (authority === null) return undefined;
  const [, user = '', password = '', host = ''] = authority;
  const start = window.end + user.length + 1;
  const span = { start, end: start + password.length };
  if (window.strict) return span;
  if (isPlaceholder(password) || isReference(password) || MANUAL_PASSWORD.test(password)) return undefined;
  if (/^(?:.*\.)?example\.(?:com|org|net)$|^host(?:name)?$|^server$|^my\.?/i.test(host)) return undefined;
  const database = DATABASES.test(scheme);
  if (!database && !/^(?:https?|git|svn|ws|wss|socks5?|s3)/i.test(scheme)) return undefined;
  if (MANUAL.test(user) && !isMixed(password) && password.length < 12) return undefined;
  if (window.place === 'vendored' || !database) return isMixed(password) && password.length >= 8 && entropy(password) > 2.5 && !isExample(password) ? span : undefined;
  return password.length >= 4 ? span : undefined;
}

/** `Server=…;Password=…;` as ADO.NET, ODBC and JDBC write it. */
const connectionString: SecretRule = {
  name: 'CONNECTION_STRING',
  title: 'Password in a connection string',
  regex: `(?i).*(?:server|data source|host|user id|uid|initial catalog|database)\\s*=[^;]+;.*(?:password|pwd)\\s*=[^;"']+`,
  literals: ['password=', 'pwd=', 'password ='],
  before: 300,
  behind: 120,
  rank: 2,
  ownTextOnly: true,
  find(window) {
    const line = /[^\n\r"'`<>]*$/.exec(window.text.slice(0, window.at))?.[0] ?? '';
    if (!/(?:server|data source|host|user id|uid|initial catalog|database|endpoint|driver)\s*=[^;]{1,200};/i.test(line) && !/jdbc:[a-z:]{3,40}\/\/\S{3,200}[?&;]/i.test(line)) return undefined;
    const value = /\s?([^;&\s"'`<>\\]{4,100})/y;
    value.lastIndex = window.end;
    const password = value.exec(window.text)?.[1] ?? '';
    if (password === '' || (!window.strict && (isPlaceholder(password) || isReference(password) || MANUAL_PASSWORD.test(password)))) return undefined;
    return { start: value.lastIndex - password.length, end: value.lastIndex };
  },
};

/** `Authorization: Basic …` and `Bearer …` written down. */
const authorization: SecretRule = {
  name: 'AUTHORIZATION_HEADER',
  title: 'Authorization header with its credential',
  regex: `(?i).*authorization["']?\\s*[:=,]\\s*["']?(?:basic|bearer|token)\\s+[A-Za-z0-9+/=_.~-]{16,}`,
  literals: ['authorization'],
  before: 0,
  behind: 600,
  rank: 2,
  ownTextOnly: true,
  find(window) {
    const expression = /["'\]]{0,2}\s{0,4}[:=,]\s{0,4}["'`]?(basic|bearer|token)\s{1,4}([A-Za-z0-9+/=_.~-]{16,500})/diy;
    expression.lastIndex = window.end;
    const match = expression.exec(window.text);
    const value = match?.[2] ?? '';
    const basic = match?.[1]?.toLowerCase() === 'basic';
    const real = basic ? isBasicCredential(value) : isMixed(value) && entropy(value) > 3.5 && !isPlaceholder(value) && !isExample(value);
    const [start, end] = match?.indices?.[2] ?? [0, 0];
    return match !== null && (real || window.strict) ? { start, end } : undefined;
  },
};

/** A password on a command line: `curl -u user:password`, `sshpass -p password`, `mysql -ppassword`. */
const commandLine: SecretRule = {
  name: 'COMMAND_LINE_PASSWORD',
  title: 'Password on a command line',
  regex: `.*(?:sshpass +-p *|curl .*(?:-u|--user)[ =]["']?[^ :"']+:|--password[= ]|docker login .*-p +)["']?[^\\s"']+`,
  literals: ['sshpass', 'curl ', '--password', 'docker login'],
  before: 0,
  behind: 400,
  rank: 2,
  ownTextOnly: true,
  find(window) {
    const name = window.text.slice(window.at, window.end).toLowerCase();
    const expression = COMMANDS[name];
    if (expression === undefined) return undefined;
    expression.lastIndex = window.end;
    const match = expression.exec(window.text);
    const value = match?.[1] ?? '';
    if (match === null || (!window.strict && (isPlaceholder(value) || isReference(value) || MANUAL_PASSWORD.test(value)))) return undefined;
    if (name === '--password' && !(isMixed(value) || /[^A-Za-z0-9_-]/.test(value))) return undefined;
    const [start, end] = match.indices?.[1] ?? [0, 0];
    return { start, end };
  },
};

const COMMANDS: Readonly<Record<string, RegExp>> = {
  'sshpass': /\s{1,4}-p\s{0,4}["']?([^\s"'$]{4,100})/dy,
  'curl ': /[^\n|;]{0,200}?(?<=\s)(?:-u|--user)[ =]?["']?[^\s:"'$]{1,60}:([^\s"'$]{4,100})/dy,
  '--password': /[= ]["']?([^\s"'$<>[\],()-][^\s"'$<>[\],()]{5,100})/dy,
  'docker login': /[^\n|;]{0,200}?\s(?:-p\s{0,2}|--password[= ])["']?([^\s"'$-][^\s"'$]{5,100})/dy,
};

export const CONNECTION_RULES: readonly SecretRule[] = [urlPassword, connectionString, authorization, commandLine];
