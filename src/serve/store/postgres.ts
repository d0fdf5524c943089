import { setTimeout as delay } from 'node:timers/promises';
import type { Pool, PoolClient, QueryResult } from 'pg';
import { InputError } from '../../errors.js';
import { storable, StoreBusy, type Database, type Dialect, type Row, type Value } from './database.js';

/** The number is any, and ours: all replicas lock the same. */
export const POSTGRES: Dialect = { blob: 'BYTEA', bigint: 'BIGINT', lock: 'SELECT pg_advisory_xact_lock(7483211)' };

/** Another transaction was in the way (serialization, deadlock, a key that it has just added or removed): what it did is seen by a second try. */
const IN_THE_WAY = new Set(['40001', '40P01', '23505', '23503']);
const MOST_TRIES = 12;
/** Milliseconds, times the attempt, that it waits at most: two that meet shall not meet again. */
const PAUSE = 10;

/** Milliseconds to wait for a connection. */
const CONNECTION_TIMEOUT = 10_000;

/** A PostgreSQL, for more than one replica. @throws InputError where it cannot be reached */
export async function openPostgres(url: string): Promise<Database> {
  const { default: pg } = await import('pg');
  // numbers of eight bytes come as text, since JavaScript's are smaller; ours fit
  pg.types.setTypeParser(pg.types.builtins.INT8, Number);
  const pool = new pg.Pool({ connectionString: url, max: 10, connectionTimeoutMillis: CONNECTION_TIMEOUT });
  // a connection that is lost while it is idle is opened again at the next question
  pool.on('error', () => undefined);
  await pool.query('SELECT 1').catch(async (error: unknown) => {
    await pool.end();
    throw new InputError(`The PostgreSQL database cannot be reached (${error instanceof Error ? error.message : 'unknown'}). Check the connection string and that it runs.`, { cause: error });
  });
  return new Postgres(pool);
}

class Postgres implements Database {
  private readonly pool: Pool;

  constructor(pool: Pool) {
    this.pool = pool;
  }

  async all(sql: string, ...parameters: readonly Value[]): Promise<readonly Row[]> {
    return (await query(this.pool, sql, parameters)).rows as Row[];
  }

  async run(sql: string, ...parameters: readonly Value[]): Promise<number> {
    return (await query(this.pool, sql, parameters)).rowCount ?? 0;
  }

  async transaction<Result>(step: (inside: Database) => Promise<Result>): Promise<Result> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.attempt(step);
      } catch (error) {
        if (attempt === MOST_TRIES || !IN_THE_WAY.has(codeOf(error))) throw error;
        await delay(Math.random() * PAUSE * attempt);
      }
    }
  }

  private async attempt<Result>(step: (inside: Database) => Promise<Result>): Promise<Result> {
    const client = await this.pool.connect().catch((error: unknown) => { throw busyOr(error); });
    // a connection that breaks says so to whoever asks next, and as an event besides
    const ignore = (): void => undefined;
    client.on('error', ignore);
    try {
      await query(client, 'BEGIN', []);
      const result = await step(inside(client));
      await query(client, 'COMMIT', []);
      return result;
    } catch (error) {
      await client.query('ROLLBACK').catch(() => undefined);
      throw error;
    } finally {
      client.off('error', ignore);
      client.release();
    }
  }

  async close(): Promise<void> {
    await this.pool.end();
  }
}

function inside(client: PoolClient): Database {
  const database: Database = {
    all: async (sql, ...parameters) => (await query(client, sql, parameters)).rows as Row[],
    run: async (sql, ...parameters) => (await query(client, sql, parameters)).rowCount ?? 0,
    transaction: (step) => step(database),
    close: async () => undefined,
  };
  return database;
}

/** PostgreSQL counts its parameters. */
async function query(client: Pool | PoolClient, sql: string, parameters: readonly Value[]): Promise<QueryResult> {
  let count = 0;
  const values = parameters.map((value) => value instanceof Uint8Array ? Buffer.from(value) : storable(value));
  try {
    return await client.query(sql.replace(/\?/g, () => `$${++count}`), values);
  } catch (error) {
    throw busyOr(error);
  }
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

/** Classes 08 (connection), 53 (resources) and 57P (shutdown), no answer at all, or a pool that waits in vain. */
function busyOr(error: unknown): unknown {
  const code = codeOf(error);
  const isAway = /^(?:08|53|57P|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_)/.test(code) || (code === '' && error instanceof Error && /connection|timeout/i.test(error.message));
  return isAway ? new StoreBusy(error) : error;
}
