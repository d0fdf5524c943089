import type { Analyzer, ImageView, ReportSections } from '../analyzer.js';
import { isServiceFile, listenersOf, MAX_SERVICE_BYTES } from './listeners.js';
import type { Listener } from './listeners.js';

/**
 * `open_ports`: what the image says it listens on, and what services in it are configured to listen on.
 * `ports.exposed`: `8080/tcp` → `config` (EXPOSE); `ports.configured`: `22/tcp` → JSON list of `{service, path, line, address}`,
 * which says what would listen if the service were started, not that it is.
 */
export function openPorts(): Analyzer<readonly Listener[]> {
  return {
    name: 'open-ports',
    description: 'Ports that the config exposes, and ports that services in the image are configured to listen on.',
    version: 2,
    wants: ({ path }) => (isServiceFile(`/${path}`) ? { limit: MAX_SERVICE_BYTES, beyond: 'skip' } : 'nothing'),
    analyze({ path }, bytes) {
      const listeners = bytes.includes(0) ? [] : listenersOf(`/${path}`, bytes.toString('latin1'));
      return listeners.length === 0 ? undefined : listeners;
    },
    report: portSections,
  };
}

function portSections(view: ImageView<readonly Listener[]>): ReportSections {
  const configured = new Map<string, unknown[]>();
  for (const { path, fact } of view.facts()) {
    for (const { service, port, protocol, address, line } of fact) {
      const key = `${port}/${protocol}`;
      configured.set(key, [...(configured.get(key) ?? []), { service, path, line, address }]);
    }
  }
  return {
    open_ports: {
      'ports.exposed': Object.fromEntries(view.image.config.exposedPorts.flatMap(portsOf).map((port) => [port, 'config'])),
      'ports.configured': Object.fromEntries([...configured].map(([port, services]) => [port, JSON.stringify(services)])),
    },
  };
}

/** `80` is `80/tcp`; a range `8000-8010/tcp` is its ports, as far as it is one. */
function portsOf(written: string): readonly string[] {
  const match = /^(\d{1,5})(?:-(\d{1,5}))?(?:\/(tcp|udp|sctp))?$/i.exec(written.trim());
  if (match === null) return [written];
  const [from, to, protocol] = [Number(match[1]), Number(match[2] ?? match[1]), (match[3] ?? 'tcp').toLowerCase()];
  if (to < from || to > 65_535) return [written];
  return Array.from({ length: to - from + 1 }, (_, index) => `${from + index}/${protocol}`);
}
