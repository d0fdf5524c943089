import type { Database, Row } from '../database.js';
import type { PolicyStore, StoredPolicy } from '../store.js';
import { text } from './values.js';

const POLICY = 'id, version, name, active, created_at, body';

/** Policies in all their versions; of each account one is active. */
export function policiesIn(database: Database): PolicyStore {
  return {
    addPolicy(account, { id, name, text: body }, at) {
      return database.transaction(async (inside) => {
        const [last] = await inside.all('SELECT MAX(version) AS version FROM policies WHERE account = ? AND id = ?', account, id);
        const [active] = await inside.all('SELECT id FROM policies WHERE account = ? AND active = 1', account);
        const version = Number(last?.['version'] ?? 0) + 1;
        const wasActive = active === undefined || active['id'] === id;
        if (wasActive) await inside.run('UPDATE policies SET active = 0 WHERE account = ?', account);
        await inside.run('INSERT INTO policies (account, id, version, name, active, created_at, body) VALUES (?, ?, ?, ?, ?, ?, ?)', account, id, version, name, wasActive ? 1 : 0, at, body);
        return version;
      });
    },

    async policies(account) {
      return (await database.all(`SELECT ${POLICY} FROM policies WHERE account = ? ORDER BY id, version`, account)).map(policyRow);
    },

    async activePolicy(account) {
      return (await database.all(`SELECT ${POLICY} FROM policies WHERE account = ? AND active = 1 ORDER BY version DESC LIMIT 1`, account)).map(policyRow)[0];
    },

    activatePolicy(account, id) {
      return database.transaction(async (inside) => {
        const [latest] = await inside.all('SELECT MAX(version) AS version FROM policies WHERE account = ? AND id = ?', account, id);
        if (latest === undefined || latest['version'] === null) return false;
        await inside.run('UPDATE policies SET active = 0 WHERE account = ?', account);
        return await inside.run('UPDATE policies SET active = 1 WHERE account = ? AND id = ? AND version = ?', account, id, Number(latest['version'])) === 1;
      });
    },

    async deletePolicy(account, id) {
      return await database.run('DELETE FROM policies WHERE account = ? AND id = ? AND NOT EXISTS (SELECT 1 FROM policies AS other WHERE other.account = ? AND other.id = ? AND other.active = 1)', account, id, account, id) > 0;
    },
  };
}

function policyRow(row: Row): StoredPolicy {
  return { id: text(row['id']), version: Number(row['version']), name: text(row['name']), active: Number(row['active']) === 1, createdAt: Number(row['created_at']), text: text(row['body']) };
}
