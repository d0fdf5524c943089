import type { Location } from '../../evaluation.js';
import type { DockerfileLines } from './dockerfileLines.js';

export interface ExposedPort {
  /** NaN where the text is no port: an unresolved variable. */
  readonly port: number;
  /** `22`, `22/tcp`: as the EXPOSE line has it, or else as the configuration has it. */
  readonly written: string;
  readonly location: Location;
}

/** The image's ports: the configuration's where it is known (undefined: it is not), else those of the EXPOSE lines. */
export function exposedPorts(configured: readonly string[] | undefined, { lines, start }: DockerfileLines): readonly ExposedPort[] {
  const written = lines.filter(({ keyword }) => keyword === 'EXPOSE').flatMap(({ resolved, location }) => (
    resolved.split(/\s+/).filter((token) => token !== '').flatMap(expandRange).map((token) => ({ port: portOf(token), written: token, location }))
  ));
  if (configured === undefined) return written;
  return configured.flatMap(expandRange).map((token) => {
    const line = written.find((one) => one.port === portOf(token) && protocolOf(one.written) === protocolOf(token));
    return line ?? { port: portOf(token), written: token, location: start };
  });
}

export function isCovered({ port }: ExposedPort, ports: readonly number[]): boolean {
  return ports.includes(port);
}

const RANGE = /^(\d{1,5})-(\d{1,5})(\/\w+)?$/;
const LAST_PORT = 65_535;

function expandRange(token: string): readonly string[] {
  const [, first, last, protocol = ''] = RANGE.exec(token) ?? [];
  if (first === undefined || last === undefined || Number(last) > LAST_PORT || Number(first) > Number(last)) return [token];
  return Array.from({ length: Number(last) - Number(first) + 1 }, (_, offset) => `${Number(first) + offset}${protocol}`);
}

function portOf(token: string): number {
  const digits = /^(\d{1,5})(?:\/\w+)?$/.exec(token)?.[1];
  return digits === undefined ? Number.NaN : Number(digits);
}

function protocolOf(token: string): string {
  return (token.split('/')[1] ?? 'tcp').toLowerCase();
}
