import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import type { Finding } from '../../src/evaluation/evaluation.js';
import { locate } from '../../src/output/locate.js';
import type { ScannedImage } from '../../src/report/scanned.js';
import { fixture } from '../golden.js';
import { evaluation, image } from './sample.js';

/** An image of test/fixtures/dockerfile. */
function built(name: string): ScannedImage {
  const { history } = JSON.parse(readFileSync(fixture(`dockerfile/${name}.json`), 'utf8')) as { history: { created_by: string; comment: string; empty_layer: boolean }[] };
  let index = 0;
  return image({
    history: history.map((row) => ({ created: '', createdBy: row.created_by, comment: row.comment, emptyLayer: row.empty_layer })),
    layers: history.map((row) => ({ index: row.empty_layer ? -1 : index++, diffId: row.empty_layer ? '' : `sha256:${index}`, sizeBytes: 1, createdBy: row.created_by, emptyLayer: row.empty_layer })),
    layerOf: (path) => (path === '/srv/webshop/server.js' ? 6 : undefined),
  });
}

function finding(location: Finding['location'], more: Partial<Finding> = {}): Finding {
  return { id: 'x', policy: 'p', rule: 'r', gate: 'files', trigger: 't', action: 'warn', message: 'm', ...(location === undefined ? {} : { location }), ...more };
}

const layer = (index: number): NonNullable<Finding['location']> => ({ layer: { index, diffId: '', instruction: '' } });
const webshop = readFileSync(fixture('dockerfile/webshop/Dockerfile'), 'utf8');

test.each<[what: string, finding: Finding, lines: string, fromBase: boolean | undefined]>([
  ['the base\'s layer', finding(layer(0)), '2-2', true],
  ['apt-get install', finding(layer(1)), '6-8', false],
  ['COPY deploy_key', finding(layer(3)), '10-10', false],
  ['a path, whose layer the report knows', finding({ path: '/srv/webshop/server.js' }), '13-13', false],
  ['ENV', finding({ path: 'config:env:AWS_SECRET_ACCESS_KEY' }), '4-5', false],
  ['ENV of the base', finding({ path: 'config:env:PATH' }), '2-2', true],
  ['LABEL', finding({ path: 'config:label:maintainer' }), '3-3', false],
  ['a row of history', finding({ path: 'config:history:3' }), '6-8', false],
  ['no such row', finding({ path: 'config:history:99' }), '1-17', undefined],
  ['a port', finding(undefined, { trigger: 'exposed_ports', message: 'Dockerfile exposes port (22) which is …' }), '16-16', false],
  ['the user, where there is no USER', finding(undefined, { trigger: 'effective_user' }), '2-2', undefined],
  ['lines that a gate has given', finding({ dockerfile: { file: 'Dockerfile', startLine: 7, endLine: 7 } }), '7-7', false],
  ['a layer that the image does not have', finding(layer(99)), '1-17', undefined],
])('%s', (_what, one, lines, fromBase) => {
  const [located] = locate(evaluation([one]), built('webshop/classic'), { path: 'docker/Dockerfile', text: webshop }).findings;
  const at = located?.location?.dockerfile;
  expect([`${at?.startLine}-${at?.endLine}`, located?.location?.fromBase]).toEqual([lines, fromBase]);
  if (one.location?.dockerfile === undefined) expect(at?.file).toBe('docker/Dockerfile');
});

test('another image\'s Dockerfile: the Dockerfile as a whole, and nothing of the base', () => {
  const [located] = locate(evaluation([finding(layer(1))]), built('pyapi/classic'), { path: 'Dockerfile', text: webshop }).findings;
  expect(located?.location).toMatchObject({ dockerfile: { file: 'Dockerfile', startLine: 1, endLine: 17 } });
  expect(located?.location?.fromBase).toBeUndefined();
});

test('several instructions in one layer: from the first to the last; a squashed base: the Dockerfile as a whole', () => {
  const text = (name: string): string => readFileSync(fixture(`dockerfile/${name}/Dockerfile`), 'utf8');
  expect(locate(evaluation([finding(layer(1))]), built('single/buildah-flat'), { path: 'Dockerfile', text: text('single') }).findings[0]?.location).toMatchObject({ dockerfile: { startLine: 6, endLine: 13 }, fromBase: false });
  expect(locate(evaluation([finding(layer(0))]), built('squashed/buildah-flat'), { path: 'Dockerfile', text: text('squashed') }).findings[0]?.location).toMatchObject({ dockerfile: { startLine: 1, endLine: 4 } });
});

test('a Dockerfile of FROM alone: its FROM, since there is nothing else', () => {
  expect(locate(evaluation([finding(layer(0))]), built('webshop/classic'), { path: 'Dockerfile', text: 'FROM webshop\n' }).findings[0]?.location).toMatchObject({ dockerfile: { startLine: 1, endLine: 1 }, fromBase: true });
});

test('without a Dockerfile only the layer is told', () => {
  const [located] = locate(evaluation([finding({ path: '/srv/webshop/server.js' })]), built('webshop/classic'), undefined).findings;
  expect(located?.location?.layer?.index).toBe(6);
  expect(located?.location?.dockerfile).toBeUndefined();
});

test('the layers of the image know their lines, and which are the base\'s', () => {
  const scanned = built('webshop/classic');
  const layers = scanned.layers.map(({ createdBy, ...one }) => ({ ...one, digest: '', instruction: createdBy }));
  const located = locate(evaluation([], { image: { ...evaluation([]).image, layers } }), scanned, { path: 'Dockerfile', text: webshop });
  expect(located.image.layers.filter(({ emptyLayer }) => !emptyLayer).map(({ dockerfile, fromBase }) => [dockerfile?.startLine, dockerfile?.endLine, fromBase]))
    .toEqual([[2, 2, true], [6, 8, false], [9, 9, false], [10, 10, false], [11, 11, false], [12, 12, false], [13, 13, false], [14, 14, false], [15, 15, false]]);
  const foreign = locate(evaluation([], { image: { ...evaluation([]).image, layers } }), scanned, { path: 'Dockerfile', text: 'FROM other\nRUN something else\nRUN again' });
  expect(foreign.image.layers).toEqual(layers);
});

/** An image of a base that sets much the same, and the Dockerfile that it was built from. */
const TEXT = 'FROM base\nENV TOKEN=own\nARG TOKEN\nEXPOSE 8000-8003\nRUN touch /own\nUSER app\nUSER root\nCMD ["x"]\n';
const row = (createdBy: string, emptyLayer = true): ScannedImage['history'][number] => ({ created: '', createdBy, comment: 'buildkit.dockerfile.v0', emptyLayer });
const HISTORY = [
  row('RUN /bin/sh -c touch /base # buildkit', false), row('ENV TOKEN=base PLAIN=base'), row('EXPOSE map[22/tcp:{}]'),
  row('ENV TOKEN=own'), row('ARG TOKEN=x'), row('EXPOSE map[8000/tcp:{} 8001/tcp:{} 8002/tcp:{} 8003/tcp:{}]'), row('RUN |1 TOKEN=x /bin/sh -c touch /own # buildkit', false), row('USER app'), row('USER root'), row('CMD ["x"]'),
];

function locatedIn(text: string, one: Finding, history = HISTORY): string {
  let index = 0;
  const scanned = image({ history, layers: history.map(({ createdBy, emptyLayer }) => ({ index: emptyLayer ? -1 : index++, diffId: '', sizeBytes: 1, createdBy, emptyLayer })), layerOf: () => undefined });
  const { dockerfile, fromBase } = locate(evaluation([one]), scanned, { path: 'Dockerfile', text }).findings[0]?.location ?? {};
  return `${dockerfile?.startLine}-${dockerfile?.endLine}${fromBase === undefined ? '' : fromBase ? ' base' : ' own'}`;
}

const OTHER = 'FROM other\nENV TOKEN=other\nRUN touch /other\nEXPOSE 8001\nUSER root\nCMD ["y"]\n';

test.each<[what: string, one: Finding, right: string, wrong: string]>([
  ['what ENV set last, though ARG names it again', finding({ path: 'config:env:TOKEN' }), '2-2 own', '1-6'],
  ['what only the base sets', finding({ path: 'config:env:PLAIN' }), '1-1 base', '1-6'],
  ['a build argument', finding({ path: 'config:arg:TOKEN' }), '3-3 own', '1-6'],
  ['a port of a range', finding(undefined, { trigger: 'exposed_ports', message: 'Dockerfile exposes port (8002) which is …' }), '4-4 own', '1-6'],
  ['a port of the base', finding(undefined, { trigger: 'exposed_ports', message: 'Dockerfile exposes port (22) which is …' }), '1-1 base', '1-6'],
  ['the last USER', finding(undefined, { trigger: 'effective_user' }), '7-7 own', '1-6'],
  ['a value that was replaced', finding({ path: 'config:history:1' }), '1-1 base', '1-6'],
  ['a comment', finding({ path: 'config:comment:6' }), '5-5 own', '1-6'],
  ['the image as a whole', finding(undefined), '1-1', '1-6'],
  ['the base\'s layer', finding(layer(0)), '1-1 base', '1-6'],
])('%s: at its line, and at none of another Dockerfile', (_what, one, right, wrong) => {
  expect(locatedIn(TEXT, one)).toBe(right);
  expect(locatedIn(OTHER, one)).toBe(wrong);
  expect(locatedIn(TEXT, one, [])).toBe('1-8');
});

test.each<[what: string, text: string, history: ScannedImage['history'], says: RegExp | undefined]>([
  ['whole', TEXT, HISTORY, undefined],
  ['changed since', TEXT.replace('CMD ["x"]', 'CMD ["z"]'), HISTORY, /^Dockerfile has changed since .*85 %/],
  ['built upon', TEXT, [...HISTORY, row('LABEL a=b'), row('RUN /bin/sh -c touch /more # buildkit', false)], /goes on after Dockerfile's last instruction/],
  ['another', OTHER, HISTORY, /agree too little to tell lines \(\d+ %\)/],
  ['no history', TEXT, [], /has no history/],
])('how sure the lines are is said: %s', (_what, text, history, says) => {
  const scanned = image({ history, layers: [] });
  const { notices = [], image: told } = locate(evaluation([]), scanned, { path: 'Dockerfile', text });
  expect(told.dockerfile?.file).toBe('Dockerfile');
  if (says === undefined) expect(notices).toEqual([]);
  else expect(notices).toEqual([expect.stringMatching(says)]);
});
