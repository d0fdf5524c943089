/** passwd(5), shadow(5), group(5): lines of fields between colons. Lines that are none are passed over: NIS's `+`, comments, blanks. */

export interface PasswdRow {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  readonly shell: string;
  /** The second field, as a word: the hash itself is kept nowhere. */
  readonly password: PasswordState;
}

export type PasswordState = 'empty' | 'in shadow' | 'locked' | 'set';

export interface ShadowRow {
  readonly name: string;
  readonly password: PasswordState;
  /** `md5`, `sha512`, `yescrypt` …; the empty string where there is no hash. */
  readonly algorithm: string;
}

export interface GroupRow {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
}

/** More accounts than any image has; a file of millions of lines is an attack on the report. */
const MAX_ACCOUNTS = 10_000;

function rows(text: string, fields: number): readonly (readonly string[])[] {
  return text
    .split('\n', MAX_ACCOUNTS)
    .map((line) => line.replace(/\r$/, '').split(':'))
    .filter((row) => row.length >= fields && row[0] !== '' && !/^[+#-]/.test(row[0] ?? ''));
}

/** Seven fields; rows whose ids are no numbers are passed over. */
export function parsePasswd(text: string): readonly PasswdRow[] {
  return rows(text, 7)
    .filter((row) => isNumber(row[2]) && isNumber(row[3]))
    .map(([name = '', password = '', uid, gid, , home = '', shell = '']) => ({ name, uid: Number(uid), gid: Number(gid), home, shell, password: password === 'x' ? 'in shadow' : stateOf(password) }));
}

/** Of each hash its algorithm, and whether there is one: the hash itself is kept nowhere. */
export function parseShadow(text: string): readonly ShadowRow[] {
  return rows(text, 2).map(([name = '', password = '']) => ({ name, password: stateOf(password), algorithm: algorithmOf(password) }));
}

/** Three fields, and the members if there are any. */
export function parseGroup(text: string): readonly GroupRow[] {
  return rows(text, 3)
    .filter((row) => isNumber(row[2]))
    .map(([name = '', , gid, members = '']) => ({ name, gid: Number(gid), members: members.split(',').filter((member) => member !== '') }));
}

function isNumber(field: string | undefined): boolean {
  return /^\d{1,10}$/.test(field ?? '');
}

/** `!…` and `*…` match no password; an empty field asks for none. */
function stateOf(password: string): PasswordState {
  if (password === '') return 'empty';
  return /^[!*]/.test(password) || password.length < 3 ? 'locked' : 'set';
}

/** Prefixes of crypt(5). */
const ALGORITHMS: readonly (readonly [string, string])[] = [
  ['$1$', 'md5'], ['$2', 'bcrypt'], ['$5$', 'sha256'], ['$6$', 'sha512'], ['$y$', 'yescrypt'], ['$gy$', 'gost-yescrypt'], ['$7$', 'scrypt'], ['$argon2', 'argon2'], ['_', 'bsdi-des'],
];

function algorithmOf(password: string): string {
  if (stateOf(password) !== 'set') return '';
  return ALGORITHMS.find(([prefix]) => password.startsWith(prefix))?.[1] ?? (password.length === 13 ? 'des' : 'unknown');
}
