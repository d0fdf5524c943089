import type { Analyzer } from '../analyzer.js';
import { maskSecrets } from '../secrets/mask.js';
import { textOf } from './paths.js';
import { readCrontab, type CronJob } from './services/crontab.js';

/** Crontabs whose lines name a user. */
const SYSTEM = /^etc\/(?:crontab|cron\.d\/[^/]+)$/;
/** Crontabs of a user each: Debian and Alpine, Red Hat, BusyBox. */
const USERS = /^(?:var\/spool\/cron\/(?:crontabs\/)?|etc\/crontabs\/)([^/]+)$/;
/** Scripts that cron (run-parts) runs as root, one an interval. */
const SCRIPT = /^etc\/(?:cron\.(hourly|daily|weekly|monthly)|periodic\/(15min|hourly|daily|weekly|monthly))\/([^/]+)$/;
/** Debian's place-holders, and what editors and dpkg leave, are run by nobody. */
const NO_SCRIPT = /^\.|~$|\.(?:dpkg-\w+|rpm\w+|swp)$/;

const LONGEST_CRONTAB = 1024 * 1024;

/**
 * Jobs of cron. Section `services`, output `cron.jobs`: path → list of `{line, schedule, user, command}`, line from 0, or -1 for a
 * script in a folder of cron's; secrets in commands are masked.
 */
export const cron: Analyzer<readonly CronJob[]> = {
  name: 'cron',
  description: 'Jobs of cron: when, as whom, what.',
  version: 1,
  rows: 'by-path',
  wants: ({ path }) => (SYSTEM.test(path) || USERS.test(path) ? { limit: LONGEST_CRONTAB, beyond: 'problem' } : 'nothing'),
  analyze({ path }, bytes) {
    const jobs = readCrontab(textOf(bytes), SYSTEM.test(path));
    const user = USERS.exec(path)?.[1];
    return jobs.length === 0 ? undefined : jobs.map((job) => (user === undefined ? job : { ...job, user }));
  },
  report(view) {
    const jobs = new Map<string, readonly CronJob[]>([...view.facts()].map(({ path, fact }) => [path, fact]));
    for (const { path, entry } of view.image.flattened.nodes.values()) {
      const [, interval, period, name = ''] = path.startsWith('/etc/') ? (SCRIPT.exec(path.slice(1)) ?? []) : [];
      const runs = (interval ?? period) !== undefined && entry.type !== 'directory' && (entry.type === 'symlink' || (entry.mode & 0o111) !== 0);
      if (runs && !NO_SCRIPT.test(name)) jobs.set(path, [{ line: -1, schedule: `@${interval ?? period}`, user: 'root', command: path }]);
    }
    const rows = [...jobs].map(([path, list]): [string, string] =>
      [path, JSON.stringify(list.map((job) => ({ ...job, command: maskSecrets(job.command) })))]);
    return { services: { 'cron.jobs': Object.fromEntries(rows) } };
  },
};
