import { LONGEST_PATH } from '../files/stat.js';

/** Which ports services are configured to listen on: a parser for each service's file, of lines alone, so linear. */

export interface Listener {
  readonly service: string;
  readonly port: number;
  readonly protocol: 'tcp' | 'udp';
  /** As written; the empty string where the file names none (all addresses, or the service's default). */
  readonly address: string;
  /** From 1; 0 where the port is the service's default. */
  readonly line: number;
}

interface ServiceFile {
  readonly service: string;
  /** Of the absolute path. */
  readonly path: RegExp;
  /** Matched against each line, as often as it fits, comments left out; groups `port` and `address`. */
  readonly line: RegExp;
  /** The port of a line that names an address alone. */
  readonly implied?: number;
  readonly protocol?: 'udp';
  /** Taken where the file says nothing. */
  readonly otherwise?: number;
}

const ADDRESS = '(?:(?<address>\\[[0-9A-Fa-f:.]{1,45}\\]|[A-Za-z0-9.*_-]{1,80}):)?';

const SSHD = new RegExp(`^\\s*(?:Port(?:\\s+|\\s*=\\s*)|ListenAddress\\s+${ADDRESS}(?<!\\s))(?<port>\\d{1,5})\\s*$`, 'i');
const NGINX = /\/nginx\/(?:.*\/)?[^/]+$/;

const SERVICES: readonly ServiceFile[] = [
  { service: 'sshd', path: /^\/etc\/ssh\/sshd_config$/, line: SSHD, otherwise: 22 },
  { service: 'sshd', path: /^\/etc\/ssh\/sshd_config\.d\/[^/]+\.conf$/, line: SSHD },
  { service: 'nginx', path: NGINX, line: new RegExp(`(?:^|[;{])\\s*listen\\s+${ADDRESS}(?<port>\\d{1,5})(?=[\\s;]|$)`) },
  { service: 'nginx', path: NGINX, line: /(?:^|[;{])\s*listen\s+(?<address>\*|localhost|\d{1,3}(?:\.\d{1,3}){3}|\[[0-9A-Fa-f:.]{1,45}\])(?=[\s;]|$)/, implied: 80 },
  { service: 'httpd', path: /\/(?:apache2|httpd)\/(?:.*\/)?[^/]+\.conf$/, line: new RegExp(`^\\s*Listen\\s+${ADDRESS}(?<port>\\d{1,5})\\b`, 'i') },
  { service: 'redis', path: /\/redis[^/]*\.conf$/, line: /^\s*(?:tls-)?port\s+(?<port>\d{1,5})\s*$/, otherwise: 6379 },
  { service: 'mysql', path: /\/(?:my|mysqld|mariadb|50-server)\.cnf$/, line: /^\s*port\s*=\s*(?<port>\d{1,5})\s*$/ },
  { service: 'postgres', path: /\/postgresql\.conf$/, line: /^\s*port\s*=\s*(?<port>\d{1,5})\b/, otherwise: 5432 },
  { service: 'mongod', path: /\/mongod\.conf$/, line: /^\s*port\s*[:=]\s*(?<port>\d{1,5})\s*$/, otherwise: 27017 },
  { service: 'tomcat', path: /\/server\.xml$/, line: /<Connector\b[^>]{0,200}?\bport=["'](?<port>\d{1,5})["']/ },
  { service: 'haproxy', path: /\/haproxy\.cfg$/, line: new RegExp(`^\\s*bind\\s+${ADDRESS}:?(?<port>\\d{1,5})\\b`) },
  { service: 'vsftpd', path: /\/vsftpd\.conf$/, line: /^\s*listen_port\s*=\s*(?<port>\d{1,5})\s*$/, otherwise: 21 },
  { service: 'memcached', path: /\/memcached\.conf$/, line: /^\s*-p\s*(?<port>\d{1,5})\s*$/ },
  { service: 'squid', path: /\/squid\.conf$/, line: new RegExp(`^\\s*http_port\\s+${ADDRESS}(?<port>\\d{1,5})\\b`) },
  { service: 'mosquitto', path: /\/mosquitto(?:\/conf\.d\/[^/]+)?\.conf$/, line: /^\s*(?:listener|port)\s+(?<port>\d{1,5})\b/ },
  { service: 'elasticsearch', path: /\/elasticsearch\.yml$/, line: /^\s*http\.port\s*:\s*["']?(?<port>\d{1,5})["']?\s*$/, otherwise: 9200 },
  { service: 'supervisord', path: /\/supervisord\.conf$/, line: new RegExp(`^\\s*port\\s*=\\s*${ADDRESS}(?<port>\\d{1,5})\\s*$`) },
  { service: 'named', path: /\/named\.conf(?:\.options)?$/, line: /^\s*listen-on(?:-v6)?\s+port\s+(?<port>\d{1,5})\b/, protocol: 'udp' },
];

/** inetd.conf(5): `telnet stream tcp nowait root /usr/sbin/tcpd …`; its names are those of /etc/services. */
const INETD: Readonly<Record<string, number>> = { telnet: 23, ftp: 21, tftp: 69, shell: 514, login: 513, exec: 512, finger: 79, pop3: 110, imap2: 143, smtp: 25, nntp: 119, ident: 113, time: 37, daytime: 13, echo: 7, discard: 9, chargen: 19, swat: 901, rsync: 873, git: 9418 };

/** Largest configuration that is read, in bytes. */
export const MAX_SERVICE_BYTES = 1024 * 1024;

/** Whether a file is one that a service reads. Paths are absolute. */
export function isServiceFile(path: string): boolean {
  return path === '/etc/inetd.conf' || (path.length <= LONGEST_PATH && SERVICES.some((service) => service.path.test(path)));
}

/** The ports that a service's file names, in its order. */
export function listenersOf(path: string, text: string): readonly Listener[] {
  const lines = (path.endsWith('.xml') ? withoutXmlComments(text) : text).split('\n');
  if (path === '/etc/inetd.conf') return lines.flatMap(inetdListener);
  const found = SERVICES.filter((service) => service.path.test(path)).flatMap((service) => listenersOfService(service, lines));
  return found.filter((one, index) => found.findIndex((other) => other.port === one.port && other.service === one.service && other.address === one.address) === index);
}

function listenersOfService(service: ServiceFile, lines: readonly string[]): readonly Listener[] {
  const protocol = service.protocol ?? 'tcp';
  const each = new RegExp(service.line, `g${service.line.flags}`);
  let said = false;
  const written = lines.flatMap((line, index) => {
    // a line of configuration is short; a longer one is cut, so that no line is a cost of its own
    const found = [...withoutComment(line.slice(0, 1_000)).matchAll(each)];
    said ||= found.length > 0;
    return found.flatMap(({ groups }): Listener[] => {
      const port = Number(groups?.['port'] ?? service.implied ?? 0);
      return isPort(port) ? [{ service: service.service, port, protocol, address: (groups?.['address'] ?? '').replace(/^\[|\]$/g, ''), line: index + 1 }] : [];
    });
  });
  // port 0: it listens on a socket's file alone
  if (said || service.otherwise === undefined) return written.slice(0, 1_000);
  return [{ service: service.service, port: service.otherwise, protocol, address: '', line: 0 }];
}

function withoutComment(line: string): string {
  const at = line.search(/(?:^|\s)#/);
  return at < 0 ? line : line.slice(0, at);
}

/** Comments of XML blanked out, their line feeds kept. */
function withoutXmlComments(text: string): string {
  const [first = '', ...rest] = text.split('<!--');
  const kept = rest.map((piece) => {
    const end = piece.indexOf('-->');
    const comment = end < 0 ? piece : piece.slice(0, end);
    return '\n'.repeat(comment.split('\n').length - 1) + (end < 0 ? '' : piece.slice(end + 3));
  });
  return first + kept.join('');
}

function inetdListener(line: string, index: number): Listener[] {
  const [name = '', , protocol = ''] = line.slice(0, 1_000).trim().split(/\s+/);
  const port = /^\d{1,5}$/.test(name) ? Number(name) : Object.hasOwn(INETD, name) ? (INETD[name] ?? 0) : 0;
  return isPort(port) && /^(?:tcp|udp)6?$/.test(protocol) ? [{ service: 'inetd', port, protocol: protocol.startsWith('udp') ? 'udp' : 'tcp', address: '', line: index + 1 }] : [];
}

function isPort(port: number): boolean {
  return port > 0 && port < 65_536;
}
