export type Value = string | number | Uint8Array | null;
export type Row = Readonly<Record<string, Value>>;

/** A database of rows, as much of one as the store needs: SQLite and PostgreSQL both are. `?` stands for each parameter. */
export interface Database {
  all(sql: string, ...parameters: readonly Value[]): Promise<readonly Row[]>;
  /** Gives how many rows it changed. */
  run(sql: string, ...parameters: readonly Value[]): Promise<number>;
  /** All of it, or nothing. */
  transaction<Result>(step: (inside: Database) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

/** Types that are called differently. */
export interface Dialect {
  readonly blob: string;
  readonly bigint: string;
}
