import type { Pool, PoolClient, QueryResult } from 'pg';
import { InputError } from '../../errors.js';
import type { Database, Dialect, Row, Value } from './database.js';

export const POSTGRES: Dialect = { blob: 'BYTEA', bigint: 'BIGINT' };

/** A PostgreSQL, for more than one replica. @throws InputError where it cannot be reached */
export async function openPostgres(url: string): Promise<Database> {
  const { default: pg } = await import('pg');
  // numbers of eight bytes come as text, since JavaScript's are smaller; ours fit
  pg.types.setTypeParser(pg.types.builtins.INT8, Number);
  const pool = new pg.Pool({ connectionString: url, max: 10 });
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
    const client = await this.pool.connect();
    try {
      await client.query('BEGIN');
      const result = await step(inside(client));
      await client.query('COMMIT');
      return result;
    } catch (error) {
      await client.query('ROLLBACK').catch(() => undefined);
      throw error;
    } finally {
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
function query(client: Pool | PoolClient, sql: string, parameters: readonly Value[]): Promise<QueryResult> {
  let count = 0;
  return client.query(sql.replace(/\?/g, () => `$${++count}`), parameters.map((value) => value instanceof Uint8Array ? Buffer.from(value) : value));
}
