import type { Database, Row } from '../database.js';
import type { ImageStore, StoredImage } from '../store.js';
import { bytes, text } from './values.js';

const IMAGE = 'digest, image_id, analyzed_at, distro, size_bytes';

/** Images with their names and reports. */
export function imagesIn(database: Database): ImageStore {
  return {
    async addImage(account, image, report) {
      return database.transaction(async (inside) => {
        const added = await inside.run(
          'INSERT INTO images (account, digest, image_id, analyzed_at, distro, size_bytes, report) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (account, digest) DO NOTHING',
          account, image.digest, image.imageId, image.analyzedAt, image.distro, image.sizeBytes, report,
        );
        for (const name of added === 1 ? image.names : []) await insertName(inside, account, image.digest, name, image.analyzedAt);
        return added === 1;
      });
    },

    async addName(account, digest, name) {
      return database.transaction(async (inside) => {
        const [image] = await inside.all('SELECT digest FROM images WHERE account = ? AND digest = ?', account, digest);
        if (image === undefined) return false;
        await insertName(inside, account, digest, name, Date.now());
        return true;
      });
    },

    async image(account, digestOrId) {
      const [row] = await database.all(`SELECT ${IMAGE} FROM images WHERE account = ? AND (digest = ? OR image_id = ?) ORDER BY analyzed_at DESC LIMIT 1`, account, digestOrId, digestOrId);
      return row === undefined ? undefined : withNames(database, account, row);
    },

    async images(account, { text: part, limit, offset }) {
      const like = `%${part.replace(/[\\%_]/g, (letter) => `\\${letter}`)}%`;
      const rows = await database.all(
        `SELECT ${IMAGE} FROM images WHERE account = ? AND (digest LIKE ? ESCAPE '\\' OR image_id LIKE ? ESCAPE '\\'
           OR EXISTS (SELECT 1 FROM names WHERE names.account = images.account AND names.digest = images.digest AND names.name LIKE ? ESCAPE '\\'))
         ORDER BY analyzed_at DESC, digest LIMIT ? OFFSET ?`,
        account, like, like, like, limit, offset,
      );
      return Promise.all(rows.map((row) => withNames(database, account, row)));
    },

    async report(account, digest) {
      const [row] = await database.all('SELECT report FROM images WHERE account = ? AND digest = ?', account, digest);
      return row === undefined ? undefined : bytes(row['report']);
    },

    async deleteImage(account, digest) {
      return await database.run('DELETE FROM images WHERE account = ? AND digest = ?', account, digest) > 0;
    },

    async digests(account) {
      return (await database.all('SELECT digest FROM images WHERE account = ? ORDER BY analyzed_at, digest', account)).map((row) => text(row['digest']));
    },
  };
}

async function withNames(database: Database, account: string, row: Row): Promise<StoredImage> {
  const digest = text(row['digest']);
  const names = await database.all('SELECT name FROM names WHERE account = ? AND digest = ? ORDER BY given_at, name', account, digest);
  return {
    digest, imageId: text(row['image_id']), names: names.map((one) => text(one['name'])),
    analyzedAt: Number(row['analyzed_at']), distro: text(row['distro']), sizeBytes: Number(row['size_bytes']),
  };
}

async function insertName(database: Database, account: string, digest: string, name: string, at: number): Promise<void> {
  await database.run('INSERT INTO names (account, digest, name, given_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING', account, digest, name, at);
}
