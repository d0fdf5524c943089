import { codeOf } from './retry.js';

/** What a failure to get any answer means, and what to do: the rest of a sentence that begins with who was asked. */
export function explainFailure(error: unknown, what: string, certificateAdvice = 'Check the address, and which certificates this machine trusts.', networkAdvice = NETWORK_ADVICE): string {
  if (isTimeout(error)) return `did not answer in time: ${what}. ${networkAdvice}`;
  const code = codeOf(error);
  if (CERTIFICATE.test(code)) return `has a certificate that is not trusted (${code}): ${what}. ${certificateAdvice}`;
  const proxied = refusedByProxy(error);
  if (proxied !== undefined) return `could not be reached: the proxy refused to connect (status ${proxied}): ${what}. ${PROXY_ADVICE}`;
  return `could not be reached (${code || messageOf(error)}): ${what}. ${networkAdvice}`;
}

/** Whether a deadline ended it: ours (TimeoutError), or one of undici's. */
export function isTimeout(error: unknown): boolean {
  const { name } = (error ?? {}) as { name?: unknown };
  return name === 'TimeoutError' || codeOf(error).endsWith('_TIMEOUT');
}

const NETWORK_ADVICE = 'Check the address, the proxy and the network, and run the step again.';
const PROXY_ADVICE = 'Check HTTPS_PROXY and its user and password, or name the host in NO_PROXY.';

/** OpenSSL's verdicts on certificates, as Node names them. */
const CERTIFICATE = /^(?:ERR_TLS_CERT_|CERT_|.*SELF_SIGNED_CERT|UNABLE_TO_(?:VERIFY|GET)_)/;

/** undici's only word of what a proxy answered. */
function refusedByProxy(error: unknown): string | undefined {
  const cause = error instanceof Error && error.cause !== undefined ? ` ${messageOf(error.cause)}` : '';
  return /Proxy response \((\d+)\)/.exec(`${messageOf(error)}${cause}`)?.[1];
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown';
}
