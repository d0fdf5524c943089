import { readdirSync, readFileSync } from 'node:fs';
import { holdsPrivateKey, mayBeKeystore } from '../../../src/analyzers/secrets/keystore.js';
import { certificates } from '../../../src/analyzers/security/certificates.js';
import { sshHostKeys } from '../../../src/analyzers/security/ssh-host-keys.js';
import type { FuzzTarget } from '../target.js';

const KEYSTORES = 'test/fixtures/security/keystores';
const ENTRY = { type: 'file', mode: 0o644, uid: 0, gid: 0, mtime: 0 } as const;
const IGNORED = (): void => undefined;

/** Keys, keystores and certificates, in DER, PEM and Java's own format. */
export const keyTargets: readonly FuzzTarget[] = [
  {
    name: 'keystore',
    samples: () => readdirSync(KEYSTORES).filter((name) => name !== 'README.md').map((name) => readFileSync(`${KEYSTORES}/${name}`)),
    parse(bytes: Buffer): void {
      if (mayBeKeystore(bytes.subarray(0, 512), bytes.length)) holdsPrivateKey(bytes);
    },
  },
  {
    name: 'certificate',
    samples: () => [readFileSync(`${KEYSTORES}/certificate.der`), readFileSync('test/fixtures/security/ca.pem'), readFileSync('test/fixtures/security/leaf.pem')],
    parse: (bytes) => void certificates().analyze?.({ ...ENTRY, path: 'etc/ssl/a.crt', size: bytes.length }, bytes, IGNORED),
  },
  {
    name: 'ssh-key',
    samples: () => [Buffer.from(`ssh-ed25519 ${hostKey().toString('base64')} root@host\n`), privateHostKey()],
    parse(bytes: Buffer): void {
      for (const path of ['etc/ssh/ssh_host_ed25519_key.pub', 'etc/ssh/ssh_host_ed25519_key']) void sshHostKeys().analyze?.({ ...ENTRY, path, size: bytes.length }, bytes, IGNORED);
    },
  },
];

/** A length (four bytes, big-endian) before bytes, as SSH writes them. */
function counted(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function hostKey(): Buffer {
  return Buffer.concat([counted(Buffer.from('ssh-ed25519')), counted(Buffer.alloc(32, 7))]);
}

/** OpenSSH's container (PROTOCOL.key), with nothing where the private part is. */
function privateHostKey(): Buffer {
  const none = counted(Buffer.from('none'));
  const body = Buffer.concat([Buffer.from('openssh-key-v1\0'), none, none, counted(Buffer.alloc(0)), Buffer.from([0, 0, 0, 1]), counted(hostKey()), counted(Buffer.alloc(136))]);
  return Buffer.from(`-----BEGIN OPENSSH PRIVATE KEY-----\n${body.toString('base64')}\n-----END OPENSSH PRIVATE KEY-----\n`);
}
