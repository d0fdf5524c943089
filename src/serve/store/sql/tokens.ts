import type { Database, Row } from '../database.js';
import type { Account, TokenStore } from '../store.js';
import { text } from './values.js';

/** Hex digits of a token's hash that name it. */
const TOKEN_ID = 12;

/** Tokens, and the sessions that are begun with them. */
export function tokensIn(database: Database): TokenStore {
  return {
    async accountOf(tokenHash) {
      const [row] = await database.all('SELECT account, role FROM tokens WHERE hash = ?', tokenHash);
      return row === undefined ? undefined : accountRow(row);
    },

    async addToken({ name, role }, tokenHash, at) {
      await database.run('INSERT INTO tokens (hash, account, role, created_at) VALUES (?, ?, ?, ?) ON CONFLICT (hash) DO UPDATE SET account = excluded.account, role = excluded.role', tokenHash, name, role, at);
    },

    async tokens(account) {
      const rows = await database.all('SELECT hash, account, role, created_at FROM tokens WHERE account = ? OR ? = 1 ORDER BY created_at, hash', account ?? '', account === undefined ? 1 : 0);
      return rows.map((row) => ({ ...accountRow(row), id: text(row['hash']).slice(0, TOKEN_ID), createdAt: Number(row['created_at']) }));
    },

    async deleteToken(id, account) {
      if (!/^[0-9a-f]+$/.test(id) || id.length !== TOKEN_ID) return false;
      return await database.run('DELETE FROM tokens WHERE hash LIKE ? AND (account = ? OR ? = 1)', `${id}%`, account ?? '', account === undefined ? 1 : 0) > 0;
    },

    async addSession(hash, tokenHash, expiresAt) {
      await database.run('INSERT INTO sessions (hash, token_hash, expires_at) VALUES (?, ?, ?)', hash, tokenHash, expiresAt);
    },

    async session(hash, now) {
      const [row] = await database.all('SELECT account, role FROM tokens JOIN sessions ON sessions.token_hash = tokens.hash WHERE sessions.hash = ? AND expires_at > ?', hash, now);
      return row === undefined ? undefined : accountRow(row);
    },

    async deleteSession(hash, now) {
      await database.run('DELETE FROM sessions WHERE hash = ? OR expires_at <= ?', hash, now);
    },
  };
}

function accountRow(row: Row): Account {
  return { name: text(row['account']), role: row['role'] === 'read' ? 'read' : 'scan' };
}
