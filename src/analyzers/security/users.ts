import type { Analyzer, ImageView, ReportSections } from '../analyzer.js';
import { parseGroup, parsePasswd, parseShadow } from './accounts.js';
import type { GroupRow, PasswdRow, ShadowRow } from './accounts.js';

export type UsersFact = { readonly passwd: readonly PasswdRow[] } | { readonly shadow: readonly ShadowRow[] } | { readonly group: readonly GroupRow[] };

const PARSERS: Readonly<Record<string, (text: string) => UsersFact>> = {
  'etc/passwd': (text) => ({ passwd: parsePasswd(text) }),
  'etc/shadow': (text) => ({ shadow: parseShadow(text) }),
  'etc/group': (text) => ({ group: parseGroup(text) }),
};

/** In bytes; ten thousand accounts are half of it. */
const MAX_FILE_BYTES = 2 * 1024 * 1024;

/** Shells that let nobody in. */
const NO_LOGIN = /\/(?:nologin|false|sync|shutdown|halt|true|git-shell)$/;

/** `users`: who may log in, and what is wrong with it. No hash of a password is kept. */
export function users(): Analyzer<UsersFact> {
  return {
    name: 'users',
    description: 'Accounts and groups: login shells, empty passwords, further accounts with uid 0.',
    version: 1,
    wants: ({ path }) => (Object.hasOwn(PARSERS, path) ? { limit: MAX_FILE_BYTES, beyond: 'problem' } : 'nothing'),
    analyze: (entry, bytes) => PARSERS[entry.path]?.(bytes.toString('utf8')),
    report: usersSections,
  };
}

function usersSections(view: ImageView<UsersFact>): ReportSections {
  const facts = [...view.facts()].map(({ fact }) => fact);
  const passwd = facts.flatMap((fact) => ('passwd' in fact ? fact.passwd : []));
  const shadow = new Map(facts.flatMap((fact) => ('shadow' in fact ? fact.shadow : [])).map((row) => [row.name, row]));
  const groups = facts.flatMap((fact) => ('group' in fact ? fact.group : []));
  const all = passwd.map((row) => [row.name, JSON.stringify(accountOf(row, shadow.get(row.name), groups))] as const);
  const wrong = passwd.map((row) => [row.name, weaknesses(row, shadow.get(row.name), passwd)] as const).filter(([, what]) => what.length > 0);
  return {
    users: {
      'users.all': Object.fromEntries(all),
      'groups.all': Object.fromEntries(groups.map(({ name, gid, members }) => [name, JSON.stringify({ gid, members })])),
      'users.weaknesses': Object.fromEntries(wrong.map(([name, what]) => [name, JSON.stringify(what)])),
    },
  };
}

function accountOf(row: PasswdRow, shadow: ShadowRow | undefined, groups: readonly GroupRow[]): Readonly<Record<string, unknown>> {
  const { uid, gid, home, shell } = row;
  return {
    uid,
    gid,
    home,
    shell,
    login: mayLogIn(row),
    password: row.password === 'in shadow' ? (shadow?.password ?? 'locked') : row.password,
    algorithm: shadow?.algorithm ?? '',
    groups: groups.filter(({ members }) => members.includes(row.name)).map(({ name }) => name),
  };
}

/** An empty shell is /bin/sh (passwd(5)). */
function mayLogIn({ shell }: PasswdRow): boolean {
  return !NO_LOGIN.test(shell);
}

function weaknesses(row: PasswdRow, shadow: ShadowRow | undefined, all: readonly PasswdRow[]): readonly string[] {
  const empty = row.password === 'empty' || (row.password === 'in shadow' && shadow?.password === 'empty');
  const first = all.find(({ uid }) => uid === row.uid);
  return [
    ...(empty ? ['empty password'] : []),
    ...(row.password === 'set' ? ['password hash in /etc/passwd, which everybody may read'] : []),
    ...(shadow !== undefined && /^(?:des|bsdi-des|md5)$/.test(shadow.algorithm) ? [`password hash of ${shadow.algorithm}`] : []),
    ...(row.uid === 0 && row.name !== 'root' ? ['uid 0 beside root'] : []),
    ...(row.uid !== 0 && first !== undefined && first.name !== row.name ? [`uid ${row.uid} of ${first.name} too`] : []),
    ...(all.filter(({ name }) => name === row.name).length > 1 ? ['listed twice'] : []),
  ];
}
