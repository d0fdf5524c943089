/** Key containers in binary, told by their structure. Source: RFC 7292 (PKCS #12), RFC 5208 (PKCS #8), RFC 8017 (PKCS #1), RFC 5915 (SEC 1), RFC 8410 (Ed25519 …); JDK's JavaKeyStore. */

/** A keystore is small; more is something else. */
export const MAX_KEYSTORE_BYTES = 256 * 1024;

export const KEYSTORE_PATTERN = 'KEYSTORE=\\.(?:p12|pfx|jks|keystore|jceks|bks|der|key|pk8)$';

/** pkcs8ShroudedKeyBag and keyBag, 1.2.840.113549.1.12.10.1.{1,2}, as DER writes them. */
const KEY_BAG = Buffer.from([0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x0a, 0x01]);
/** rsaEncryption and ecPublicKey: the algorithms of a PKCS #8 key. */
const RSA = Buffer.from([0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01]);
const EC = Buffer.from([0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01]);
/** id-X25519, id-X448, id-Ed25519, id-Ed448 but for their last byte (0x6e to 0x71). */
const EDWARDS = Buffer.from([0x06, 0x03, 0x2b, 0x65]);
/** id-PBES2, and the older PKCS #5 and PKCS #12 schemes but for their last byte: how an EncryptedPrivateKeyInfo begins. */
const ENCRYPTED = [Buffer.from([0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05]), Buffer.from([0x06, 0x0a, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x01])];
/** An Ed25519 key in PKCS #8 has 48 bytes. */
const SMALLEST = 48;

const JKS = 0xfeedfeed;
const JCEKS = 0xcececece;

/** Whether a file may be a keystore, by its first bytes alone. */
export function mayBeKeystore(head: Buffer, size: number): boolean {
  if (size < SMALLEST || size > MAX_KEYSTORE_BYTES) return false;
  const magic = head.length >= 4 ? head.readUInt32BE(0) : 0;
  if (magic === JKS || magic === JCEKS) return true;
  // else a DER sequence whose first member is a version number, or says how the rest is encrypted
  return head[0] === 0x30 && (head[versionAt(head)] === 0x02 || isEncryptedKey(head, size));
}

/** Where a DER sequence's first member begins: behind its tag and a length of one to five bytes. */
function versionAt(bytes: Buffer): number {
  const length = bytes[1] ?? 0;
  return length < 0x80 ? 2 : 2 + (length & 0x07);
}

/** Whether it holds a private key: a trust store of certificates holds none. */
export function holdsPrivateKey(bytes: Buffer): boolean {
  const magic = bytes.readUInt32BE(0);
  if (magic === JKS || magic === JCEKS) return javaKeystoreHasKey(bytes);
  if (isEncryptedKey(bytes, bytes.length)) return true;
  const version = versionAt(bytes);
  const number = bytes[version + 2];
  if (bytes[version + 1] !== 1) return false;
  if (number === 3) {
    const bag = bytes.indexOf(KEY_BAG);
    const kind = bytes[bag + KEY_BAG.length];
    return bag >= 0 && (kind === 1 || kind === 2);
  }
  if (number === 1 && isSec1Key(bytes, version + 3)) return true;
  // an Ed25519 key with its public part is version 1 (RFC 5958)
  if (number !== 0 && number !== 1) return false;
  const algorithm = bytes.subarray(version + 3, version + 40);
  // PKCS #8 names its algorithm; PKCS #1 goes on with the modulus, a long integer, in nothing but the sequence
  const named = algorithm[0] === 0x30 && [RSA, EC, EDWARDS].some((identifier) => algorithm.includes(identifier));
  return named || (number === 0 && isRsaPrivateKey(bytes, version + 3));
}

/** The sequence's length is the file's: certificates, which name algorithms too, begin otherwise. */
function isEncryptedKey(head: Buffer, size: number): boolean {
  const first = versionAt(head);
  const length = first === 2 ? head[1] ?? 0 : head.readUIntBE(2, Math.min(first - 2, 4));
  if (first + length !== size || head[first] !== 0x30) return false;
  const inner = head.subarray(first + 2, first + 16);
  return ENCRYPTED.some((identifier) => inner.includes(identifier));
}

/** ECPrivateKey: version 1, then the private number alone: 20 bytes at least, 66 for P-521. */
function isSec1Key(bytes: Buffer, at: number): boolean {
  const length = bytes[at + 1] ?? 0;
  return bytes[at] === 0x04 && length >= 20 && length <= 66 && bytes[at + 2 + length] === 0xa0;
}

function isRsaPrivateKey(bytes: Buffer, at: number): boolean {
  return bytes[at] === 0x02 && (bytes[at + 1] === 0x81 || bytes[at + 1] === 0x82) && bytes[1] === 0x82 && bytes.readUInt16BE(2) + 4 === bytes.length;
}

/** Walks the entries: tag 1 is a private key, 2 a certificate, 3 a secret key. */
function javaKeystoreHasKey(bytes: Buffer): boolean {
  let at = 12;
  const entries = bytes.length >= 12 ? bytes.readUInt32BE(8) : 0;
  for (let entry = 0; entry < entries && at + 6 <= bytes.length; entry += 1) {
    if (bytes.readUInt32BE(at) !== 2) return true;
    // tag, alias, date; then the certificate's type and bytes
    at += 4 + 2 + bytes.readUInt16BE(at + 4) + 8;
    if (at + 2 > bytes.length) return false;
    at += 2 + bytes.readUInt16BE(at);
    if (at + 4 > bytes.length) return false;
    at += 4 + bytes.readUInt32BE(at);
  }
  return false;
}
