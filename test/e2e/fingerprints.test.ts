import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { SarifLog } from '../../src/output/sarif/log.js';
import { ADVISORIES, commandLine, freshFolder } from './runner.js';
import { LEAKED_KEY, tinyImage } from './tinyImage.js';

const lodash = (version: string): string => JSON.stringify({ name: 'lodash', version, license: 'MIT' });

/** The same image, built again: other bytes, another order of instructions, more of them, another version that has the same flaws. */
const BUILDS: readonly Readonly<Record<string, string>>[] = [
  { 'srv/node_modules/lodash/package.json': lodash('4.17.11'), 'root/key.pem': LEAKED_KEY, 'srv/server.js': '1' },
  { 'srv/node_modules/lodash/package.json': lodash('4.17.11'), 'root/key.pem': LEAKED_KEY, 'srv/server.js': '2' },
  { 'root/key.pem': LEAKED_KEY, 'srv/server.js': '1', 'srv/node_modules/lodash/package.json': lodash('4.17.11') },
  { 'etc/more': 'x', 'srv/server.js': '1', 'root/key.pem': LEAKED_KEY, 'srv/node_modules/lodash/package.json': lodash('4.17.11') },
  { 'etc/more': 'x', 'etc/again': 'y', 'root/key.pem': `\n\n${LEAKED_KEY}`, 'srv/node_modules/lodash/package.json': lodash('4.17.10') },
  { 'srv/server.js': '3', 'root/key.pem': LEAKED_KEY, 'srv/node_modules/lodash/package.json': lodash('4.17.11') },
];

async function fingerprints(files: Readonly<Record<string, string>>, tag: string): Promise<Record<string, string>> {
  const folder = freshFolder();
  await tinyImage(join(folder, 'image.tar'), `shop:${tag}`, files);
  writeFileSync(join(folder, 'Dockerfile'), ['FROM scratch', ...Object.keys(files).map((file) => `COPY ${file} /${file}`)].join('\n'));
  const ran = await commandLine(['scan', 'image.tar', '--dockerfile', 'Dockerfile', '--advisories', ADVISORIES, '--format', 'sarif', '--fail-on', 'never', '--quiet', '--cache', 'false'], { cwd: folder });
  expect({ status: ran.status, stderr: ran.stderr }).toEqual({ status: 0, stderr: '' });
  const run = (JSON.parse(ran.stdout) as SarifLog).runs[0];
  expect(run?.automationDetails.id).toBe('inline-scan/localbuild/shop/');
  const prints = (run?.results ?? []).map(({ ruleId, partialFingerprints, locations }) => {
    // each at the line of the instruction that brought it
    const [place] = locations;
    const path = place?.logicalLocations.find(({ kind }) => kind === 'resource')?.fullyQualifiedName.split(':/').at(-1);
    if (path !== undefined && path in files) expect([path, place?.physicalLocation.region.startLine]).toEqual([path, Object.keys(files).indexOf(path) + 2]);
    return [ruleId, partialFingerprints['primaryLocationLineHash'] ?? ''] as const;
  });
  expect(new Set(prints.map(([, print]) => print)).size).toBe(prints.length);
  return Object.fromEntries(prints);
}

test('over five rebuilds and a reordered Dockerfile the same finding keeps its fingerprint, and is at its line; no two share one', async () => {
  const [first, ...others] = await Promise.all(BUILDS.map((files, build) => fingerprints(files, `1.${build}`)));
  expect(Object.keys(first ?? {}).length).toBeGreaterThan(3);
  for (const other of others) for (const [rule, print] of Object.entries(first ?? {})) expect([rule, other[rule]]).toEqual([rule, print]);
}, 120_000);
