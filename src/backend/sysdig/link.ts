/** The only host whose pages have no `/secure` in their path. Source: sysdig's inline-scan scripts and Jenkins plugin. */
const US1 = 'secure.sysdig.com';

/** Hosts that serve US1's API alone; its pages are elsewhere. */
const US1_API = new Set(['api.sysdigcloud.com', 'app.sysdigcloud.com']);

/** Where the backend shows the result to a person. */
export function resultLink(base: string, name: string, digest: string): string {
  const url = new URL(base);
  const path = `#/scanning/scan-results/${encodeURIComponent(name)}/${digest}/summaries`;
  if (url.hostname === US1 || US1_API.has(url.hostname)) return `https://${US1}/${path}`;
  return `${withoutSlash(base)}/secure/${path}`;
}

/** URLs are taken with or without a slash at the end. */
export function withoutSlash(base: string): string {
  return base.replace(/\/+$/, '');
}
