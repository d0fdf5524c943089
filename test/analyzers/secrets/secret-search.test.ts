import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { holdsPrivateKey, mayBeKeystore } from '../../../src/analyzers/secrets/keystore.js';
import { DEFAULT_SECRET_SEARCH, secretSearch } from '../../../src/analyzers/secrets/secret-search.js';
import type { ImageLayer } from '../../../src/image/image.js';
import { entry, image, located, view } from '../sample-image.js';

const PASSWORD = ['kX9', 'mQ2v', 'Tz'].join('#');
const TEXT = Buffer.from(`host: db\npassword: ${PASSWORD}\n`);
const analyzer = secretSearch();

function wants(path: string, bytes: Buffer, size = bytes.length): unknown {
  return analyzer.wants(entry(path, { size }), bytes.subarray(0, 512));
}

describe('which files', () => {
  test.each([
    ['etc/app.yml', TEXT, { limit: 5 * 1024 * 1024, beyond: 'skip' }],
    ['usr/share/doc/app.yml', TEXT, 'nothing'],
    ['usr/bin/env', Buffer.from('\x7fELF\0\0'), 'nothing'],
    ['etc/empty', Buffer.alloc(0), 'nothing'],
    ['etc/app.p12', Buffer.concat([Buffer.from([0x30, 0x82, 0x03, 0x00, 0x02, 0x01, 0x03]), Buffer.alloc(100)]), { limit: 256 * 1024, beyond: 'skip' }],
  ])('%s', (path, bytes, expected) => {
    expect(wants(path, bytes)).toEqual(expected);
  });
});

describe('facts and sections', () => {
  const told: string[] = [];
  const fact = analyzer.analyze?.(entry('etc/app.yml', { size: TEXT.length }), TEXT, (message) => told.push(message)) ?? [];

  test('a fact has patterns and lines, and no secret', () => {
    expect(fact.map(([pattern, lines]) => [pattern.split('=')[0], lines])).toEqual([['PASSWORD', [1]]]);
    expect(JSON.stringify(fact)).not.toContain('kX9');
    expect(told).toEqual([]);
  });

  test('visible, hidden and the config each have a section', () => {
    const layer = (index: number, createdBy: string): ImageLayer => ({ index, createdBy, historyIndex: index, facts: { diffId: '', sizeBytes: 0, entries: [], facts: {}, problems: [] } });
    const of = image([], { env: [`DB_PASSWORD=${PASSWORD}`] }, [layer(0, 'COPY a'), layer(1, `RUN rm x && echo password=${PASSWORD}`)]);
    const sections = analyzer.report?.(view(of, [located('/etc/app.yml', fact)], [
      { ...located('/root/old.yml', fact, 1), hiddenBy: 2 },
      // only its mode was changed later
      { ...located('/etc/app.yml', fact, 0), hiddenBy: 1 },
    ]))?.['secret_search'];
    expect(Object.keys(sections?.['regexp_matches.all'] ?? {})).toEqual(['/etc/app.yml']);
    expect(Object.entries(JSON.parse(sections?.['regexp_matches.all']?.['/etc/app.yml'] ?? '{}')).map(([key, lines]) => [Buffer.from(key, 'base64').toString().split('=')[0], lines])).toEqual([['PASSWORD', [1]]]);
    expect(JSON.parse(sections?.['hidden_regexp_matches.all']?.['/root/old.yml'] ?? '[]')).toMatchObject([{ name: 'PASSWORD', lines: [1], layer: 1, hiddenBy: 2, instruction: 'RUN rm x && echo password=***' }]);
    expect(Object.keys(sections?.['hidden_regexp_matches.all'] ?? {})).toEqual(['/root/old.yml']);
    expect(Object.keys(sections?.['config_regexp_matches.all'] ?? {})).toEqual(['config:env:DB_PASSWORD']);
    expect(JSON.stringify(sections)).not.toContain('kX9');
  });

  test('a kind that is switched off is not looked for; a pattern of the user’s is, under his text', () => {
    const own = secretSearch({ ...DEFAULT_SECRET_SEARCH, disabled: ['PASSWORD'], patterns: [{ pattern: 'HOST=(?i)HOST: \\w+$' }] });
    expect(own.analyze?.(entry('etc/app.yml', { size: TEXT.length }), TEXT, () => undefined)).toEqual([['HOST=(?i)HOST: \\w+$', [0]]]);
  });
});

describe('keystores', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const jks = (tag: number): Buffer => Buffer.concat([Buffer.from('feedfeed0000000200000001', 'hex'), Buffer.from([0, 0, 0, tag, 0, 1]), Buffer.from('a'), Buffer.alloc(8), Buffer.from([0, 5]), Buffer.from('X.509'), Buffer.from([0, 0, 0, 4]), Buffer.alloc(80)]);
  test.each([
    ['PKCS #8 RSA', privateKey.export({ type: 'pkcs8', format: 'der' }), true],
    ['PKCS #8 EC', ec.export({ type: 'pkcs8', format: 'der' }), true],
    ['PKCS #1', privateKey.export({ type: 'pkcs1', format: 'der' }), true],
    ['a public key', publicKey.export({ type: 'spki', format: 'der' }), false],
    ['a Java keystore with a key', jks(1), true],
    ['a Java trust store', jks(2), false],
    ['a cut one', jks(2).subarray(0, 14), false],
    ['zeros', Buffer.alloc(100), false],
  ])('%s', (_, bytes, expected) => {
    expect(mayBeKeystore(bytes.subarray(0, 512), bytes.length) && holdsPrivateKey(bytes)).toBe(expected);
  });

  test.each([
    ['jks.store', true], ['jceks.store', true], ['pkcs12.store', true], ['openssl.p12', true], ['pkcs8.der', true], ['pkcs1.der', true],
    ['sec1.der', true], ['ed25519.der', true], ['encrypted-pkcs8.der', true],
    ['trust.jks', false], ['trust.p12', false], ['certonly.p12', false], ['certificate.der', false],
  ])('%s, as its tool writes it', (name, expected) => {
    const bytes = readFileSync(`test/fixtures/security/keystores/${name}`);
    const of = entry(`srv/${name}`, { size: bytes.length });
    const wanted = analyzer.wants(of, bytes.subarray(0, 512)) !== 'nothing';
    expect(wanted && analyzer.analyze?.(of, bytes, () => undefined) !== undefined).toBe(expected);
  });
});

describe('UTF-16, as Windows writes it', () => {
  const little = Buffer.from(TEXT.toString(), 'utf16le');
  const big = Buffer.from(little).swap16();
  const asUtf8 = analyzer.analyze?.(entry('etc/app.yml', { size: TEXT.length }), TEXT, () => undefined);
  test.each([
    ['with its mark', Buffer.concat([Buffer.from([0xff, 0xfe]), little])],
    ['big-endian, with its mark', Buffer.concat([Buffer.from([0xfe, 0xff]), big])],
    ['without one', little],
    ['big-endian, without one', big],
    ['cut in a character', little.subarray(0, little.length - 1)],
  ])('%s', (_, bytes) => {
    const of = entry('etc/app.yml', { size: bytes.length });
    expect(asUtf8).toHaveLength(1);
    expect(analyzer.wants(of, bytes.subarray(0, 512))).not.toBe('nothing');
    expect(analyzer.analyze?.(of, bytes, () => undefined)).toEqual(asUtf8);
  });

  test.each([['bytes', Buffer.from([0x4d, 0x5a, 0x90, 0, 3, 0, 0, 0])], ['zeros', Buffer.alloc(64)], ['numbers of two bytes', Buffer.from(Array.from({ length: 64 }, (_, index) => (index % 2 === 0 ? index * 3 : 0)))]])('%s are none', (_, bytes) => {
    expect(analyzer.wants(entry('a', { size: bytes.length }), bytes)).toBe('nothing');
  });
});
