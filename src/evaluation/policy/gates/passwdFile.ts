import { fires, gate, locate, notEvaluated, trigger, type Outcome, type RuleContext, type Scan } from '../gate.js';
import { INTEGERS, LIST, required, STRING } from '../parameter.js';

const PASSWD = '/etc/passwd';

/** An account: the fields of its line, and the line. */
interface Account {
  readonly fields: readonly string[];
  readonly entry: string;
  /** From 1. */
  readonly line: number;
}

/** null where the report has no content of the file; a later account of the same name takes the place of an earlier one. */
type Prepared = readonly Account[] | null;

function readAccounts(content: Buffer | undefined): Prepared {
  if (content === undefined) return null;
  const accounts = new Map<string, Account>();
  content.toString('utf8').split(/\r?\n/).forEach((entry, index) => {
    const text = entry.trim();
    if (text !== '') accounts.set(text.split(':')[0] as string, { fields: text.split(':'), entry: text, line: index + 1 });
  });
  return [...accounts.values()];
}

/** Fires for each account that `describe` says something about. */
function perAccount(accounts: Prepared, { scan }: RuleContext, describe: (account: Account) => string | undefined): Outcome {
  if (accounts === null) return silence(scan);
  return fires(accounts.flatMap((account) => {
    const what = describe(account);
    if (what === undefined) return [];
    const message = `Blacklisted ${what} found in image's /etc/passwd: pentry=${account.entry}`;
    return [{ message, location: locate(scan, PASSWD, scan.image.layerOf(PASSWD), account.line) }];
  }));
}

/** An image without the file has no accounts; one whose file was not retrieved may have any. */
function silence(scan: Scan): Outcome {
  return scan.image.files.has(PASSWD) ? notEvaluated('the report does not hold the content of /etc/passwd') : fires([]);
}

const DEVIATION = 'Blank lines and NIS lines (+) are tolerated; a file that exists but was not retrieved is reported as not evaluated.';

export const passwdFile = gate<Prepared>({
  name: 'passwd_file',
  description: 'The accounts in /etc/passwd: names, ids, groups, shells and whole entries.',
  prepare: ({ image }) => readAccounts(image.retrieved.get(PASSWD)),
  triggers: [
    trigger({
      name: 'content_not_available',
      description: 'Fires if the report does not hold the content of /etc/passwd.',
      parameters: {},
      evaluate: (accounts: Prepared) => fires(
        accounts === null ? [{ message: 'Cannot locate /etc/passwd in image stored files archive: check analyzer settings.' }] : [],
      ),
    }),
    trigger({
      name: 'blacklist_usernames',
      aliases: ['denylist_usernames'],
      description: 'Fires for each account with one of the names.',
      parameters: { user_names: required(LIST, { aliases: ['usernameblacklist'], description: 'Names of accounts.', example: 'daemon,ftp' }) },
      deviations: [DEVIATION],
      evaluate: (accounts: Prepared, { user_names: names }, context) => perAccount(accounts, context, ({ fields: [name] }) => (
        name !== undefined && names.includes(name) ? `user '${name}'` : undefined
      )),
    }),
    trigger({
      name: 'blacklist_userids',
      aliases: ['denylist_userids'],
      description: 'Fires for each account with one of the user ids; 0 is root.',
      parameters: { user_ids: required(INTEGERS, { aliases: ['useridblacklist'], description: 'User ids.', example: '0,1' }) },
      deviations: [DEVIATION],
      evaluate: (accounts: Prepared, { user_ids: ids }, context) => perAccount(accounts, context, ({ fields: [, , id] }) => (
        isOneOf(id, ids) ? `uid '${id}'` : undefined
      )),
    }),
    trigger({
      name: 'blacklist_groupids',
      aliases: ['denylist_groupids'],
      description: 'Fires for each account with one of the ids as its primary group.',
      parameters: { group_ids: required(INTEGERS, { description: 'Group ids.', example: '999,20' }) },
      deviations: [DEVIATION],
      evaluate: (accounts: Prepared, { group_ids: ids }, context) => perAccount(accounts, context, ({ fields: [, , , id] }) => (
        isOneOf(id, ids) ? `gid '${id}'` : undefined
      )),
    }),
    trigger({
      name: 'blacklist_shells',
      aliases: ['denylist_shells', 'shellmatch'],
      description: 'Fires for each account with one of the login shells.',
      parameters: { shells: required(LIST, { description: 'Paths of shells.', example: '/bin/bash,/bin/zsh' }) },
      deviations: [DEVIATION],
      evaluate: (accounts: Prepared, { shells }, context) => perAccount(accounts, context, ({ fields: [, , , , , , shell] }) => (
        shell !== undefined && shells.includes(shell) ? `shell '${shell}'` : undefined
      )),
    }),
    trigger({
      name: 'blacklist_full_entry',
      aliases: ['denylist_full_entry'],
      description: 'Fires if a whole line is there.',
      parameters: { entry: required(STRING, { description: 'The line.', example: 'ftp:x:14:50:FTP User:/var/ftp:/sbin/nologin' }) },
      deviations: [DEVIATION],
      evaluate: (accounts: Prepared, { entry }, context) => perAccount(accounts, context, (account) => (
        account.entry === entry.trim() ? `pentry '${account.entry}'` : undefined
      )),
    }),
  ],
});

function isOneOf(id: string | undefined, ids: readonly number[]): boolean {
  return id !== undefined && /^\d+$/.test(id) && ids.includes(Number(id));
}
