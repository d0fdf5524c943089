import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { BinarySink, binaries, classifiersOf } from '../../../src/analyzers/binary/analyzer.js';
import { near, WIDEST } from '../../../src/analyzers/binary/classifier.js';
import { VersionScan } from '../../../src/analyzers/binary/scan.js';
import { expectGolden, fixture } from '../../golden.js';
import { runOn } from '../packageFile/run.js';

/** Some hundred bytes around the version of real programs, by `PRODUCT/VERSION/PLATFORM/FILE`: syft's test data. */
const SNIPPETS = Object.entries(JSON.parse(readFileSync(fixture('binary/snippets.json'), 'utf8')) as Record<string, string>).map(([path, text]) => [path, Buffer.from(text, 'base64')] as const);

function classified(path: string, bytes: Buffer): readonly string[] {
  return (runOn(binaries, path, bytes).fact ?? []).map(({ purl }) => purl);
}

describe('programs known by their bytes', () => {
  test('each snippet is what its folder says', () => {
    const rows = SNIPPETS.map(([path, bytes]) => `${path} → ${classified(path, bytes).join(' ') || 'nothing'}`);
    expectGolden('binary/snippets.txt', `${rows.join('\n')}\n`);
  });

  test.each(SNIPPETS)('%s', (path, bytes) => {
    const version = path.split('/')[1] ?? '';
    const versions = classified(path, bytes).map((purl) => decodeURIComponent(purl.slice(purl.indexOf('@') + 1)).replace(/^v/, ''));
    expect(versions.some((found) => found.startsWith(version) || version.startsWith(found))).toBe(true);
  });

  test('a file of another name is not looked into', () => {
    expect(classifiersOf('usr/bin/cat')).toEqual([]);
    expect(runOn(binaries, 'usr/bin/cat', Buffer.from('node.js/v22.1.0')).fact).toBeUndefined();
  });

  test('an empty file is not looked into', () => {
    expect(runOn(binaries, 'usr/bin/node', Buffer.alloc(0)).fact).toBeUndefined();
  });
});

describe('scanning as bytes pass', () => {
  const node = Buffer.concat([Buffer.alloc(5000), Buffer.from('xx node.js/v22.11.0 yy'), Buffer.alloc(5000)]);

  test.each([1, 7, 100, 5008, 5012, 5015, 20_000])('a version cut at a chunk of %i bytes is whole', (chunk) => {
    const sink = new BinarySink('usr/bin/node');
    for (let at = 0; at < node.length; at += chunk) sink.write(node.subarray(at, at + chunk));
    expect(sink.end()?.[0]?.version).toBe('22.11.0');
  });

  test('the more trusted pattern wins, wherever it stands', () => {
    const scan = new VersionScan([near('good ', /good (?<version>\d)/), near('poor ', /poor (?<version>\d)/)]);
    scan.write(Buffer.from('poor 1'));
    scan.write(Buffer.alloc(3 * WIDEST));
    scan.write(Buffer.from('good 2'));
    expect(scan.end()).toBe('2');
  });

  test.each([
    ['zeros', Buffer.alloc(1 << 20)],
    ['literals', Buffer.from('\0v1.'.repeat(1 << 18), 'latin1')],
    ['digits', Buffer.from('1.'.repeat(1 << 19), 'latin1')],
  ])('a megabyte of %s ends without a version for every classifier', (_, bytes) => {
    for (const path of ['traefik', 'grafana', 'envoy', 'helm', 'vault', 'jq', 'openssl', 'java', 'beam.smp', 'pilot-agent', 'mysqld', 'nginx-ingress-controller']) {
      expect(classified(path, bytes)).toEqual([]);
    }
  });
});
