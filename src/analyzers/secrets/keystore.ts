/** Key containers in binary, told by their structure. Source: RFC 7292 (PKCS #12), RFC 5208 (PKCS #8), RFC 8017; JDK's JavaKeyStore. */

/** A keystore is small; more is something else. */
export const MAX_KEYSTORE_BYTES = 256 * 1024;

export const KEYSTORE_PATTERN = 'KEYSTORE=\\.(?:p12|pfx|jks|keystore|jceks|bks|der|key|pk8)$';

/** pkcs8ShroudedKeyBag and keyBag, 1.2.840.113549.1.12.10.1.{1,2}, as DER writes them. */
const KEY_BAG = Buffer.from([0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x0a, 0x01]);
/** rsaEncryption and ecPublicKey: the algorithms of a PKCS #8 key. */
const RSA = Buffer.from([0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01]);
const EC = Buffer.from([0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01]);

const JKS = 0xfeedfeed;
const JCEKS = 0xcececece;

/** Whether a file may be a keystore, by its first bytes alone. */
export function mayBeKeystore(head: Buffer, size: number): boolean {
  if (size < 64 || size > MAX_KEYSTORE_BYTES) return false;
  const magic = head.length >= 4 ? head.readUInt32BE(0) : 0;
  // else a DER sequence whose first member is a version number
  return magic === JKS || magic === JCEKS || (head[0] === 0x30 && head[versionAt(head)] === 0x02);
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
  const version = versionAt(bytes);
  const number = bytes[version + 2];
  if (bytes[version + 1] !== 1) return false;
  if (number === 3) {
    const bag = bytes.indexOf(KEY_BAG);
    const kind = bytes[bag + KEY_BAG.length];
    return bag >= 0 && (kind === 1 || kind === 2);
  }
  if (number !== 0) return false;
  const algorithm = bytes.subarray(version + 3, version + 40);
  // PKCS #8 names its algorithm; PKCS #1 goes on with the modulus, a long integer, in nothing but the sequence
  return algorithm.includes(RSA) || algorithm.includes(EC) || isRsaPrivateKey(bytes, version + 3);
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
