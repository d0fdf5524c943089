import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import { EnvHttpProxyAgent, type Dispatcher } from 'undici';
import { InputError } from '../errors.js';

/** Sockets a host: enough to hide latency, few enough to be no burden. */
const CONNECTIONS = 8;

/** Time to connect, in milliseconds: a host that does not answer by then is down. */
const CONNECT_TIMEOUT = 10_000;

/**
 * Connections that are kept alive, go through the proxies that HTTPS_PROXY, HTTP_PROXY and NO_PROXY name (upper or lower case),
 * and trust the given CA certificates beside the usual ones and those of NODE_EXTRA_CA_CERTS.
 * @param caCert path of a PEM file, or the empty string
 * @throws InputError where that file cannot be read or holds no certificate, or a proxy is no address
 */
export function dispatcher(caCert: string): Dispatcher {
  const ca = caCert === '' ? {} : { ca: [...rootCertificates, ...extraCertificates(), readCertificates(caCert)] };
  const connect = { timeout: CONNECT_TIMEOUT, ...ca };
  try {
    return new EnvHttpProxyAgent({ connect, requestTls: connect, proxyTls: connect, connections: CONNECTIONS });
  } catch (error) {
    // the value is not told: it may hold a password
    throw new InputError('HTTP_PROXY or HTTPS_PROXY is no address of a proxy. Give one such as http://proxy.example.com:3128.', { cause: error });
  }
}

/** Node adds these by itself only where no certificates are named. */
function extraCertificates(): string[] {
  const path = process.env['NODE_EXTRA_CA_CERTS'];
  if (path === undefined || path === '') return [];
  try {
    return [readFileSync(path, 'utf8')];
  } catch {
    // as Node does, which warns of it
    return [];
  }
}

function readCertificates(path: string): string {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new InputError(`The CA certificates ${path} cannot be read (${error instanceof Error ? error.message : 'unreadable'}). Give the path of a PEM file.`, { cause: error });
  }
  if (!text.includes('-----BEGIN CERTIFICATE-----')) throw new InputError(`${path} holds no certificate. Give a PEM file, with -----BEGIN CERTIFICATE----- in it.`);
  return text;
}
