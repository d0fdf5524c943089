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
 * and trust the given CA certificates beside the usual ones.
 * @param caCert path of a PEM file, or the empty string
 * @throws InputError where that file cannot be read or holds no certificate
 */
export function dispatcher(caCert: string): Dispatcher {
  const ca = caCert === '' ? {} : { ca: [...rootCertificates, readCertificates(caCert)] };
  const connect = { timeout: CONNECT_TIMEOUT, ...ca };
  return new EnvHttpProxyAgent({ connect, requestTls: connect, proxyTls: connect, connections: CONNECTIONS });
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
