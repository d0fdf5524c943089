import { createHash } from 'node:crypto';
import type { Analyzer } from '../analyzer.js';

/** What is known of a key; nothing of its private part. */
export interface HostKey {
  /** `ssh-ed25519` …; `pem` for a PEM key of another form. */
  readonly type: string;
  /** `SHA256:…`, as ssh-keygen -l prints it; empty where the public part is not readable. */
  readonly fingerprint: string;
  readonly private: boolean;
}

/** A key has a few kilobytes. */
const MAX_KEY_BYTES = 64 * 1024;

const HOST_KEY = /(?:^|\/)(?:ssh_host_[a-z0-9]+_key(?:\.pub)?|dropbear_[a-z0-9]+_host_key)$/;

/** `ssh_host_keys`: a key that was made when the image was built is every container's, and everybody's who has the image. */
export function sshHostKeys(): Analyzer<HostKey> {
  return {
    name: 'ssh-host-keys',
    description: 'SSH host keys that were built into the image.',
    version: 1,
    wants: ({ path, size }) => (size > 0 && HOST_KEY.test(path) ? { limit: MAX_KEY_BYTES, beyond: 'problem' } : 'nothing'),
    analyze: ({ path }, bytes) => hostKey(path, bytes),
    report(view) {
      return { ssh_host_keys: { 'keys.all': Object.fromEntries([...view.facts()].map(({ path, fact }) => [path, JSON.stringify(fact)])) } };
    },
  };
}

/** Type and fingerprint of a key's public half; undefined for a file that is no key. Nothing of the private half is kept. */
export function hostKey(path: string, bytes: Buffer): HostKey | undefined {
  const text = bytes.toString('latin1');
  if (path.endsWith('.pub')) {
    const [type = '', base64 = ''] = text.trim().split(/\s+/);
    return /^(?:ssh|ecdsa|sk)-/.test(type) ? { type, fingerprint: fingerprintOf(Buffer.from(base64, 'base64')), private: false } : undefined;
  }
  if (/(?:^|\/)dropbear_/.test(path)) return { type: 'dropbear', fingerprint: '', private: true };
  if (!text.includes('PRIVATE KEY')) return undefined;
  const blob = publicBlob(Buffer.from(text.replace(/-----[^-]*-----/g, ''), 'base64'));
  return blob === undefined ? { type: 'pem', fingerprint: '', private: true } : { type: blob.subarray(4, 4 + blob.readUInt32BE(0)).toString('latin1').slice(0, 64), fingerprint: fingerprintOf(blob), private: true };
}

function fingerprintOf(blob: Buffer): string {
  return blob.length === 0 ? '' : `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

/** The public key in an `openssh-key-v1` container: cipher, kdf, its options, a count, then the key (PROTOCOL.key). */
function publicBlob(key: Buffer): Buffer | undefined {
  const magic = 'openssh-key-v1\0';
  if (key.subarray(0, magic.length).toString('latin1') !== magic) return undefined;
  let at = magic.length;
  for (let skipped = 0; skipped < 3; skipped += 1) {
    if (at + 4 > key.length) return undefined;
    at += 4 + key.readUInt32BE(at);
  }
  at += 4;
  if (at + 4 > key.length) return undefined;
  const length = key.readUInt32BE(at);
  const blob = key.subarray(at + 4, at + 4 + length);
  return blob.length === length && length >= 4 && blob.readUInt32BE(0) + 4 <= blob.length ? blob : undefined;
}
