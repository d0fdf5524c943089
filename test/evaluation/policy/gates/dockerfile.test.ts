import { describe, expect, test } from '@jest/globals';
import type { ScannedImage } from '../../../../src/report/scanned.js';
import { messages, only, runRule } from '../../judge.js';
import { config, history, image, withDockerfile } from '../../scannedImage.js';

function said(keyword: string, check: string, value: string, line: string): string {
  return `Dockerfile directive '${keyword}' check '${check}' matched against '${value}' for line '${line}'`;
}

/** `KEYWORD check [value]` against an image, as [line…]. */
function lines(scanned: ScannedImage, instruction: string, check: string, value?: string): readonly string[] {
  const found = messages(scanned, 'dockerfile', 'instruction', { instruction, check, ...(value === undefined ? {} : { value }) });
  return found.map((message) => /for line '([^]*)'$/.exec(message)?.[1] ?? message);
}

describe('instruction in a Dockerfile', () => {
  const scanned = withDockerfile([
    '# syntax=docker/dockerfile:1',
    'ARG BASE=debian:12',
    'FROM golang:latest AS build',
    'RUN go build',
    'FROM ${BASE} AS base',
    'ENV A=1',
    'FROM base',
    'RUN apt-get update \\',
    '    # a comment',
    '    && apt-get install -y curl',
    'COPY --from=build /app /app',
    'WORKDIR app',
    'workdir /srv',
    'RUN <<EOF',
    'sudo true',
    'EOF',
    'EXPOSE 80',
  ].join('\n'));

  test.each([
    // as the command that it comes to: the lines of a script beside each other
    ['RUN', '=', 'sudo true', ['sudo true']],
    ['RUN', '!=', 'sudo true', ['apt-get update && apt-get install -y curl']],
    ['RUN', 'exists', undefined, ['apt-get update && apt-get install -y curl', '<<EOF\nsudo true\nEOF']],
    ['RUN', 'like', 'apt-get update && apt', ['apt-get update && apt-get install -y curl']],
    ['RUN', 'like', 'go build', []],
    ['RUN', 'not_like', 'apt', ['<<EOF\nsudo true\nEOF']],
    ['FROM', 'exists', undefined, ['${BASE} AS base']],
    ['FROM', 'like', 'debian:12', ['debian:12 AS base']],
    ['FROM', 'like', 'base', []],
    ['FROM', 'in', 'debian:12 AS base, x', ['debian:12 AS base']],
    ['FROM', 'not_in', 'scratch', ['debian:12 AS base']],
    ['ENV', '=', 'A=1', ['A=1']],
    ['ENV', '!=', 'A=1', []],
    ['WORKDIR', 'not_like', '[/$]', ['app']],
    ['LABEL', 'not_exists', undefined, ["Dockerfile directive 'LABEL' not found, matching condition 'not_exists' check"]],
    ['RUN', 'not_exists', undefined, []],
    // Negative checks never fire where the instruction is missing.
    ['LABEL', '!=', 'x', []],
    ['LABEL', 'not_like', 'x', []],
    ['LABEL', 'not_in', 'x', []],
  ])('%s %s %s', (keyword, check, value, expected) => {
    expect([...lines(scanned, keyword, check, value)].sort()).toEqual([...expected].sort());
  });

  test('tells the lines', () => {
    const finding = only(runRule(scanned, 'dockerfile', 'instruction', { instruction: 'RUN', check: 'like', value: 'apt' }, { dockerfilePath: 'docker/Dockerfile' }));
    expect(finding.location).toEqual({ dockerfile: { file: 'docker/Dockerfile', startLine: 8, endLine: 10 } });
    expect(finding.message).toBe(said('RUN', 'like', 'apt', 'apt-get update && apt-get install -y curl'));
  });

  test('a check without its value, and a Dockerfile that is none, are not evaluated', () => {
    expect(runRule(scanned, 'dockerfile', 'instruction', { instruction: 'RUN', check: 'like' }).notEvaluated[0]?.why).toMatch(/needs a value/);
    expect(runRule(withDockerfile('RUN x'), 'dockerfile', 'instruction', { instruction: 'RUN', check: 'exists' }).notEvaluated[0]?.why).toMatch(/cannot be read/);
  });

  test('a secret is not shown, and the id is that of the whole message', () => {
    const finding = only(runRule(withDockerfile('FROM a:1\nENV DB_PASSWORD=hunter2 A=1'), 'dockerfile', 'instruction', { instruction: 'ENV', check: 'exists' }));
    expect(finding.message).toBe(said('ENV', 'exists', '', 'DB_PASSWORD=*** A=1'));
    // md5('dockerfile' + 'instruction' + the message with hunter2)
    expect(finding.id).toBe('bec08081443a6ec0eacb48838c07dc21');
  });
});

describe('instruction in history', () => {
  const scanned = image({ layers: history(
    '/bin/sh -c #(nop) ADD file:abc in / ',
    '/bin/sh -c #(nop)  CMD ["bash"]',
    '/bin/sh -c apt-get update',
    'RUN |1 NPM_TOKEN=abc /bin/sh -c npm ci # buildkit',
    'ENV A=1',
    'WORKDIR /app',
  ) });
  test.each([
    ['RUN', 'exists', undefined, ['apt-get update', 'npm ci']],
    ['ENV', 'exists', undefined, ['A=1']],
    ['CMD', '=', '["bash"]', ['["bash"]']],
    ['ARG', 'like', 'NPM_TOKEN=', ['NPM_TOKEN=***']],
    ['ARG', 'exists', undefined, []],
    ['ADD', 'exists', undefined, ['file:abc in /']],
  ])('%s %s %s', (keyword, check, value, expected) => {
    expect([...lines(scanned, keyword, check, value)].sort()).toEqual([...expected].sort());
  });

  test('tells the layer', () => {
    expect(only(runRule(scanned, 'dockerfile', 'instruction', { instruction: 'WORKDIR', check: 'exists' })).location?.layer).toMatchObject({ index: 5, instruction: 'WORKDIR /app' });
  });

  test.each([
    [{ instruction: 'FROM', check: 'exists' }], [{ instruction: 'ADD', check: 'exists', actual_dockerfile_only: 'true' }],
  ])('%j needs the Dockerfile', (params) => {
    expect(runRule(scanned, 'dockerfile', 'instruction', params as Record<string, string>)).toMatchObject({ findings: [], notEvaluated: [{ rule: 'r' }] });
  });

  test('variables of the configuration that no row sets are looked at', () => {
    const inherited = image({ layers: history('ENV A=1'), config: config({ env: ['A=1', 'API_TOKEN=abc'] }) });
    expect(lines(inherited, 'ENV', 'like', '.*TOKEN=')).toEqual(['API_TOKEN=***']);
    expect(lines(inherited, 'ENV', 'not_like', 'A')).toEqual([]);
  });
});

describe('HEALTHCHECK', () => {
  const missing = "Dockerfile directive 'HEALTHCHECK' not found, matching condition 'not_exists' check";
  const set = config({ healthcheck: { test: ['CMD', 'true'] } });
  const none = config({ healthcheck: { test: ['NONE'] } });
  test.each([
    ['inherited', image({ config: set }), []],
    ['none', image({ config: none }), [missing]],
    ['not there', image(), [missing]],
    ['in a Dockerfile that another image was built from', withDockerfile('FROM a:1\nHEALTHCHECK CMD true'), [missing]],
    ['in history alone', image({ config: null, layers: history('HEALTHCHECK &{["CMD" "true"]}') }), []],
    ['NONE in history', image({ config: null, layers: history('/bin/sh -c #(nop)  HEALTHCHECK NONE') }), [missing]],
  ])('%s', (_, scanned, expected) => {
    expect(messages(scanned, 'dockerfile', 'instruction', { instruction: 'HEALTHCHECK', check: 'not_exists' })).toEqual(expected);
  });

  test('the id is that of allow lists in the field', () => {
    expect(only(runRule(image(), 'dockerfile', 'instruction', { instruction: 'HEALTHCHECK', check: 'not_exists' })).id).toBe('41cb7cdf04850e33a11f80c42bf660b3');
  });
});

describe('effective_user', () => {
  const denied = (user: string): string[] => [`User ${user} found as effective user, which is explicity not allowed`];
  const notAllowed = (user: string): string[] => [`User ${user} found as effective user, which is not on the allowed list`];
  test.each([
    ['', 'root', 'blacklist', denied('root')],
    ['0', 'root', 'denylist', denied('0')],
    ['0:0', 'root,docker', 'blacklist', denied('0')],
    ['00', 'root', 'blacklist', denied('00')],
    ['+0:5', 'root', 'blacklist', denied('+0')],
    ['01000', '1000', 'blacklist', denied('01000')],
    ['10', '1', 'blacklist', []],
    ['root:root', '0', 'blacklist', denied('root')],
    ['app', 'root', 'blacklist', []],
    ['app', 'app', 'whitelist', []],
    ['1000:1000', '1000', 'allowlist', []],
    ['app', 'web', 'whitelist', notAllowed('app')],
    ['', 'app', 'whitelist', notAllowed('root')],
  ])('USER %j, %s %s', (user, users, type, expected) => {
    expect(messages(image({ config: config({ user }) }), 'dockerfile', 'effective_user', { users, type })).toEqual(expected);
  });

  test('without a configuration it is the last USER', () => {
    const scanned = image({ config: null, layers: history('USER root', 'USER app') });
    expect(messages(scanned, 'dockerfile', 'effective_user', { users: 'app', type: 'blacklist' })).toEqual(denied('app'));
  });

  test('the configuration wins over a Dockerfile whose base sets the user', () => {
    const scanned = withDockerfile('FROM base\nRUN x', { config: config({ user: 'app' }) });
    expect(messages(scanned, 'dockerfile', 'effective_user', { users: 'root', type: 'blacklist' })).toEqual([]);
  });

  test('a missing USER points at FROM', () => {
    expect(only(runRule(withDockerfile('\nFROM a:1\nRUN x'), 'dockerfile', 'effective_user', { users: 'root', type: 'blacklist' })).location).toEqual({ dockerfile: { file: 'Dockerfile', startLine: 2, endLine: 2 } });
  });
});

describe('exposed_ports', () => {
  const denied = (port: string): string => `Dockerfile exposes port (${port}) which is in policy file DENIEDPORTS list`;
  const notAllowed = (port: string): string => `Dockerfile exposes port (${port}) which is not in policy file ALLOWEDPORTS list`;
  const ports = (...exposedPorts: string[]): ScannedImage['config'] => config({ exposedPorts });
  test.each([
    ['as the Dockerfile writes it', withDockerfile('FROM a:1\nEXPOSE 22 8080/tcp', { config: ports('22/tcp', '8080/tcp') }), '22', 'blacklist', [denied('22')]],
    ['as the configuration has it', image({ config: ports('22/tcp') }), '22,23', 'blacklist', [denied('22/tcp')]],
    ['of the base image', withDockerfile('FROM a:1', { config: ports('22/tcp') }), '22', 'denylist', [denied('22/tcp')]],
    ['by udp', image({ config: ports('53/udp') }), '53', 'blacklist', [denied('53/udp')]],
    ['not on the list', image({ config: ports('80/tcp', '22/tcp') }), '80', 'whitelist', [notAllowed('22/tcp')]],
    ['in a range', image({ config: null, layers: history('EXPOSE 8000-8002/tcp') }), '8001', 'blacklist', [denied('8001/tcp')]],
    ["in BuildKit's history", image({ config: null, layers: history('EXPOSE map[8080/tcp:{}]') }), '8080', 'blacklist', [denied('8080/tcp')]],
    ['through a variable', withDockerfile('FROM a:1\nARG PORT=22\nEXPOSE ${PORT}', { config: null }), '22', 'blacklist', [denied('22')]],
    ['none', image(), '22', 'blacklist', []],
  ])('%s', (_, scanned, list, type, expected) => {
    expect(messages(scanned, 'dockerfile', 'exposed_ports', { ports: list, type })).toEqual(expected);
  });
});

test('no_dockerfile_provided', () => {
  expect(messages(image(), 'dockerfile', 'no_dockerfile_provided')).toEqual(['Image was not analyzed with an actual Dockerfile']);
  expect(messages(withDockerfile('FROM a:1'), 'dockerfile', 'no_dockerfile_provided')).toEqual([]);
});
