import type { Database } from '../database.js';
import type { WebhookStore } from '../store.js';
import { text } from './values.js';

/** Whom an account wants told. */
export function webhooksIn(database: Database): WebhookStore {
  return {
    async webhooks(account) {
      return (await database.all('SELECT id, url, secret FROM webhooks WHERE account = ? ORDER BY id', account)).map((row) => ({ id: text(row['id']), url: text(row['url']), secret: text(row['secret']) }));
    },

    async addWebhook(account, { id, url, secret }) {
      await database.run('INSERT INTO webhooks (account, id, url, secret) VALUES (?, ?, ?, ?)', account, id, url, secret);
    },

    async deleteWebhook(account, id) {
      return await database.run('DELETE FROM webhooks WHERE account = ? AND id = ?', account, id) > 0;
    },
  };
}
