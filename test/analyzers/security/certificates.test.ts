import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { certificates, type Certificate } from '../../../src/analyzers/security/certificates.js';
import { fixture } from '../../golden.js';
import { entry, image, located, view } from '../sample-image.js';

const CA = readFileSync(fixture('security/ca.pem'));
const LEAF = readFileSync(fixture('security/leaf.pem'));
const analyzer = certificates();
const told: string[] = [];

function analyze(bytes: Buffer, path = 'etc/a.pem'): readonly Certificate[] {
  told.length = 0;
  return analyzer.analyze?.(entry(path), bytes, (message) => told.push(message)) ?? [];
}

function der(pem: Buffer): Buffer {
  return Buffer.from(pem.toString().replace(/-----[^-]*-----/g, ''), 'base64');
}

describe('a certificate', () => {
  test('an authority', () => {
    const name = 'C=DE, O=Example Works, CN=Example Works Root CA';
    expect(analyze(CA)).toEqual([{
      subject: name, issuer: name, notBefore: expect.stringMatching(/^20\d\d-.*Z$/), notAfter: expect.stringMatching(/^203\d-/), serial: '1234', fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
      keyType: 'rsa', keyBits: 2048, authority: true, selfSigned: true,
    }]);
  });

  test('a server’s, and DER', () => {
    expect(analyze(LEAF)).toMatchObject([{ subject: 'CN=shop.internal', keyType: 'ec', keyBits: 256, authority: false, selfSigned: false, serial: '1235' }]);
    expect(analyze(der(LEAF))).toEqual(analyze(LEAF));
  });

  test('a bundle with text between, and one that is broken', () => {
    const broken = Buffer.from('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
    expect(analyze(Buffer.concat([Buffer.from('# one\n'), CA, broken, LEAF, Buffer.from('-----BEGIN CERTIFICATE-----')])).map(({ serial }) => serial)).toEqual(['1234', '1235']);
    expect(told).toEqual(['1 of its certificates cannot be read.']);
  });

  test.each([50, 200, 400])('cut at %i bytes', (length) => {
    expect(analyze(der(CA).subarray(0, length))).toEqual([]);
    expect(analyze(CA.subarray(0, length))).toEqual([]);
  });

  test.each([['etc/a.pem', '', true], ['etc/a', '-----BEGIN CERTIFICATE-----', true], ['etc/a', 'x', false], ['usr/share/doc/a.pem', '', false]])('%s %j is looked at: %s', (path, head, expected) => {
    expect(analyzer.wants(entry(path, { size: 9 }), Buffer.from(head)) !== 'nothing').toBe(expected);
  });
});

describe('what was added to the trust store', () => {
  const [ca] = analyze(CA);
  const [leaf] = analyze(LEAF);
  const other: Certificate = { ...(ca as Certificate), fingerprint: '1', subject: 'CN=Mozilla' };

  test.each([
    ['an administrator’s own', [['/usr/local/share/ca-certificates/a.crt', [ca]]], ['/usr/local/share/ca-certificates/a.crt']],
    ['one in the bundle that the distribution has not', [['/usr/share/ca-certificates/mozilla/m.crt', [other]], ['/etc/ssl/certs/ca-certificates.crt', [other, ca]]], ['/etc/ssl/certs/ca-certificates.crt#2']],
    ['a server’s certificate is no authority', [['/usr/share/ca-certificates/mozilla/m.crt', [other]], ['/etc/ssl/certs/server.pem', [leaf]]], []],
    ['without the distribution’s own list nothing is known', [['/etc/ssl/certs/ca-certificates.crt', [other, ca]]], []],
  ])('%s', (_, files, expected) => {
    const facts = files.map(([path, fact]) => located(path as string, fact as readonly Certificate[]));
    const sections = analyzer.report?.(view(image([]), facts))?.['certificates'];
    expect(Object.keys(sections?.['trust_store.added'] ?? {})).toEqual(expected);
    expect(Object.keys(sections?.['certificates.all'] ?? {})).not.toContain('/etc/ssl/certs/ca-certificates.crt#1#1');
  });
});
