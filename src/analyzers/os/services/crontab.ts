import { lines } from '../deb822.js';

/** A job of a crontab. */
export interface CronJob {
  /** From 0. */
  readonly line: number;
  /** Five fields, or `@daily` and the like. */
  readonly schedule: string;
  /** The empty string in a user's own crontab. */
  readonly user: string;
  readonly command: string;
}

const MOST_JOBS = 1000;
const LONGEST_COMMAND = 4096;
const FIELD = String.raw`[\d*][\d*,/a-zA-Z-]*|[a-zA-Z]{3}[a-zA-Z,-]*`;
const SCHEDULE = new RegExp(String.raw`^(@[a-z]+|(?:(?:${FIELD})\s+){4}(?:${FIELD}))\s+(\S.*)$`);

/** Jobs of a crontab; system crontabs name a user before the command. Source: crontab(5). */
export function readCrontab(text: string, hasUser: boolean): CronJob[] {
  const jobs: CronJob[] = [];
  let line = -1;
  for (const row of lines(text)) {
    line++;
    const trimmed = row.trim();
    if (trimmed.length > LONGEST_COMMAND || trimmed.startsWith('#') || jobs.length === MOST_JOBS) continue;
    const [, schedule, rest] = SCHEDULE.exec(trimmed) ?? [];
    if (schedule === undefined || rest === undefined) continue;
    const [, user = '', command = rest] = hasUser ? (/^(\S+)\s+(.+)$/.exec(rest) ?? []) : [];
    jobs.push({ line, schedule: schedule.replace(/\s+/g, ' '), user, command });
  }
  return jobs;
}
