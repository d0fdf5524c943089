import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseHistory, type HistoryInstruction } from '../../src/dockerfile/history.js';

const sha = 'a'.repeat(64);

describe('rows as builders write them', () => {
  test.each<[createdBy: string, keyword: string, args: string, builder: HistoryInstruction['builder'], comment?: string]>([
    // classic
    ['/bin/sh -c #(nop)  CMD ["bash"]', 'CMD', '["bash"]', 'classic'],
    ['/bin/sh -c #(nop) WORKDIR /app', 'WORKDIR', '/app', 'classic'],
    ['/bin/sh -e -c #(nop)  SHELL [/bin/sh -e -c]', 'SHELL', '[/bin/sh -e -c]', 'classic'],
    ['cmd /S /C #(nop)  USER ContainerUser', 'USER', 'ContainerUser', 'classic'],
    ['powershell -Command $ErrorActionPreference = \'Stop\'; #(nop)  ENV A=b', 'ENV', 'A=b', 'classic'],
    [`/bin/sh -c #(nop) COPY dir:${sha} in . `, 'COPY', `dir:${sha} in .`, 'classic'],
    [`/bin/sh -c #(nop) COPY --chown=api:apifile:${sha} in /home/api/app.js `, 'COPY', `--chown=api:api file:${sha} in /home/api/app.js`, 'classic'],
    ['/bin/sh -c apt-get update  && apt-get install -y curl', 'RUN', 'apt-get update  && apt-get install -y curl', 'classic'],
    ['|2 PREFIX=renamed VERSION=1.2.3 /bin/sh -c echo "$HOME_DIR" > where', 'RUN', 'echo "$HOME_DIR" > where', 'classic'],
    ['/bin/touch /exec-form', 'RUN', '/bin/touch /exec-form', 'classic'],
    ['/bin/bash -o pipefail -c curl x | sh', 'RUN', 'curl x | sh', 'classic'],
    ['/bin/sh -c echo "#(nop) USER root"', 'RUN', 'echo "#(nop) USER root"', 'classic'],
    // BuildKit
    ['RUN /bin/sh -c touch /a # buildkit', 'RUN', 'touch /a', 'buildkit', 'buildkit.dockerfile.v0'],
    ['RUN |2 VERSION=1.2.3 PREFIX=renamed /bin/sh -c echo "building ${VERSION}" > /version # buildkit', 'RUN', 'echo "building ${VERSION}" > /version', 'buildkit'],
    ['RUN |1 OPTS=-a -b c /bin/bash -euo pipefail -c make # buildkit', 'RUN', 'make', 'buildkit'],
    ['COPY /src/dist ./dist # buildkit', 'COPY', '/src/dist ./dist', 'buildkit'],
    ['EXPOSE map[8080/tcp:{} 53/udp:{}]', 'EXPOSE', '8080/tcp 53/udp', 'buildkit'],
    ['EXPOSE [8080/tcp]', 'EXPOSE', '8080/tcp', 'buildkit'],
    ['ENV A=b c', 'ENV', 'A=b c', 'buildkit', 'buildkit.dockerfile.v0'],
    // kaniko, and those that tell no instruction
    ['RUN apt-get update', 'RUN', 'apt-get update', 'other'],
    ['COPY src /src', 'COPY', 'src /src', 'other'],
    ['jib-maven-plugin:3.4.0', '', 'jib-maven-plugin:3.4.0', 'other'],
    ['ko build ko://example.com/cmd', '', 'ko build ko://example.com/cmd', 'other'],
    ['bazel build //app:layer', '', 'bazel build //app:layer', 'other'],
    ["# debian.sh --arch 'amd64' out/ 'bookworm' '@1709596800'", '', "# debian.sh --arch 'amd64' out/ 'bookworm' '@1709596800'", 'other'],
    ['', '', '', 'other'],
  ])('%s', (createdBy, keyword, args, builder, comment = '') => {
    const { keyword: k, args: a, builder: b } = parseHistory(createdBy, comment);
    expect([k, a, b]).toEqual([keyword, args, builder]);
  });
});

test.each<[createdBy: string, buildArgs: string[]]>([
  ['|2 A=b C=d e /bin/sh -c x', ['A=b', 'C=d e']],
  ['RUN |1 TOKEN=a=b /bin/sh -c x # buildkit', ['TOKEN=a=b']],
  ['RUN |2 A=1 2 B= /bin/sh -c A=3 x # buildkit', ['A=1 2', 'B=']],
  ['|0 /bin/sh -c x', []],
  ['|1 A=b make', ['A=b']],
])('build arguments of %s', (createdBy, buildArgs) => expect(parseHistory(createdBy).buildArgs).toEqual(buildArgs));

test('takes any text, in time linear in it', () => {
  fc.assert(fc.property(fc.string(), (text) => { parseHistory(text); }));
  for (const text of [`|9999 ${'A=b '.repeat(200_000)}`, `/bin/sh ${'-a '.repeat(200_000)}`, `|1 A=${'sh '.repeat(200_000)}`, '#(nop) '.repeat(100_000), `EXPOSE map[${'a '.repeat(200_000)}`]) parseHistory(text);
});
