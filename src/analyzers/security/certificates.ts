import { X509Certificate } from 'node:crypto';
import type { LayerEntry } from '../../image/layer.js';
import type { Analyzer, ImageView, ReportSections, Tell } from '../analyzer.js';

export interface Certificate {
  /** RFC 2253-like, parts joined by `, `. */
  readonly subject: string;
  readonly issuer: string;
  /** RFC 3339, UTC. */
  readonly notBefore: string;
  readonly notAfter: string;
  readonly serial: string;
  /** sha256 of its DER, 64 hex digits. */
  readonly fingerprint: string;
  /** `rsa`, `ec`, `ed25519` …. */
  readonly keyType: string;
  /** Bits of an RSA or DSA modulus, or of a named curve; 0 where neither is known. */
  readonly keyBits: number;
  readonly authority: boolean;
  readonly selfSigned: boolean;
}

/** Largest bundle that is read: Mozilla's has 220 kB. */
const MAX_BUNDLE_BYTES = 4 * 1024 * 1024;

/** Most certificates of one file. */
const MAX_CERTIFICATES = 1_000;

const NAMES = /\.(?:pem|crt|cer|cert|der|0)$/i;
const BEGIN = '-----BEGIN CERTIFICATE-----';
const END = '-----END CERTIFICATE-----';

/** Where the distribution's own authorities are: what is trusted and not among them was added. */
const DISTRIBUTION = /^\/usr\/share\/(?:ca-certificates\/|pki\/ca-trust-source\/|ca-certs\/)/;
/** Where an administrator puts his own. */
const ADDED = /^\/(?:usr\/local\/share\/ca-certificates|etc\/pki\/ca-trust\/source\/anchors|usr\/share\/pki\/trust\/anchors|etc\/pki\/trust\/anchors|etc\/ca-certificates\/trust-source\/anchors)\//;
/** What programs trust. */
const TRUSTED = /^\/etc\/(?:ssl\/(?:certs\/|cert\.pem$)|pki\/(?:tls\/|ca-trust\/extracted\/)|ca-certificates\/extracted\/)/;

/** `certificates`: who is named and trusted, until when, with how strong a key. */
export function certificates(): Analyzer<readonly Certificate[]> {
  return {
    name: 'certificates',
    description: 'X.509 certificates, and authorities that were added to the trust store.',
    version: 1,
    wants(entry, head) {
      if (entry.size === 0 || entry.path.startsWith('usr/share/doc/')) return 'nothing';
      return NAMES.test(entry.path) || head.includes(BEGIN) ? { limit: MAX_BUNDLE_BYTES, beyond: 'skip' } : 'nothing';
    },
    analyze(entry, bytes, tell) {
      const found = certificatesOf(entry, bytes, tell);
      return found.length === 0 ? undefined : found;
    },
    report: certificateSections,
  };
}

function certificatesOf(entry: LayerEntry, bytes: Buffer, tell: Tell): readonly Certificate[] {
  // DER: a sequence of a sequence; a PEM bundle holds text
  if (bytes[0] === 0x30 && bytes[1] !== undefined && bytes[1] >= 0x81) return parsed(bytes, () => undefined);
  const found: Certificate[] = [];
  let broken = 0;
  for (let start = bytes.indexOf(BEGIN); start >= 0; start = bytes.indexOf(BEGIN, start + 1)) {
    const end = bytes.indexOf(END, start);
    if (end < 0) break;
    if (found.length >= MAX_CERTIFICATES) {
      tell(`It has more than ${MAX_CERTIFICATES} certificates; those behind were left out.`);
      break;
    }
    found.push(...parsed(bytes.subarray(start, end + END.length), () => (broken += 1)));
    start = end;
  }
  // a sample in somebody's documentation is no problem; a bundle that is half unreadable is
  if (broken > 0 && NAMES.test(entry.path)) tell(`${broken} of its certificates cannot be read.`);
  return found;
}

function parsed(bytes: Buffer, failed: () => void): readonly Certificate[] {
  try {
    const certificate = new X509Certificate(bytes);
    const { asymmetricKeyType, asymmetricKeyDetails } = keyOf(certificate);
    return [{
      subject: oneLine(certificate.subject),
      issuer: oneLine(certificate.issuer),
      notBefore: rfc3339(certificate.validFrom),
      notAfter: rfc3339(certificate.validTo),
      serial: certificate.serialNumber,
      fingerprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
      keyType: asymmetricKeyType ?? 'unknown',
      keyBits: asymmetricKeyDetails?.modulusLength ?? CURVE_BITS[asymmetricKeyDetails?.namedCurve ?? ''] ?? 0,
      authority: certificate.ca,
      selfSigned: certificate.subject === certificate.issuer,
    }];
  } catch {
    failed();
    return [];
  }
}

/** A key on a curve that this OpenSSL does not know is no reason to lose the certificate. */
function keyOf(certificate: X509Certificate): { readonly asymmetricKeyType?: string | undefined; readonly asymmetricKeyDetails?: { readonly modulusLength?: number; readonly namedCurve?: string } | undefined } {
  try {
    return certificate.publicKey;
  } catch {
    return {};
  }
}

const CURVE_BITS: Readonly<Record<string, number>> = { prime256v1: 256, secp384r1: 384, secp521r1: 521, secp256k1: 256, secp224r1: 224 };

function oneLine(name: string | undefined): string {
  return (name ?? '').split('\n').join(', ');
}

/** OpenSSL prints `Jun  4 11:04:38 2035 GMT`. */
function rfc3339(date: string): string {
  const time = Date.parse(date);
  return Number.isNaN(time) ? '' : new Date(time).toISOString();
}

function certificateSections(view: ImageView<readonly Certificate[]>): ReportSections {
  const facts = [...view.facts()];
  const own = new Set(facts.filter(({ path }) => DISTRIBUTION.test(path)).flatMap(({ fact }) => fact.map(({ fingerprint }) => fingerprint)));
  const all: [string, string][] = [];
  const added: [string, string][] = [];
  for (const { path, fact } of facts) {
    for (const [index, certificate] of fact.entries()) {
      const key = fact.length === 1 ? path : `${path}#${index + 1}`;
      const known = own.has(certificate.fingerprint) && !DISTRIBUTION.test(path);
      // a bundle repeats what /usr/share/ca-certificates has one by one
      if (!known) all.push([key, JSON.stringify(certificate)]);
      const foreign = own.size > 0 && TRUSTED.test(path) && !known && certificate.authority;
      if (ADDED.test(path) || foreign) added.push([key, JSON.stringify(certificate)]);
    }
  }
  return { certificates: { 'certificates.all': Object.fromEntries(all), 'trust_store.added': Object.fromEntries(added) } };
}
