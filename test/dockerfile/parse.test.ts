import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MAX_DOCKERFILE_BYTES, MAX_INSTRUCTIONS } from '../../src/dockerfile/lines.js';
import { parseDockerfile, type ParseOptions } from '../../src/dockerfile/parse.js';
import { InputError } from '../../src/errors.js';

/** `KEYWORD args @first-last` of every instruction of the leading stages. */
function told(text: string, options?: ParseOptions): string[] {
  return parseDockerfile(text, options).leading.flatMap((stage) => stage.instructions)
    .map(({ keyword, resolved, startLine, endLine }) => `${keyword} ${resolved} @${startLine}-${endLine}`);
}

describe('lines', () => {
  test.each<[what: string, text: string, expected: string[]]>([
    ['continuations keep their blanks, comments and blank lines inside go',
      'FROM a\nRUN x && \\\n    # why\n\n    y\\\n  z\nUSER b', ['FROM a @1-1', 'RUN x &&     y  z @2-6', 'USER b @7-7']],
    ['blanks after the escape character', 'FROM a\nRUN x \\ \t\n y\nCMD z', ['FROM a @1-1', 'RUN x  y @2-3', 'CMD z @4-4']],
    ['two escape characters are no continuation', 'FROM a\nRUN x \\\\\nCMD z', ['FROM a @1-1', 'RUN x \\\\ @2-2', 'CMD z @3-3']],
    ['another escape character', '# syntax=docker/dockerfile:1\n#escape = `\nFROM a\nRUN dir C:\\ `\n  x', ['FROM a @3-3', 'RUN dir C:\\   x @4-5']],
    ['a directive after a comment is a comment', '# hello\n# escape=`\nFROM a\nRUN x `\nCMD y', ['FROM a @3-3', 'RUN x ` @4-4', 'CMD y @5-5']],
    ['lower case, tabs, CRLF and a byte order mark', '\uFEFFfrom a\r\n\trun\tx \\\r\n y\r\n', ['FROM a @1-1', 'RUN x  y @2-3']],
    ['the file ends in a continuation', 'FROM a\nRUN x \\\n', ['FROM a @1-1', 'RUN x @2-2']],
    ['a heredoc', 'FROM a\nRUN <<EOF\n# kept\nUSER nobody\nEOF\nUSER b', ['FROM a @1-1', 'RUN <<EOF\n# kept\nUSER nobody\nEOF @2-5', 'USER b @6-6']],
    ['a heredoc without its tabs', "FROM a\nRUN <<-'E F' sh\n\tx\n\tE F\nUSER b", ["FROM a @1-1", "RUN <<-'E F' sh\n\tx\n\tE F @2-4", 'USER b @5-5']],
    ['two heredocs', 'FROM a\nCOPY <<A <<"B" /x/\na\nA\nb\nB\nCMD c', ['FROM a @1-1', 'COPY <<A <<"B" /x/\na\nA\nb\nB @2-6', 'CMD c @7-7']],
    ['a heredoc after a continuation, in ONBUILD', 'FROM a\nONBUILD RUN x \\\n  <<E\ny\nE\nCMD c', ['FROM a @1-1', 'ONBUILD RUN x   <<E\ny\nE @2-5', 'CMD c @6-6']],
    ['no heredocs: here-string, shift, quotes, another instruction',
      'FROM a\nRUN cat <<< x; echo $((1 << 2)) "<<E"\nLABEL a=<<E\nCMD c', ['FROM a @1-1', 'RUN cat <<< x; echo $((1 << 2)) "<<E" @2-2', 'LABEL a=<<E @3-3', 'CMD c @4-4']],
    ['an instruction that no builder knows stays', 'FROM a\nINCLUDE+ ./other', ['FROM a @1-1', 'INCLUDE+ ./other @2-2']],
  ])('%s', (_what, text, expected) => expect(told(text)).toEqual(expected));
});

describe('variables', () => {
  test.each<[what: string, text: string, last: string, buildArgs?: Record<string, string>]>([
    ['ARG before FROM', 'ARG B=deb:1\nFROM ${B}', 'FROM deb:1'],
    ['ARG before FROM is not seen in the stage', 'ARG B=1\nFROM a\nUSER $B', 'USER $B'],
    ['… unless asked for', 'ARG B=1\nFROM a\nARG B\nUSER $B', 'USER 1'],
    ['a default', 'FROM a\nARG B=1\nWORKDIR /x/$B/y', 'WORKDIR /x/1/y'],
    ['a build argument wins over it', 'FROM a\nARG B=1\nWORKDIR /x/$B', 'WORKDIR /x/2', { B: '2' }],
    ['one that no ARG names counts for nothing', 'FROM a\nWORKDIR /x/${B:-3}', 'WORKDIR /x/3', { B: '2' }],
    ['ENV wins over both', 'FROM a\nENV B=0\nARG B=1\nWORKDIR /x/$B', 'WORKDIR /x/0', { B: '2' }],
    ['the value before the instruction', 'FROM a\nENV B=0\nENV B=1 C=$B\nUSER $C', 'USER 0'],
    ['the old form of ENV', 'FROM a\nENV B x = y \nLABEL l=$B', 'LABEL l=x = y'],
    ['fallbacks', 'FROM a\nENV E=\nCOPY ${E:-d} ${E-d} ${U-d} ${E:+x} ${E+x} ${U+x} /', 'COPY d  d  x  /'],
    ['within another', 'FROM a\nARG V=1\nUSER ${U:-u${V}}', 'USER u1'],
    ['unknown, escaped and single-quoted ones stay', "FROM a\nARG V=1\nCOPY $U \\$V '$V' \"$V\" ${V%x} ${} $ /", "COPY $U \\$V '$V' \"1\" ${V%x} ${} $ /"],
    ['quotes go where the value is all there is', 'FROM a\nUSER "a b"', 'USER a b'],
    ['RUN is the shell\'s', 'FROM a\nARG V=1\nRUN echo $V', 'RUN echo $V'],
    ['through stages', 'FROM a AS x\nENV V=1\nFROM X\nUSER $V', 'USER 1'],
    ['not from a stage beside it', 'FROM a AS x\nENV V=1\nFROM a\nUSER ${V:-no}', 'USER no'],
  ])('%s', (_what, text, last, buildArgs = {}) => expect(told(text, { buildArgs }).at(-1)?.replace(/ @.*/, '')).toBe(last));
});

describe('stages', () => {
  const text = 'ARG V=1\nFROM a:$V AS Base\nRUN 1\nFROM --platform=$BUILDPLATFORM base AS tool\nRUN 2\nFROM base as final\nCOPY --from=tool /x /x\nFROM scratch\nRUN 3';
  test.each<[target: string | undefined, leading: number[]]>([[undefined, [3]], ['', [3]], ['FINAL', [0, 2]], ['tool', [0, 1]], ['2', [0, 2]]])('target %s leads to %j', (target, leading) => {
    expect(parseDockerfile(text, { target }).leading.map(({ index }) => index)).toEqual(leading);
  });
  test('name, base and FROM itself', () => {
    const { stages, globalArgs } = parseDockerfile(text);
    expect(stages.map(({ name, base, baseStage }) => [name, base, baseStage])).toEqual([['Base', 'a:1', -1], ['tool', 'base', 0], ['final', 'base', 0], ['', 'scratch', -1]]);
    expect(stages[1]?.instructions.map(({ keyword }) => keyword)).toEqual(['FROM', 'RUN']);
    expect(globalArgs.map(({ args, stage }) => [args, stage])).toEqual([['V=1', -1]]);
  });
});

describe('what is no Dockerfile', () => {
  test.each<[what: string, text: string, message: RegExp, target?: string]>([
    ['nothing', '', /has no FROM/],
    ['an instruction before FROM', 'ARG a\nRUN x\nFROM a', /line 2: RUN stands before/],
    ['a heredoc without an end', 'FROM a\nRUN <<EOF\nx', /line 2: the heredoc <<EOF has no end/],
    ['no such stage', 'FROM a AS b\nFROM c', /no stage "d". Its stages are: b, 1\./, 'd'],
    ['too long', 'FROM a\n' + ' '.repeat(MAX_DOCKERFILE_BYTES), /more than the/],
    ['too many instructions', 'FROM a\n' + 'RUN x\n'.repeat(MAX_INSTRUCTIONS), /more than 5000 instructions/],
  ])('%s', (_what, text, message, target = '') => {
    expect(() => parseDockerfile(text, { target })).toThrow(InputError);
    expect(() => parseDockerfile(text, { target })).toThrow(message);
  });
  test('values that double stay bounded', () => {
    const text = `FROM a\nENV A=xxxxxxxxxxxxxxxx\n${'ENV A=$A$A\n'.repeat(4000)}USER $A`;
    expect(parseDockerfile(text).leading[0]?.instructions.every(({ resolved }) => resolved.length < 40_000)).toBe(true);
  });
  test.each(['${'.repeat(200_000), '"'.repeat(500_001), '<<'.repeat(250_000), '\\\n'.repeat(300_000), '${A:-'.repeat(100_000)])('hostile text %#', (args) => {
    expect(parseDockerfile(`FROM a\nCOPY ${args}`).stages).toHaveLength(1);
  });
});

test('a row of the escape character alone begins nothing', () => {
  const [stage] = parseDockerfile('FROM a\n \\\n# c\n  RUN a\n').stages;
  expect(stage?.instructions.at(-1)).toMatchObject({ keyword: 'RUN', args: 'a', startLine: 4, endLine: 4 });
});

test('lines never overlap, and the arguments come from their lines', () => {
  const piece = fc.constantFrom('RUN a', 'COPY x y', ' \\', '\n', '# c\n', 'USER $A', 'ARG A=1', '<<E', 'E', ' ', '\t', '"', "'", 'FROM b AS c', '${A:-', '}', 'ONBUILD ', '\r\n');
  fc.assert(fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
    const text = 'FROM a\n' + pieces.join('');
    let parsed;
    try {
      parsed = parseDockerfile(text);
    } catch (error) {
      expect(error).toBeInstanceOf(InputError);
      return;
    }
    const rows = text.split(/\r?\n/);
    let last = 0;
    for (const { keyword, startLine, endLine } of parsed.stages.flatMap((stage) => stage.instructions)) {
      expect(startLine).toBeGreaterThan(last);
      expect(endLine).toBeGreaterThanOrEqual(startLine);
      expect(endLine).toBeLessThanOrEqual(rows.length);
      expect(rows.slice(startLine - 1, endLine).map((row) => row.replace(/\\\s*$/, '').trimStart()).join('').toUpperCase().startsWith(keyword)).toBe(true);
      last = endLine;
    }
  }));
});
