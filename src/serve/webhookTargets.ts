import { lookup as resolve, type LookupAddress, type LookupOptions } from 'node:dns';
import { BlockList, isIP, isIPv6 } from 'node:net';
import { Agent, EnvHttpProxyAgent, type Dispatcher } from 'undici';

/** Where no webhook may lead: this machine, its neighbours, and what is no host at all. Source: IANA's special-purpose address registries. */
const V4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12], ['192.0.0.0', 24], ['192.0.2.0', 24], ['192.88.99.0', 24],
  ['192.168.0.0', 16], ['198.18.0.0', 15], ['198.51.100.0', 24], ['203.0.113.0', 24], ['224.0.0.0', 4], ['240.0.0.0', 4],
];
/** Also forms that carry an address of IPv4 (mapped, NAT64, 6to4, Teredo): who means that address may write it. */
const V6: readonly (readonly [string, number])[] = [
  ['::', 96], ['::ffff:0:0', 96], ['64:ff9b::', 96], ['64:ff9b:1::', 48], ['100::', 64], ['2001::', 23], ['2001:db8::', 32], ['2002::', 16], ['3fff::', 20], ['fc00::', 7], ['fe80::', 10], ['fec0::', 10], ['ff00::', 8],
];

// two lists: in one, an address of IPv4 would be held against the mapped ones
const inside = { ipv4: listOf(V4, 'ipv4'), ipv6: listOf(V6, 'ipv6') };

function listOf(networks: typeof V4, family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of networks) list.addSubnet(network, prefix, family);
  return list;
}

/** Whether an address is one of this machine or its networks. */
export function isInside(address: string): boolean {
  const family = isIPv6(address) ? 'ipv6' : 'ipv4';
  return inside[family].check(address, family);
}

/** A webhook that leads where none may. It is not asked again: it leads there still. */
export class TargetRefused extends Error {
  readonly code = 'TARGET_REFUSED';

  constructor(host: string) {
    super(`${host} is an address of this machine or its networks`);
    this.name = 'TargetRefused';
  }
}

/** Whether a URL says by itself, without a name being asked for, that it leads inside. */
export function leadsInside(url: string): boolean {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (isIP(host) !== 0) return isInside(host);
  return /(?:^|\.)(?:localhost|local|internal|localdomain|home\.arpa)$/i.test(host);
}

/** For a webhook's receiver to connect (milliseconds). */
const CONNECT_TIMEOUT = 10_000;

/**
 * Connections for webhooks: to addresses outside alone, unless they are let. A name is asked for once, and what it gave is checked and
 * connected to, so that no second answer leads elsewhere. Through a proxy of the environment, the proxy decides what may be reached.
 */
export function webhookDispatcher(letInside: boolean, env: NodeJS.ProcessEnv): Dispatcher {
  const isProxied = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'].some((name) => (env[name] ?? '') !== '');
  if (letInside || isProxied) return new EnvHttpProxyAgent({ connect: { timeout: CONNECT_TIMEOUT } });
  return new Agent({ connect: { timeout: CONNECT_TIMEOUT, lookup: outsideOnly } });
}

type Found = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

/** As `dns.lookup`, for `net.connect`: any address inside refuses them all. */
export function outsideOnly(hostname: string, options: LookupOptions, found: Found): void {
  resolve(hostname, { ...options, all: true }, (error, addresses) => {
    const [first] = addresses ?? [];
    if (error !== null || first === undefined) return found(error ?? new TargetRefused(hostname), []);
    if (addresses.some(({ address }) => isInside(address))) return found(new TargetRefused(hostname), []);
    return options.all === true ? found(null, addresses) : found(null, first.address, first.family);
  });
}
