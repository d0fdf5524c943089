export type Value = string | number | Uint8Array | null;
export type Row = Readonly<Record<string, Value>>;

/** A database of rows, as much of one as the store needs: SQLite and PostgreSQL both are. `?` stands for each parameter. */
export interface Database {
  all(sql: string, ...parameters: readonly Value[]): Promise<readonly Row[]>;
  /** Gives how many rows it changed. */
  run(sql: string, ...parameters: readonly Value[]): Promise<number>;
  /** All of it, or nothing. The step may be done again, where another transaction was in its way. */
  transaction<Result>(step: (inside: Database) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

/** What differs between them. */
export interface Dialect {
  readonly blob: string;
  readonly bigint: string;
  /** Has whoever else makes tables wait until the transaction ends; empty where a transaction does that anyway. */
  readonly lock: string;
}

/** The database cannot be had now, and may be in a moment: it is locked, restarts, or is out of connections. */
export class StoreBusy extends Error {
  constructor(cause: unknown) {
    super('The database is busy or away. Come back in a moment.', { cause });
    this.name = 'StoreBusy';
  }
}

/** PostgreSQL's text holds no NUL, and nothing that we keep has a use for one. */
export function storable(value: Value): Value {
  return typeof value === 'string' ? value.replaceAll('\0', '\uFFFD') : value;
}
