import { describe, expect, test } from '@jest/globals';
import { executables } from '../../../src/analyzers/executable/analyzer.js';
import { goPackages } from '../../../src/analyzers/go/packages.js';
import { expectGolden } from '../../golden.js';
import { fixtureBytes, runOn, table } from '../packageFile/run.js';

/** Real executables, hollowed: test/fixtures/executable/README.md. */
const FILES = [
  'go1.26-linux-amd64', 'go1.26-linux-386', 'go1.26-linux-s390x', 'go1.26-windows-amd64.exe', 'go1.26-darwin-amd64', 'go1.26-darwin-arm64',
  'go1.17-linux-amd64', 'go1.17-linux-s390x', 'go1.17-windows-386.exe', 'go1.17-darwin-amd64',
  'replaced-linux-amd64', 'replaced-linux-arm64', 'replaced-windows-amd64',
  'no_deps', 'uses_serde_json', 'rust1.95-hello',
];

describe('executables', () => {
  // Chunks cut headers, magics and texts in two, wherever they are.
  test.each(FILES.flatMap((name) => [[name, 64 * 1024], [name, 4099], [name, 50_000_000]] as const))('%s in chunks of %i', (name, chunk) => {
    const { fact, problems } = runOn(executables, 'usr/bin/x', fixtureBytes(`executable/${name}.gz`), chunk);
    expect(problems).toEqual([]);
    const drafts = [...(fact?.go ?? []).flatMap((info) => goPackages(info, fact?.architecture ?? '')), ...(fact?.rust ?? [])];
    expectGolden(`executable/${name}.txt`, `${fact?.architecture}\n${table(drafts)}`);
  });

  test('a universal Mach-O file says everything once', () => {
    const parts = ['go1.26-darwin-amd64', 'go1.26-darwin-arm64'].map((name) => fixtureBytes(`executable/${name}.gz`));
    const { fact, problems } = runOn(executables, 'Applications/x', universal(parts));
    expect(problems).toEqual([]);
    expect(fact?.go.length).toBe(2);
    const view = { facts: () => [{ path: '/Applications/x', layer: 0, fact }] } as unknown as Parameters<NonNullable<typeof executables.packages>>[0];
    expect(executables.packages?.(view).map(({ name, version }) => `${name} ${version}`)).toEqual([
      'stdlib 1.26.8', 'example.org/hello ', 'golang.org/x/text v0.0.0-20170915032832-14c0d48ead0c', 'rsc.io/quote v1.5.2', 'rsc.io/sampler v1.99.99',
    ]);
  });

  test('a Java class, which begins like a universal Mach-O file, is left alone', () => {
    const head = Buffer.alloc(600);
    head.writeUInt32BE(0xcafebabe, 0);
    head.writeUInt32BE(65, 4);
    expect(executables.wants({ path: 'A.class', type: 'file', mode: 0, uid: 0, gid: 0, size: 600, mtime: 0 }, head)).toBe('nothing');
  });
});

function universal(parts: readonly Buffer[]): Buffer {
  const page = 16 * 1024;
  const header = Buffer.alloc(page);
  header.writeUInt32BE(0xcafebabe, 0);
  header.writeUInt32BE(parts.length, 4);
  const body: Buffer[] = [];
  let at = page;
  parts.forEach((part, index) => {
    header.writeUInt32BE(at, 8 + index * 20 + 8);
    header.writeUInt32BE(part.length, 8 + index * 20 + 12);
    const padded = Buffer.concat([part, Buffer.alloc((page - (part.length % page)) % page)]);
    body.push(padded);
    at += padded.length;
  });
  return Buffer.concat([header, ...body]);
}
