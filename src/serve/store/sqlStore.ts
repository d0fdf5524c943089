import { unpack } from '../work/packed.js';
import type { Database, Row, Value } from './database.js';
import type { Account, EvaluationRow, ImageFilter, Progress, Store, StoredEvaluation, StoredImage, StoredPolicy, StoredToken, Webhook } from './store.js';

/** The store over a database of rows; what is large comes compressed, and is kept so. */
export class SqlStore implements Store {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  async accountOf(tokenHash: string): Promise<Account | undefined> {
    const [row] = await this.database.all('SELECT account, role FROM tokens WHERE hash = ?', tokenHash);
    return row === undefined ? undefined : accountRow(row);
  }

  async addToken({ name, role }: Account, tokenHash: string, at: number): Promise<void> {
    await this.database.run('INSERT INTO tokens (hash, account, role, created_at) VALUES (?, ?, ?, ?) ON CONFLICT (hash) DO UPDATE SET account = excluded.account, role = excluded.role', tokenHash, name, role, at);
  }

  async tokens(account: string | undefined): Promise<readonly StoredToken[]> {
    const rows = await this.database.all('SELECT hash, account, role, created_at FROM tokens WHERE account = ? OR ? = 1 ORDER BY created_at, hash', account ?? '', account === undefined ? 1 : 0);
    return rows.map((row) => ({ ...accountRow(row), id: text(row['hash']).slice(0, TOKEN_ID), createdAt: Number(row['created_at']) }));
  }

  async deleteToken(id: string, account: string | undefined): Promise<boolean> {
    if (!/^[0-9a-f]+$/.test(id) || id.length !== TOKEN_ID) return false;
    return await this.database.run('DELETE FROM tokens WHERE hash LIKE ? AND (account = ? OR ? = 1)', `${id}%`, account ?? '', account === undefined ? 1 : 0) > 0;
  }

  async addSession(hash: string, tokenHash: string, expiresAt: number): Promise<void> {
    await this.database.run('INSERT INTO sessions (hash, token_hash, expires_at) VALUES (?, ?, ?)', hash, tokenHash, expiresAt);
  }

  async session(hash: string, now: number): Promise<Account | undefined> {
    const [row] = await this.database.all('SELECT account, role FROM tokens JOIN sessions ON sessions.token_hash = tokens.hash WHERE sessions.hash = ? AND expires_at > ?', hash, now);
    return row === undefined ? undefined : accountRow(row);
  }

  async deleteSession(hash: string, now: number): Promise<void> {
    await this.database.run('DELETE FROM sessions WHERE hash = ? OR expires_at <= ?', hash, now);
  }

  async addImage(account: string, image: StoredImage, report: Uint8Array): Promise<boolean> {
    return this.database.transaction(async (inside) => {
      const added = await inside.run(
        'INSERT INTO images (account, digest, image_id, analyzed_at, distro, size_bytes, report) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (account, digest) DO NOTHING',
        account, image.digest, image.imageId, image.analyzedAt, image.distro, image.sizeBytes, report,
      );
      for (const name of added === 1 ? image.names : []) await insertName(inside, account, image.digest, name, image.analyzedAt);
      return added === 1;
    });
  }

  async addName(account: string, digest: string, name: string): Promise<boolean> {
    return this.database.transaction(async (inside) => {
      const [image] = await inside.all('SELECT digest FROM images WHERE account = ? AND digest = ?', account, digest);
      if (image === undefined) return false;
      await insertName(inside, account, digest, name, Date.now());
      return true;
    });
  }

  async image(account: string, digestOrId: string): Promise<StoredImage | undefined> {
    const [row] = await this.database.all(`SELECT ${IMAGE} FROM images WHERE account = ? AND (digest = ? OR image_id = ?) ORDER BY analyzed_at DESC LIMIT 1`, account, digestOrId, digestOrId);
    return row === undefined ? undefined : this.withNames(account, row);
  }

  async images(account: string, { text: part, limit, offset }: ImageFilter): Promise<readonly StoredImage[]> {
    const like = `%${part.replace(/[\\%_]/g, (letter) => `\\${letter}`)}%`;
    const rows = await this.database.all(
      `SELECT ${IMAGE} FROM images WHERE account = ? AND (digest LIKE ? ESCAPE '\\' OR image_id LIKE ? ESCAPE '\\'
         OR EXISTS (SELECT 1 FROM names WHERE names.account = images.account AND names.digest = images.digest AND names.name LIKE ? ESCAPE '\\'))
       ORDER BY analyzed_at DESC, digest LIMIT ? OFFSET ?`,
      account, like, like, like, limit, offset,
    );
    return Promise.all(rows.map((row) => this.withNames(account, row)));
  }

  async report(account: string, digest: string): Promise<Uint8Array | undefined> {
    const [row] = await this.database.all('SELECT report FROM images WHERE account = ? AND digest = ?', account, digest);
    return row === undefined ? undefined : bytes(row['report']);
  }

  async deleteImage(account: string, digest: string): Promise<boolean> {
    return await this.database.run('DELETE FROM images WHERE account = ? AND digest = ?', account, digest) > 0;
  }

  async digests(account: string): Promise<readonly string[]> {
    return (await this.database.all('SELECT digest FROM images WHERE account = ? ORDER BY analyzed_at, digest', account)).map((row) => text(row['digest']));
  }

  async addEvaluation(account: string, evaluation: EvaluationRow, body: Uint8Array, vulnerabilities: readonly string[]): Promise<boolean> {
    const { digest, name, evaluatedAt, policyId, verdict, status, stops, warnings } = evaluation;
    return this.database.transaction(async (inside) => {
      const [image] = await inside.all('SELECT digest FROM images WHERE account = ? AND digest = ?', account, digest);
      if (image === undefined) return false;
      await inside.run(
        `INSERT INTO evaluations (account, digest, name, evaluated_at, policy_id, verdict, status, stops, warnings, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (account, digest, name, evaluated_at) DO UPDATE SET body = excluded.body, verdict = excluded.verdict, status = excluded.status,
           stops = excluded.stops, warnings = excluded.warnings, policy_id = excluded.policy_id`,
        account, digest, name, evaluatedAt, policyId, verdict, status, stops, warnings, body,
      );
      await inside.run('DELETE FROM hits WHERE account = ? AND digest = ? AND name = ?', account, digest, name);
      for (const some of inLots([...new Set(vulnerabilities)])) {
        const values = some.map(() => '(?, ?, ?, ?)').join(', ');
        await inside.run(`INSERT INTO hits (account, digest, name, vulnerability) VALUES ${values} ON CONFLICT DO NOTHING`, ...some.flatMap((vulnerability) => [account, digest, name, vulnerability]));
      }
      return true;
    });
  }

  async evaluation(account: string, digest: string, name: string): Promise<StoredEvaluation | undefined> {
    const [row] = await this.database.all(`SELECT ${EVALUATION}, body FROM evaluations WHERE account = ? AND digest = ? AND name = ? ORDER BY evaluated_at DESC LIMIT 1`, account, digest, name);
    return row === undefined ? undefined : { ...evaluationRow(row), text: await unpack(bytes(row['body'])) };
  }

  async latest(account: string, digest: string, name: string): Promise<EvaluationRow | undefined> {
    return (await this.database.all(`SELECT ${EVALUATION} FROM evaluations WHERE account = ? AND digest = ? AND name = ? ORDER BY evaluated_at DESC LIMIT 1`, account, digest, name)).map(evaluationRow)[0];
  }

  async history(account: string, digest: string, limit: number): Promise<readonly EvaluationRow[]> {
    return (await this.database.all(`SELECT ${EVALUATION} FROM evaluations WHERE account = ? AND digest = ? ORDER BY evaluated_at DESC LIMIT ?`, account, digest, limit)).map(evaluationRow);
  }

  async imagesWith(account: string, vulnerability: string): Promise<readonly { readonly digest: string; readonly name: string }[]> {
    const rows = await this.database.all('SELECT digest, name FROM hits WHERE account = ? AND vulnerability = ? ORDER BY name, digest', account, vulnerability);
    return rows.map((row) => ({ digest: text(row['digest']), name: text(row['name']) }));
  }

  addPolicy(account: string, { id, name, text: body }: { readonly id: string; readonly name: string; readonly text: string }, at: number): Promise<number> {
    return this.database.transaction(async (inside) => {
      const [last] = await inside.all('SELECT MAX(version) AS version FROM policies WHERE account = ? AND id = ?', account, id);
      const [active] = await inside.all('SELECT id FROM policies WHERE account = ? AND active = 1', account);
      const version = Number(last?.['version'] ?? 0) + 1;
      const wasActive = active === undefined || active['id'] === id;
      if (wasActive) await inside.run('UPDATE policies SET active = 0 WHERE account = ?', account);
      await inside.run('INSERT INTO policies (account, id, version, name, active, created_at, body) VALUES (?, ?, ?, ?, ?, ?, ?)', account, id, version, name, wasActive ? 1 : 0, at, body);
      return version;
    });
  }

  async policies(account: string): Promise<readonly StoredPolicy[]> {
    return (await this.database.all('SELECT id, version, name, active, created_at, body FROM policies WHERE account = ? ORDER BY id, version', account)).map(policyRow);
  }

  async activePolicy(account: string): Promise<StoredPolicy | undefined> {
    return (await this.database.all('SELECT id, version, name, active, created_at, body FROM policies WHERE account = ? AND active = 1 ORDER BY version DESC LIMIT 1', account)).map(policyRow)[0];
  }

  activatePolicy(account: string, id: string): Promise<boolean> {
    return this.database.transaction(async (inside) => {
      const [latest] = await inside.all('SELECT MAX(version) AS version FROM policies WHERE account = ? AND id = ?', account, id);
      if (latest === undefined || latest['version'] === null) return false;
      await inside.run('UPDATE policies SET active = 0 WHERE account = ?', account);
      return await inside.run('UPDATE policies SET active = 1 WHERE account = ? AND id = ? AND version = ?', account, id, Number(latest['version'])) === 1;
    });
  }

  async deletePolicy(account: string, id: string): Promise<boolean> {
    return await this.database.run('DELETE FROM policies WHERE account = ? AND id = ? AND NOT EXISTS (SELECT 1 FROM policies AS other WHERE other.account = ? AND other.id = ? AND other.active = 1)', account, id, account, id) > 0;
  }

  async webhooks(account: string): Promise<readonly Webhook[]> {
    return (await this.database.all('SELECT id, url, secret FROM webhooks WHERE account = ? ORDER BY id', account)).map((row) => ({ id: text(row['id']), url: text(row['url']), secret: text(row['secret']) }));
  }

  async addWebhook(account: string, { id, url, secret }: Webhook): Promise<void> {
    await this.database.run('INSERT INTO webhooks (account, id, url, secret) VALUES (?, ?, ?, ?)', account, id, url, secret);
  }

  async deleteWebhook(account: string, id: string): Promise<boolean> {
    return await this.database.run('DELETE FROM webhooks WHERE account = ? AND id = ?', account, id) > 0;
  }

  async progress(account: string): Promise<Progress | undefined> {
    const [row] = await this.database.all('SELECT total, done, failed, changed, started_at, updated_at, finished_at FROM progress WHERE account = ?', account);
    const number = (name: string): number => Number(row?.[name] ?? 0);
    return row === undefined ? undefined : {
      total: number('total'), done: number('done'), failed: number('failed'), changed: number('changed'),
      startedAt: number('started_at'), updatedAt: number('updated_at'), finishedAt: row['finished_at'] === null ? undefined : number('finished_at'),
    };
  }

  async setProgress(account: string, { total, done, failed, changed, startedAt, updatedAt, finishedAt }: Progress): Promise<void> {
    await this.database.run(
      `INSERT INTO progress (account, total, done, failed, changed, started_at, updated_at, finished_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (account) DO UPDATE SET total = excluded.total, done = excluded.done, failed = excluded.failed, changed = excluded.changed,
         started_at = excluded.started_at, updated_at = excluded.updated_at, finished_at = excluded.finished_at`,
      account, total, done, failed, changed, startedAt, updatedAt, finishedAt ?? null,
    );
  }

  async ping(): Promise<void> {
    await this.database.all('SELECT 1 AS one');
  }

  close(): Promise<void> {
    return this.database.close();
  }

  private async withNames(account: string, row: Row): Promise<StoredImage> {
    const digest = text(row['digest']);
    const names = await this.database.all('SELECT name FROM names WHERE account = ? AND digest = ? ORDER BY given_at, name', account, digest);
    return {
      digest, imageId: text(row['image_id']), names: names.map((one) => text(one['name'])),
      analyzedAt: Number(row['analyzed_at']), distro: text(row['distro']), sizeBytes: Number(row['size_bytes']),
    };
  }
}

const IMAGE = 'digest, image_id, analyzed_at, distro, size_bytes';
const EVALUATION = 'digest, name, policy_id, evaluated_at, verdict, status, stops, warnings';

/** Rows that one statement inserts: a network is asked once for them. */
const LOT = 200;

function inLots(values: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(values.length / LOT) }, (_, lot) => values.slice(lot * LOT, (lot + 1) * LOT));
}

async function insertName(database: Database, account: string, digest: string, name: string, at: number): Promise<void> {
  await database.run('INSERT INTO names (account, digest, name, given_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING', account, digest, name, at);
}

/** Hex digits of a token's hash that name it. */
const TOKEN_ID = 12;

function accountRow(row: Row): Account {
  return { name: text(row['account']), role: row['role'] === 'read' ? 'read' : 'scan' };
}

function evaluationRow(row: Row): EvaluationRow {
  return {
    digest: text(row['digest']), name: text(row['name']), policyId: text(row['policy_id']), evaluatedAt: Number(row['evaluated_at']),
    verdict: text(row['verdict']), status: text(row['status']), stops: Number(row['stops']), warnings: Number(row['warnings']),
  };
}

function policyRow(row: Row): StoredPolicy {
  return { id: text(row['id']), version: Number(row['version']), name: text(row['name']), active: Number(row['active']) === 1, createdAt: Number(row['created_at']), text: text(row['body']) };
}

function text(value: Value | undefined): string {
  return typeof value === 'string' ? value : '';
}

function bytes(value: Value | undefined): Uint8Array {
  return value instanceof Uint8Array ? value : new Uint8Array();
}
