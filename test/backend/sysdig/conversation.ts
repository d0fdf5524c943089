import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { SysdigBackend } from '../../../src/backend/sysdig/backend.js';
import type { Evaluation } from '../../../src/evaluation/evaluation.js';
import { HttpClient } from '../../../src/http/client.js';
import { dispatcher } from '../../../src/http/dispatcher.js';
import { standIn, type Script, type StandIn } from './standIn.js';
import { subject, type SubjectFile } from './subject.js';

export const TOKEN = 'a-token-that-nobody-may-see';

export interface Conversation {
  readonly evaluation?: Evaluation;
  readonly error?: Error;
  /** Milliseconds, in order; none was really waited. */
  readonly waits: readonly number[];
  readonly backend: StandIn;
  readonly progress: readonly string[];
}

export interface Circumstances {
  readonly of?: SubjectFile;
  /** Milliseconds from the first request to the result. */
  readonly patience?: number;
  /** Real milliseconds for an answer. */
  readonly timeout?: number;
  readonly largestArchive?: number;
  readonly force?: boolean;
}

/** One evaluation against a stand-in that fails by script, by a clock that only waiting moves; the token must be nowhere but in headers. */
export async function converse(script: Script, { of = subject(), patience = 600_000, timeout = 30_000, largestArchive, force = false }: Circumstances = {}): Promise<Conversation> {
  const backend = await standIn(script);
  const waits: number[] = [];
  const progress: string[] = [];
  let clock = Date.parse('2026-01-01T00:00:00Z');
  const sleep = async (milliseconds: number): Promise<void> => {
    waits.push(milliseconds);
    clock += milliseconds;
  };
  const pool = dispatcher('');
  const client = new SysdigBackend({
    url: backend.url, tool: { name: 'inline-scan', version: 'test' }, archiveFile: join(of.folder, 'analysis-archive.tgz'), patience, force,
    ...(largestArchive === undefined ? {} : { largestArchive }),
    http: (deadline) => new HttpClient({
      base: backend.url, dispatcher: pool, headers: { authorization: `Bearer ${TOKEN}` }, who: 'The backend', timeout,
      retry: { retries: 4, deadline, random: () => 1, now: () => clock, sleep },
    }),
    now: () => new Date(clock), sleep, onProgress: (line) => { progress.push(line); },
  });
  try {
    const told = await client.evaluate(of).then((evaluation) => ({ evaluation }), (error: unknown) => ({ error: error as Error }));
    expectTokenUnseen(told, progress, backend, of);
    return { ...told, waits, backend, progress };
  } finally {
    await backend.close();
    await pool.destroy();
  }
}

function expectTokenUnseen(told: { evaluation?: Evaluation; error?: Error }, progress: readonly string[], { asked }: StandIn, { folder }: SubjectFile): void {
  const { error } = told;
  const seen = [
    ...progress, JSON.stringify(told.evaluation ?? null), String(error), error?.stack ?? '', String(error?.cause),
    ...asked.flatMap(({ path, body }) => [path, body.toString('latin1')]),
    ...readdirSync(folder).map((file) => readFileSync(join(folder, file), 'latin1')),
  ];
  expect(seen.filter((text) => text.includes(TOKEN))).toEqual([]);
  expect(asked.filter(({ headers }) => headers.authorization !== `Bearer ${TOKEN}`)).toEqual([]);
}
