import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { closeSync, openSync } from 'node:fs';
import { InputError } from '../../errors.js';
import { storable, StoreBusy, type Database, type Dialect, type Row, type Value } from './database.js';

export const SQLITE: Dialect = { blob: 'BLOB', bigint: 'INTEGER', lock: '' };

/** Another process may write to the file too: milliseconds that it is waited for. Everything else of this process waits as well. */
const BUSY_TIMEOUT = 2000;

/** SQLITE_BUSY: another process holds the file. */
const BUSY = 5;

/** An embedded database in one file, by node's own SQLite. @throws InputError where this node has none, or the file cannot be opened */
export async function openSqlite(path: string): Promise<Database> {
  const { DatabaseSync } = await import('node:sqlite').catch((error: unknown) => {
    throw new InputError(`This Node.js (${process.version}) has no SQLite. Use Node.js 22.13 or later, or a PostgreSQL database.`, { cause: error });
  });
  try {
    // it holds reports, and the secrets of webhooks: its owner's alone; SQLite gives its other files the same mode
    if (path !== ':memory:') closeSync(openSync(path, 'a', 0o600));
    const database = new DatabaseSync(path);
    database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT};`);
    // what was acknowledged has reached the disk
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;');
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
        if (this.database.isTransaction) this.database.exec('ROLLBACK');
        throw error;
      }
    });
  }

  close(): Promise<void> {
    return this.inTurn(async () => { this.database.close(); });
  }

  private inTurn<Result>(step: () => Promise<Result>): Promise<Result> {
    const turn = this.queue.then(step).catch((error: unknown) => {
      throw isBusy(error) ? new StoreBusy(error) : error;
    });
    this.queue = turn.catch(() => undefined);
    return turn;
  }
}

function isBusy(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'errcode' in error && (Number(error.errcode) & 0xff) === BUSY;
}

function direct(database: DatabaseSync): Database {
  // there are a few dozen statements, and compiling one costs more than running it
  const statements = new Map<string, StatementSync>();
  const prepared = (sql: string): StatementSync => {
    const known = statements.get(sql) ?? database.prepare(sql);
    statements.set(sql, known);
    return known;
  };
  const inside: Database = {
    all: async (sql, ...parameters) => prepared(sql).all(...(parameters.map(storable) as SQLInputValue[])) as Row[],
    run: async (sql, ...parameters) => Number(prepared(sql).run(...(parameters.map(storable) as SQLInputValue[])).changes),
    transaction: (step) => step(inside),
    close: async () => undefined,
  };
  return inside;
}
