import { unpack } from '../../work/packed.js';
import type { Database, Row } from '../database.js';
import type { EvaluationRow, EvaluationStore } from '../store.js';
import { bytes, text } from './values.js';

const EVALUATION = 'digest, name, policy_id, evaluated_at, verdict, status, stops, warnings';

/** Rows that one statement inserts: a network is asked once for them. */
const LOT = 200;

/** What images were found to be; for each vulnerability the images that have it; how far an evaluation of all is. */
export function evaluationsIn(database: Database): EvaluationStore {
  return {
    async addEvaluation(account, evaluation, body, vulnerabilities) {
      const { digest, name, evaluatedAt, policyId, verdict, status, stops, warnings } = evaluation;
      return database.transaction(async (inside) => {
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
    },

    async evaluation(account, digest, name) {
      const [row] = await database.all(`SELECT ${EVALUATION}, body FROM evaluations WHERE account = ? AND digest = ? AND name = ? ORDER BY evaluated_at DESC LIMIT 1`, account, digest, name);
      return row === undefined ? undefined : { ...evaluationRow(row), text: await unpack(bytes(row['body'])) };
    },

    async latest(account, digest, name) {
      return (await database.all(`SELECT ${EVALUATION} FROM evaluations WHERE account = ? AND digest = ? AND name = ? ORDER BY evaluated_at DESC LIMIT 1`, account, digest, name)).map(evaluationRow)[0];
    },

    async history(account, digest, limit) {
      return (await database.all(`SELECT ${EVALUATION} FROM evaluations WHERE account = ? AND digest = ? ORDER BY evaluated_at DESC LIMIT ?`, account, digest, limit)).map(evaluationRow);
    },

    async imagesWith(account, vulnerability) {
      const rows = await database.all('SELECT digest, name FROM hits WHERE account = ? AND vulnerability = ? ORDER BY name, digest', account, vulnerability);
      return rows.map((row) => ({ digest: text(row['digest']), name: text(row['name']) }));
    },

    async progress(account) {
      const [row] = await database.all('SELECT total, done, failed, changed, started_at, updated_at, finished_at FROM progress WHERE account = ?', account);
      const number = (name: string): number => Number(row?.[name] ?? 0);
      return row === undefined ? undefined : {
        total: number('total'), done: number('done'), failed: number('failed'), changed: number('changed'),
        startedAt: number('started_at'), updatedAt: number('updated_at'), finishedAt: row['finished_at'] === null ? undefined : number('finished_at'),
      };
    },

    async setProgress(account, { total, done, failed, changed, startedAt, updatedAt, finishedAt }) {
      await database.run(
        `INSERT INTO progress (account, total, done, failed, changed, started_at, updated_at, finished_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (account) DO UPDATE SET total = excluded.total, done = excluded.done, failed = excluded.failed, changed = excluded.changed,
           started_at = excluded.started_at, updated_at = excluded.updated_at, finished_at = excluded.finished_at`,
        account, total, done, failed, changed, startedAt, updatedAt, finishedAt ?? null,
      );
    },
  };
}

function inLots(values: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(values.length / LOT) }, (_, lot) => values.slice(lot * LOT, (lot + 1) * LOT));
}

function evaluationRow(row: Row): EvaluationRow {
  return {
    digest: text(row['digest']), name: text(row['name']), policyId: text(row['policy_id']), evaluatedAt: Number(row['evaluated_at']),
    verdict: text(row['verdict']), status: text(row['status']), stops: Number(row['stops']), warnings: Number(row['warnings']),
  };
}
