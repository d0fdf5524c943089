import type { Database, Dialect } from './database.js';

/** Tables, made when they are not there. Several replicas may start at once. */
export async function createTables(database: Database, { blob, bigint, lock }: Dialect): Promise<void> {
  await database.transaction(async (inside) => {
    if (lock !== '') await inside.all(lock);
    for (const statement of statements(blob, bigint)) await inside.run(statement);
  });
}

function statements(blob: string, bigint: string): readonly string[] {
  return [
    `CREATE TABLE IF NOT EXISTS tokens (hash TEXT PRIMARY KEY, account TEXT NOT NULL, role TEXT NOT NULL, created_at ${bigint} NOT NULL)`,
    `CREATE TABLE IF NOT EXISTS images (account TEXT NOT NULL, digest TEXT NOT NULL, image_id TEXT NOT NULL, analyzed_at ${bigint} NOT NULL,
       distro TEXT NOT NULL, size_bytes ${bigint} NOT NULL, report ${blob} NOT NULL, PRIMARY KEY (account, digest))`,
    'CREATE INDEX IF NOT EXISTS images_by_id ON images (account, image_id)',
    `CREATE TABLE IF NOT EXISTS names (account TEXT NOT NULL, digest TEXT NOT NULL, name TEXT NOT NULL, given_at ${bigint} NOT NULL, PRIMARY KEY (account, digest, name),
       FOREIGN KEY (account, digest) REFERENCES images (account, digest) ON DELETE CASCADE)`,
    `CREATE TABLE IF NOT EXISTS evaluations (account TEXT NOT NULL, digest TEXT NOT NULL, name TEXT NOT NULL, evaluated_at ${bigint} NOT NULL, policy_id TEXT NOT NULL,
       verdict TEXT NOT NULL, status TEXT NOT NULL, stops INTEGER NOT NULL, warnings INTEGER NOT NULL, body ${blob} NOT NULL,
       PRIMARY KEY (account, digest, name, evaluated_at), FOREIGN KEY (account, digest) REFERENCES images (account, digest) ON DELETE CASCADE)`,
    `CREATE TABLE IF NOT EXISTS hits (account TEXT NOT NULL, digest TEXT NOT NULL, name TEXT NOT NULL, vulnerability TEXT NOT NULL, PRIMARY KEY (account, vulnerability, digest, name),
       FOREIGN KEY (account, digest) REFERENCES images (account, digest) ON DELETE CASCADE)`,
    'CREATE INDEX IF NOT EXISTS hits_by_image ON hits (account, digest, name)',
    `CREATE TABLE IF NOT EXISTS policies (account TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, name TEXT NOT NULL, active INTEGER NOT NULL,
       created_at ${bigint} NOT NULL, body TEXT NOT NULL, PRIMARY KEY (account, id, version))`,
    'CREATE TABLE IF NOT EXISTS webhooks (account TEXT NOT NULL, id TEXT NOT NULL, url TEXT NOT NULL, secret TEXT NOT NULL, PRIMARY KEY (account, id))',
    `CREATE TABLE IF NOT EXISTS sessions (hash TEXT PRIMARY KEY, token_hash TEXT NOT NULL, expires_at ${bigint} NOT NULL, FOREIGN KEY (token_hash) REFERENCES tokens (hash) ON DELETE CASCADE)`,
    `CREATE TABLE IF NOT EXISTS progress (account TEXT PRIMARY KEY, total INTEGER NOT NULL, done INTEGER NOT NULL, failed INTEGER NOT NULL, changed INTEGER NOT NULL,
       started_at ${bigint} NOT NULL, updated_at ${bigint} NOT NULL, finished_at ${bigint})`,
  ];
}
