import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { InputError } from '../../errors.js';
import type { Database, Dialect, Row, Value } from './database.js';

export const SQLITE: Dialect = { blob: 'BLOB', bigint: 'INTEGER' };

/** An embedded database in one file, by node's own SQLite. @throws InputError where this node has none, or the file cannot be opened */
export async function openSqlite(path: string): Promise<Database> {
  const { DatabaseSync } = await import('node:sqlite').catch((error: unknown) => {
    throw new InputError(`This Node.js (${process.version}) has no SQLite. Use Node.js 22.13 or later, or a PostgreSQL database.`, { cause: error });
  });
  try {
    const database = new DatabaseSync(path);
    // what was acknowledged has reached the disk
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000;');
    return new Sqlite(database);
  } catch (error) {
    throw new InputError(`The database ${path} cannot be opened (${error instanceof Error ? error.message : 'unknown'}). Give a file in a folder that can be written.`, { cause: error });
  }
}

/** There is one connection, so whoever comes while a transaction is open waits: else its writes would be part of that, and undone with it. */
class Sqlite implements Database {
  private readonly database: DatabaseSync;
  private readonly inside: Database;
  private queue: Promise<unknown> = Promise.resolve();

  constructor(database: DatabaseSync) {
    this.database = database;
    this.inside = direct(database);
  }

  all(sql: string, ...parameters: readonly Value[]): Promise<readonly Row[]> {
    return this.inTurn(() => this.inside.all(sql, ...parameters));
  }

  run(sql: string, ...parameters: readonly Value[]): Promise<number> {
    return this.inTurn(() => this.inside.run(sql, ...parameters));
  }

  transaction<Result>(step: (inside: Database) => Promise<Result>): Promise<Result> {
    return this.inTurn(async () => {
      this.database.exec('BEGIN IMMEDIATE');
      try {
        const result = await step(this.inside);
        this.database.exec('COMMIT');
        return result;
      } catch (error) {
        this.database.exec('ROLLBACK');
        throw error;
      }
    });
  }

  close(): Promise<void> {
    return this.inTurn(async () => { this.database.close(); });
  }

  private inTurn<Result>(step: () => Promise<Result>): Promise<Result> {
    const turn = this.queue.then(step);
    this.queue = turn.catch(() => undefined);
    return turn;
  }
}

function direct(database: DatabaseSync): Database {
  const inside: Database = {
    all: async (sql, ...parameters) => database.prepare(sql).all(...(parameters as SQLInputValue[])) as Row[],
    run: async (sql, ...parameters) => Number(database.prepare(sql).run(...(parameters as SQLInputValue[])).changes),
    transaction: (step) => step(inside),
    close: async () => undefined,
  };
  return inside;
}
