import { describe, expect, test } from '@jest/globals';
import { configSecrets } from '../../../src/analyzers/secrets/config-secrets.js';
import { buildArguments, withoutBuildArguments } from '../../../src/analyzers/secrets/config-values.js';
import { maskSecrets } from '../../../src/analyzers/secrets/mask.js';
import type { HistoryRow } from '../../../src/image/config.js';
import { image } from '../sample-image.js';

/** AWS's documented example: no secret, and in a config a finding all the same. */
const EXAMPLE = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const PASSWORD = ['kX9', 'mQ2v', 'Tz'].join('#');

function row(createdBy: string, comment = ''): HistoryRow {
  return { created: '', createdBy, comment, emptyLayer: false };
}

describe('build arguments of a row of history', () => {
  test.each([
    ['|1 TOKEN=abc /bin/sh -c make', ['TOKEN=abc'], 'make'],
    ['|2 TOKEN=a b c URL=https://x/?a=b /bin/sh -c make it # buildkit', ['TOKEN=a b c', 'URL=https://x/?a=b'], 'make it'],
    ['RUN |1 TOKEN=abc /bin/bash -o pipefail -c make # buildkit', ['TOKEN=abc'], 'pipefail'],
    ['|0 /bin/sh -c make', [], 'make'],
    ['/bin/sh -c make', [], 'make'],
    ['|1 TOKEN=abc', ['TOKEN=abc'], ''],
    ['|9999 ', [], ''],
  ])('%s', (createdBy, expected, rest) => {
    expect(buildArguments(createdBy)).toEqual(expected);
    expect(withoutBuildArguments(createdBy)).toContain(rest);
    expect(withoutBuildArguments(createdBy)).not.toContain('TOKEN');
  });
});

describe('secrets in the config', () => {
  test('an ENV counts though it is the documented example, once, with the instruction that set it', () => {
    const of = image([], { env: [`AWS_SECRET_ACCESS_KEY=${EXAMPLE}`], history: [row('FROM'), row(`/bin/sh -c #(nop)  ENV AWS_SECRET_ACCESS_KEY=${EXAMPLE}`)] });
    expect([...configSecrets(of)]).toEqual([[
      'config:env:AWS_SECRET_ACCESS_KEY',
      [expect.objectContaining({ name: 'AWS_SECRET_KEY', lines: [0], layer: -1, history: 1, instruction: '/bin/sh -c #(nop)  ENV AWS_SECRET_ACCESS_KEY=***' })],
    ]]);
  });

  test.each([
    ['a label', { labels: { 'db.password': PASSWORD } }, 'config:label:db.password', 'PASSWORD'],
    ['a command', { cmd: ['mysql', `--password=${PASSWORD}`] }, 'config:cmd', 'COMMAND_LINE_PASSWORD'],
    ['an entry point', { entrypoint: ['run', `postgres://shop:${PASSWORD.replaceAll('#', '')}@db/shop`] }, 'config:entrypoint', 'URL_PASSWORD'],
    ['a health check', { healthcheck: { test: ['CMD-SHELL', `curl -u ci:${PASSWORD} http://x`] } }, 'config:healthcheck', 'COMMAND_LINE_PASSWORD'],
    ['a build argument', { history: [row(`|1 DB_PASSWORD=${PASSWORD} /bin/sh -c make`)] }, 'config:arg:DB_PASSWORD', 'PASSWORD'],
    ['a RUN', { history: [row(`/bin/sh -c curl -u ci:${PASSWORD} http://x`)] }, 'config:history:0', 'COMMAND_LINE_PASSWORD'],
    ['an ENV that a later one replaced', { env: ['DB_PASSWORD='], history: [row(`ENV DB_PASSWORD=${PASSWORD}`), row('ENV DB_PASSWORD=')] }, 'config:history:0', 'PASSWORD'],
    ['ONBUILD', { onBuild: [`ENV DB_PASSWORD=${PASSWORD}`] }, 'config:onbuild:0', 'PASSWORD'],
  ])('%s', (_, config, place, name) => {
    const found = [...configSecrets(image([], config))];
    expect(found.map(([where, secrets]) => [where, secrets.map((secret) => secret.name)])).toEqual([[place, [name]]]);
    expect(JSON.stringify(found)).not.toContain(PASSWORD.slice(0, 4));
  });

  test.each([[{ env: ['PATH=/usr/bin:/bin', 'PASSWORD_FILE=/run/secrets/x', 'TOKEN=${TOKEN}', 'NODE_VERSION=20.1.0', 'GPG_KEY=A035C8C19219BA821ECEA86B64E628F8D684696D'] }]])('and nothing in %j', (config) => {
    expect([...configSecrets(image([], config))]).toEqual([]);
  });
});

describe('masking', () => {
  test.each([
    ['ENV A=1 DB_PASSWORD=hunter2000 B=2', 'ENV A=1 DB_PASSWORD=*** B=2'],
    ['plain text stays', 'plain text stays'],
    ['größe=ß AWS_SECRET_ACCESS_KEY=' + EXAMPLE + ' größe', 'größe=ß AWS_SECRET_ACCESS_KEY=*** größe'],
    ['git clone https://ci:geheim@git.internal/x', 'git clone https://ci:***@git.internal/x'],
  ])('%s', (text, masked) => {
    expect(maskSecrets(text)).toBe(masked);
  });
});
