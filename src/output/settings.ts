import { parseHistory } from '../dockerfile/history.js';
import type { Instruction } from '../dockerfile/instruction.js';
import { assignments } from '../dockerfile/scope.js';
import type { Finding } from '../evaluation/evaluation.js';
import type { HistoryRow } from '../image/config.js';

/** What the image's config says, and which instruction says so. */
export interface Setting {
  /** Where it is from if neither history nor Dockerfile set it: the base, the default of all images, or nobody knows. */
  readonly otherwise: 'base' | 'default' | 'unknown';
  /** The row of history that set it last, which is the one that holds. */
  rowIn(history: readonly HistoryRow[]): number | undefined;
  isSetBy(instruction: Instruction): boolean;
}

const KEYWORDS: Readonly<Record<string, string>> = {
  env: 'ENV', arg: 'ARG', label: 'LABEL', cmd: 'CMD', entrypoint: 'ENTRYPOINT', healthcheck: 'HEALTHCHECK', author: 'MAINTAINER',
};

/** Those whose instruction names what it sets. */
const NAMED = new Set(['ENV', 'ARG', 'LABEL']);

/** The setting that a finding is about: by its place in the config (`config:env:NAME`, `config:history:3`), or by what its rule looks at. */
export function settingOf({ trigger, message, location }: Finding): Setting | undefined {
  const path = location?.path;
  if (path?.startsWith('config:') === true) return ofConfig(path);
  if (trigger === 'effective_user') return setting('USER', 'default', () => true);
  if (trigger !== 'exposed_ports') return undefined;
  const port = Number(/\((\d{1,5})/.exec(message)?.[1] ?? NaN);
  return setting('EXPOSE', 'default', (args) => Number.isNaN(port) || args.split(/\s+/).some((token) => holdsPort(token, port)));
}

function ofConfig(path: string): Setting {
  const [, kind = '', ...rest] = path.split(':');
  const name = rest.join(':');
  if (kind === 'history' || kind === 'comment') return { otherwise: 'unknown', rowIn: (history) => (/^\d{1,6}$/.test(name) && Number(name) < history.length ? Number(name) : undefined), isSetBy: () => false };
  const keyword = KEYWORDS[kind];
  // of several ONBUILD nobody can tell which one the config's N is
  if (keyword === undefined) return { otherwise: 'unknown', rowIn: () => undefined, isSetBy: () => false };
  return setting(keyword, 'base', (args) => !NAMED.has(keyword) || name === '' || assignments(keyword, args, '\\').some((one) => one.name === name));
}

function setting(keyword: string, otherwise: Setting['otherwise'], sets: (args: string) => boolean): Setting {
  return {
    otherwise,
    rowIn: (history) => {
      const row = history.findLastIndex(({ createdBy, comment }) => {
        const told = parseHistory(createdBy, comment);
        return told.keyword === keyword && sets(told.args);
      });
      return row === -1 ? undefined : row;
    },
    isSetBy: (instruction) => instruction.keyword === keyword && sets(instruction.resolved),
  };
}

/** `8080`, `8080/tcp`, `8000-8010/udp`. */
function holdsPort(token: string, port: number): boolean {
  const [first = '', last = first] = (token.split('/')[0] ?? '').split('-');
  return Number(first) <= port && port <= Number(last);
}
