import { POSTGRES, openPostgres } from './postgres.js';
import { createTables } from './schema.js';
import { SQLITE, openSqlite } from './sqlite.js';
import { sqlStore } from './sqlStore.js';
import type { Store } from './store.js';

/** Opens `postgres://…`, or else a file of SQLite (`:memory:` for one that is not kept). @throws InputError */
export async function openStore(place: string): Promise<Store> {
  const isPostgres = /^postgres(?:ql)?:\/\//.test(place);
  const database = isPostgres ? await openPostgres(place) : await openSqlite(place);
  await createTables(database, isPostgres ? POSTGRES : SQLITE);
  return sqlStore(database);
}
