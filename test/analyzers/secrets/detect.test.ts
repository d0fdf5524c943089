import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { base62Checksum, endsInChecksum, entropy, isFiller, isPlaceholder } from '../../../src/analyzers/secrets/checks.js';
import { secretDetector } from '../../../src/analyzers/secrets/detect.js';
import { literalFinder } from '../../../src/analyzers/secrets/literals.js';
import { isLeftOut, placeOf } from '../../../src/analyzers/secrets/place.js';
import { RULES } from '../../../src/analyzers/secrets/rules/index.js';
import { linesOf } from '../../../src/analyzers/secrets/text.js';

const detector = secretDetector(RULES);

function patterns(text: string, path = '/app/config.yml'): string[] {
  return detector(Buffer.from(text, 'latin1'), { place: placeOf(path), path, strict: false }).matches.map(({ pattern }) => pattern);
}

function names(text: string, path?: string): string[] {
  return patterns(text, path).map((pattern) => pattern.slice(0, pattern.indexOf('=')));
}

/** A value that is put together here, so that no file holds it. */
const SECRET_KEY = ['h8Gk2Lq9', 'ZxV4nB7m', 'Qw3Er5Ty', '6Ui8Op0A', 'sD1fGhJk'].join('');
const KEY_ID = ['AKIA', 'Q3EG', 'RIZ7', 'UVKM', 'WPLC'].join('');

describe('the literal finder', () => {
  test.each([
    ['one literal after the other', 0],
    ['with its table, once it was given more than a few short texts', 16 * 1024],
  ])('finds what indexOf finds, whatever the bytes: %s', (_, before) => {
    const word = fc.stringMatching(/^[abAB-]{1,4}$/);
    fc.assert(fc.property(fc.uniqueArray(word, { minLength: 1, maxLength: 6, selector: (text) => text.toLowerCase() }), fc.stringMatching(/^[abAB-]{0,40}$/), (literals, text) => {
      const found: string[] = [];
      const ends: number[] = [];
      const finder = literalFinder(literals);
      finder.scan(Buffer.alloc(before), () => true);
      finder.scan(Buffer.from(text), (literal, end) => {
        found.push(`${literals[literal]?.toLowerCase()}@${end}`);
        ends.push(end);
        return true;
      });
      expect(ends).toEqual([...ends].sort((a, b) => a - b));
      const expected: string[] = [];
      for (const literal of literals.map((one) => one.toLowerCase())) {
        for (let at = text.toLowerCase().indexOf(literal); at >= 0; at = text.toLowerCase().indexOf(literal, at + 1)) expected.push(`${literal}@${at + literal.length}`);
      }
      expect(found.sort()).toEqual(expected.sort());
    }));
  });

  test('stops when it is told to', () => {
    let calls = 0;
    literalFinder(['aaa']).scan(Buffer.from('aaaaaaaa'), () => (calls += 1) < 2);
    expect(calls).toBe(2);
  });
});

describe('the seed’s five names state the seed’s own text', () => {
  test.each([
    ['AWS_ACCESS_KEY=(?i).*aws_access_key_id( *=+ *).*(?<![A-Z0-9])[A-Z0-9]{20}(?![A-Z0-9]).*', `aws_access_key_id = ${KEY_ID}`],
    ['AWS_SECRET_KEY=(?i).*aws_secret_access_key( *=+ *).*(?<![A-Za-z0-9/+=])[A-Za-z0-9/+=]{40}(?![A-Za-z0-9/+=]).*', `aws_secret_access_key = ${SECRET_KEY}`],
    ['AWS_SECRET_KEY=(?i).*aws_secret_access_key( *=+ *).*(?<![A-Za-z0-9/+=])[A-Za-z0-9/+=]{40}(?![A-Za-z0-9/+=]).*', `export AWS_SECRET_ACCESS_KEY=${SECRET_KEY}`],
    ['PRIV_KEY=(?i)-+BEGIN(.*)PRIVATE KEY-+', `-----BEGIN RSA PRIVATE KEY-----\n${SECRET_KEY}${SECRET_KEY}\n-----END RSA PRIVATE KEY-----`],
    ['DOCKER_AUTH=(?i).*"auth": *".+"', `{"auth": "${Buffer.from('ci:correct-horse').toString('base64')}"}`],
    ['API_KEY=(?i).*api(-|_)key( *=+ *).*(?<![A-Z0-9])[A-Z0-9]{20,60}(?![A-Z0-9]).*', `my_api_key = ${SECRET_KEY}`],
  ])('%s', (pattern, text) => {
    expect(patterns(text)).toEqual([pattern]);
  });
});

describe('what is a secret', () => {
  test.each([
    ['a key in a string of JSON', 'PRIV_KEY', `{"key": "-----BEGIN PRIVATE KEY-----\\n${SECRET_KEY}${SECRET_KEY}\\n-----END PRIVATE KEY-----\\n"}`],
    ['an encrypted key with PEM headers', 'PRIV_KEY', `-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00112233\n\n${SECRET_KEY}${SECRET_KEY}\n-----END`],
    ['a PGP key', 'PRIV_KEY', `-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: GnuPG v2\n\n${SECRET_KEY}\n${SECRET_KEY}\n=aB3d\n-----END`],
    ['a key ID alone', 'AWS_ACCESS_KEY', `id: ${KEY_ID}`],
    ['behind an escaped line feed', 'AWS_ACCESS_KEY', `"x\\n${KEY_ID}"`],
    ['a password in a database’s URL', 'URL_PASSWORD', 'url: postgresql+psycopg2://shop:kX9#mQ2v@db.internal/shop'],
    ['a YAML password', 'PASSWORD', 'password: kX9#mQ2v'],
    ['SecretAccessKey in JSON', 'AWS_SECRET_KEY', `"SecretAccessKey": "${SECRET_KEY}"`],
  ])('%s', (_, name, text) => {
    expect(names(text)).toEqual([name]);
  });

  test.each([
    ['a header without a body', '-----BEGIN RSA PRIVATE KEY-----\n'],
    ['a body of dots', '-----BEGIN RSA PRIVATE KEY-----\n...\n-----END RSA PRIVATE KEY-----'],
    ['the AWS documentation', 'aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'],
    ['a token whose checksum is not its own', `upload: ghp_${'aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0fGhJkL'}`],
    ['a variable', 'password: ${DB_PASSWORD}\ntoken: {{ token }}'],
    ['a manual’s URL', 'url: mysql://user:password@localhost/db'],
    ['a name of a secret', 'secretName: database-credentials-v2\ntoken_url: https://login.internal/oauth2/token'],
    ['a lock file’s digest', `"integrity": "sha512-${SECRET_KEY}${SECRET_KEY}=="`],
    ['"auth" that is no user and password', '{"auth": "required"}'],
    ['a comment', '# password: kX9#mQ2v'],
  ])('not %s', (_, text) => {
    expect(names(text)).toEqual([]);
  });

  test('in program text of a registry only tokens count', () => {
    const text = `const password = 'kX9#mQ2vLp';\nconst id = '${KEY_ID}';`;
    expect(names(text, '/srv/node_modules/a/index.js')).toEqual(['AWS_ACCESS_KEY']);
    expect(names(text, '/srv/app/index.js')).toEqual(['PASSWORD', 'AWS_ACCESS_KEY']);
  });
});

describe('left out by rule', () => {
  test.each(['/app/README.md', '/app/docs/a.yml', '/usr/share/doc/x/y', '/app/test/a.js', '/app/__tests__/a.js', '/app/a.spec.ts', '/usr/share/locale/de/x', '/app/.env.example', '/var/lib/dpkg/status', '/app/package-lock.json'])('%s', (path) => {
    expect(isLeftOut(path)).toBe(true);
  });

  test.each(['/root/.ssh/id_rsa', '/app/.env', '/app/.env.production', '/etc/app/latest.conf', '/app/contest/a.yml', '/app/testimonials.json', '/app/specials/a.yml', '/home/test/.netrc'.replace('test', 'tester')])('not %s', (path) => {
    expect(isLeftOut(path)).toBe(false);
  });
});

describe('checks', () => {
  test('GitHub’s and npm’s checksum: CRC-32 of thirty characters in base 62', () => {
    const body = 'zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ';
    expect(base62Checksum(body)).toBe('0mLq17');
    expect(endsInChecksum(`x_${body}0mLq17`)).toBe(true);
    expect(endsInChecksum(`x_${body}0mLq18`)).toBe(false);
  });

  test.each([['aaaa', 0], ['abcd', 2], ['aabb', 1]])('entropy of %s', (text, bits) => {
    expect(entropy(text)).toBeCloseTo(bits);
  });

  test.each([['${X}', true], ['changeme', true], ['xxxxxxxx', true], ['kX9#mQ2v', false]])('%s stands for a secret: %s', (text, expected) => {
    expect(isPlaceholder(text)).toBe(expected);
  });

  test('a run of neighbours is no draw', () => {
    expect(isFiller('0123456789abcdef0123456789abcdef')).toBe(true);
    expect(isFiller(SECRET_KEY)).toBe(false);
  });

  test('lines from 0, ended by line feeds', () => {
    expect(linesOf(Buffer.from('a\nb\r\n\nc'), [0, 2, 5, 6])).toEqual([0, 1, 2, 3]);
  });
});

describe('hostile bytes', () => {
  const MEGABYTE = 512 * 1024;
  test.each([
    ['a line of one letter', 'A'.repeat(4 * MEGABYTE)],
    ['the beginning of a token again and again', 'eyJ'.repeat(MEGABYTE)],
    ['web tokens’ beginnings with marks between', '.eyJ'.repeat(MEGABYTE / 2)],
    ['names without values', 'password='.repeat(MEGABYTE / 8)],
    ['names and quotes', '"password":"'.repeat(MEGABYTE / 12)],
    ['URLs without ends', 'a://b:c'.repeat(MEGABYTE / 8)],
    ['keys without bodies', '-----BEGIN PRIVATE KEY-----'.repeat(MEGABYTE / 27)],
    ['bodies without ends', `-----BEGIN PRIVATE KEY-----${'Ab1+'.repeat(MEGABYTE / 4)}`],
    ['"kty" without "d"', '"kty":"RSA"'.repeat(MEGABYTE / 11)],
    ['sig= in a query', 'sv=1&sig='.repeat(MEGABYTE / 9)],
  ])('%s comes to an end', (_, text) => {
    expect(detector(Buffer.from(text), { place: 'settings', path: '/x.yml', strict: false }).matches.length).toBeLessThan(1_100);
  });

  test('whatever the bytes, it does not throw, and matches lie within them', () => {
    const pieces = fc.constantFrom('password=', '"token": "', '://', 'user:', '@host', 'ghp_', '-----BEGIN ', 'PRIVATE KEY-----', '\n', '\\n', '\0', 'eyJ', '.', SECRET_KEY, KEY_ID, '"', "'", '<password>');
    fc.assert(fc.property(fc.array(fc.oneof(pieces, fc.string()), { maxLength: 30 }), (parts) => {
      const bytes = Buffer.from(parts.join(''), 'latin1');
      for (const strict of [true, false]) {
        for (const { start, end } of detector(bytes, { place: 'environment', path: '/root/.netrc', strict }).matches) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(bytes.length);
        }
      }
    }));
  });
});
