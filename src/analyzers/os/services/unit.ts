import { lines } from '../deb822.js';

/** What a unit file of systemd says of what it starts. Lists are empty where it does not say. */
export interface UnitFact {
  readonly description: string;
  readonly user: string;
  /** Commands of every Exec…= line, as written. */
  readonly commands: readonly string[];
  /** Listen…= of a socket: ports, addresses, paths. */
  readonly listens: readonly string[];
  /** On…= of a timer. */
  readonly times: readonly string[];
}

/** A unit with more of one kind than this is no unit. */
const MOST_VALUES = 100;
const LONGEST_VALUE = 4096;

/** Reads a unit file; an empty value takes back those before it. Source: systemd.syntax(7), systemd.service(5), systemd.socket(5), systemd.timer(5). */
export function readUnit(text: string): UnitFact {
  const values = new Map<string, string[]>();
  for (const line of joinedLines(text)) {
    const [, key, value] = /^\s*([A-Za-z][A-Za-z0-9-]*)\s*=\s*(.*)$/.exec(line) ?? [];
    if (key === undefined || value === undefined) continue;
    if (value.trim() === '') values.delete(key);
    else keep(values, key, value.trim().slice(0, LONGEST_VALUE));
  }
  const last = (key: string): string => values.get(key)?.at(-1) ?? '';
  const all = (pattern: RegExp): string[] => [...values].filter(([key]) => pattern.test(key)).flatMap(([, list]) => list).slice(0, MOST_VALUES);
  return {
    description: last('Description'),
    user: last('User'),
    commands: all(/^Exec(?:Start|StartPre|StartPost|Stop|Reload)$/),
    listens: all(/^Listen(?:Stream|Datagram|SequentialPacket|FIFO|Netlink)$/),
    times: all(/^On(?:Calendar|Boot|Startup|UnitActive|UnitInactive|Active)(?:Sec)?$/),
  };
}

/** Of too many, the last stands in the last place: for most keys it is the one that counts. */
function keep(values: Map<string, string[]>, key: string, value: string): void {
  const list = values.get(key);
  if (list === undefined) values.set(key, [value]);
  else list[Math.min(list.length, MOST_VALUES - 1)] = value;
}

/** A backslash at the end joins a line with the next; comments are left out. */
function* joinedLines(text: string): Generator<string> {
  let parts: string[] = [];
  for (const line of lines(text)) {
    if (/^\s*[#;]/.test(line)) continue;
    const isOpen = line.endsWith('\\');
    parts.push(isOpen ? line.slice(0, -1) : line);
    if (isOpen) continue;
    yield parts.join(' ');
    parts = [];
  }
  if (parts.length > 0) yield parts.join(' ');
}
