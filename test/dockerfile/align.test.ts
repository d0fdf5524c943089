import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { align } from '../../src/dockerfile/align.js';
import type { Origin } from '../../src/dockerfile/origin.js';
import { parseDockerfile } from '../../src/dockerfile/parse.js';
import { isBorneOut, readAligned } from '../../src/dockerfile/read.js';
import type { HistoryRow } from '../../src/image/config.js';
import { fixture } from '../golden.js';

interface Built { readonly layers: number; readonly history: readonly HistoryRow[] }

function built(name: string): Built {
  const { layers, history } = JSON.parse(readFileSync(fixture(`dockerfile/${name}.json`), 'utf8')) as
    { layers: number; history: { created_by: string; comment: string; empty_layer: boolean }[] };
  return { layers, history: history.map((row) => ({ created: '', createdBy: row.created_by, comment: row.comment, emptyLayer: row.empty_layer })) };
}

function dockerfileOf(name: string): string {
  return readFileSync(fixture(`dockerfile/${name}/Dockerfile`), 'utf8');
}

function tell(origin: Origin): string {
  if (origin.kind !== 'instructions') return origin.kind;
  return origin.instructions.map(({ startLine, endLine }) => (startLine === endLine ? `${startLine}` : `${startLine}-${endLine}`)).join('+');
}

/** The Dockerfile lines of each layer, base first. */
function layerLines(text: string, { layers, history }: Built, target?: string): string[] {
  const { alignment } = readAligned(text, history, layers, target);
  return alignment.origins.filter((_, index) => history[index]?.emptyLayer === false).map(tell);
}

/**
 * Images built for real (test/fixtures/dockerfile/README.md), and the lines of their layers: this table was made by hand,
 * from the Dockerfile and what each builder puts into a layer.
 */
const LAYERS: readonly (readonly [name: string, layers: readonly string[]])[] = [
  ['single/classic', ['base', '6', '7', '8-11', '13']],
  ['single/buildkit', ['base', '6', '7', '8-11', '13']],
  ['single/bk18', ['base', '6', '7', '8-11', '13']],
  ['single/buildah-layers', ['base', '7', '8-11', '13']],
  ['single/buildah-flat', ['base', '6+7+8-11+13']],
  ['multistage/classic', ['base', '15', '16', '17', '18']],
  ['multistage/buildkit', ['base', '15', '16', '17', '18']],
  ['multistage/bk18', ['base', '15', '16', '17', '18']],
  ['multistage/buildah-layers', ['base', '16', '17', '18']],
  ['multistage/buildah-flat', ['base', '15+16+17+18']],
  ['multistage/squash', ['base', '15+16+17+18']],
  ['fromstage/classic', ['base', '2', '3', '9', '10']],
  ['fromstage/buildkit', ['base', '2', '3', '9', '10']],
  ['fromstage/bk18', ['base', '2', '3', '9', '10']],
  ['fromstage/buildah-layers', ['base', '2', '3', '9', '10']],
  ['fromstage/buildah-flat', ['base', '2+3', '9+10']],
  ['args/classic', ['base', '7', '8', '9', '10']],
  ['args/buildkit', ['base', '7', '8', '9', '10']],
  ['args/bk18', ['base', '7', '8', '9', '10']],
  ['args/buildah-layers', ['base', '7', '9', '10']],
  ['args/buildah-flat', ['base', '7+8+9+10']],
  ['copychown/classic', ['base', '2', '3', '4', '5', '6', '7']],
  ['copychown/buildkit', ['base', '2', '3', '4', '5', '6', '7']],
  ['copychown/bk18', ['base', '2', '3', '4', '5', '6', '7']],
  ['copychown/buildah-layers', ['base', '2', '3', '4', '5', '6', '7']],
  ['copychown/buildah-flat', ['base', '2+3+4+5+6+7']],
  ['onbuildparent/classic', ['base', '2']],
  ['onbuildparent/buildkit', ['base', '2']],
  // What the base has the build do is the base's: its files, RUN touch /parent, ONBUILD COPY, ONBUILD RUN.
  ['onbuildchild/classic', ['base', 'base', 'base', 'base', '2', '3']],
  ['onbuildchild/buildkit', ['base', 'base', 'base', 'base', '2', '3']],
  ['basehistory/classic', ['base', 'base', 'base', 'base', 'base', '3', '5']],
  ['basehistory/buildkit', ['base', 'base', 'base', 'base', 'base', '3', '4', '5']],
  ['basehistory/bk18', ['base', 'base', 'base', 'base', 'base', '3', '4', '5']],
  ['basehistory/buildah-layers', ['base', 'base', '3', '4', '5']],
  ['basehistory/buildah-flat', ['base', 'base', '3+4+5']],
  // The second COPY of the same file changed nothing: no layer.
  ['repeated/classic', ['base', '2', '3', '4', '6', '7', '8', '9']],
  ['repeated/buildkit', ['base', '2', '3', '4', '5', '6', '7', '8', '9']],
  ['repeated/bk18', ['base', '2', '3', '4', '5', '6', '7', '8', '9']],
  ['lowercase/classic', ['base', '3', '6-8', '10', '11']],
  ['lowercase/buildkit', ['base', '3', '6-8', '10', '11']],
  ['lowercase/bk18', ['base', '3', '6-8', '10', '11']],
  ['lowercase/buildah-layers', ['base', '3', '6-8', '10']],
  ['lowercase/buildah-flat', ['base', '3+6-8+10+11']],
  ['shell/classic', ['base', '3', '4', '5', '8']],
  ['shell/buildkit', ['base', '3', '4', '5', '8']],
  ['shell/bk18', ['base', '3', '4', '5', '8']],
  ['shell/buildah-layers', ['base', '3', '4', '5', '8']],
  ['shell/buildah-flat', ['base', '3+4+5+8']],
  ['scratch/classic', ['4', '5']],
  ['scratch/buildkit', ['4', '5']],
  ['scratch/bk18', ['4', '5']],
  ['mounts/bk18', ['base', '2', '3', '4', '5', '7']],
  ['heredoc/bk18', ['base', '2-7', '8-10', '11-13', '14-18', '19-21', '22']],
  ['squashed/buildah-layers', ['base', '2', '3', '4']],
  // buildah --squash: the base's files are in the same, only layer.
  ['squashed/buildah-flat', ['unsure']],
  ['squashed/squash', ['base', '2+3+4']],
  ['crlf/classic', ['base', '6-9', '10-11', '15']],
  ['crlfbk/bk18', ['base', '5-8', '9-10', '13', '14']],
  ['metadata/classic', ['base', '9', '11', '12', '15']],
  ['metadata/buildkit', ['base', '9', '11', '12', '13', '15']],
  ['metadata/bk18', ['base', '9', '11', '12', '13', '15']],
  ['metadata/buildah-layers', ['base', '9', '13', '15']],
  ['metadata/buildah-flat', ['base', '9+11+12+13+15']],
  ['metadata/squash', ['base', '9+11+12+13+15']],
  // What the classic builder copies again, and what only echoes, changes nothing: no layer.
  ['words/classic', ['base', '2-8', '9', '10', '11', '12', '13', '14']],
  ['words/buildkit', ['base', '2-8', '9', '10', '11', '12', '13', '14', '15', '16-18']],
  ['words/bk18', ['base', '2-8', '9', '10', '11', '12', '13', '14', '15', '16-18']],
  ['words/buildah-layers', ['base', '2-8', '9', '10', '11', '12', '13', '14', '15', '16-18']],
  ['words/buildah-flat', ['base', '2-8+9+10+11+12+13+14+15+16-18']],
  ['argfrom/classic', ['base', '15', '16', '17', '18', '19']],
  ['argfrom/buildkit', ['base', '15', '16', '17', '18', '19']],
  ['argfrom/bk18', ['base', '15', '16', '17', '18', '19']],
  ['argfrom/buildah-layers', ['base', '15', '16', '17', '19']],
  ['argfrom/buildah-flat', ['base', '15+16+17+18+19']],
  ['samecopy/buildkit', ['base', '2', '3', '8', '9', '10', '11', '12', '13', '14', '15']],
  ['samecopy/bk18', ['base', '2', '3', '8', '9', '10', '11', '12', '13', '14', '15']],
  ['samecopy/buildah-layers', ['base', '2', '3', '8', '9', '10', '11', '12', '13', '14', '15']],
  ['samecopy/buildah-flat', ['base', '2+3', '8+9+10+11+12+13+14+15']],
  ['equalbase/classic', ['base', '2', '3', '4', '5', '6', '7']],
  ['equalbase/buildkit', ['base', '2', '3', '4', '5', '6', '7']],
  ['equalbase/bk18', ['base', '2', '3', '4', '5', '6', '7']],
  ['equalbase/buildah-layers', ['base', '3', '4', '5', '6', '7']],
  ['equalbase/buildah-flat', ['base', '2+3+4+5+6+7']],
  // Its base has rows that are equal to the Dockerfile's own.
  ['equalchild/classic', ['base', 'base', 'base', 'base', 'base', 'base', 'base', '3', '5', '6']],
  ['equalchild/buildkit', ['base', 'base', 'base', 'base', 'base', 'base', 'base', '2', '3', '4', '5', '6']],
  ['equalchild/bk18', ['base', 'base', 'base', 'base', 'base', 'base', 'base', '2', '3', '4', '5', '6']],
  ['equalchild/buildah-layers', ['base', 'base', '2', '3', '4', '5', '6']],
  ['equalchild/buildah-flat', ['base', 'base', '2+3+4+5+6']],
  ['equalchild/squash', ['base', 'base', 'base', 'base', 'base', 'base', 'base', '2+3+4+5+6']],
  ['stages/classic', ['base', 'base', 'base', 'base', 'base', '3', '7', '8', '9', '10']],
  ['stages/buildkit', ['base', 'base', 'base', 'base', 'base', '3', '7', '8', '9', '10']],
  ['stages/bk18', ['base', 'base', 'base', 'base', 'base', '3', '7', '8', '9', '10']],
  ['stages/buildah-layers', ['base', 'base', '3', '7', '8', '9', '10']],
  ['stages/buildah-flat', ['base', 'base', '3', '7+8+9+10']],
  // The classic builder squashes the last stage alone.
  ['stages/squash', ['base', 'base', 'base', 'base', 'base', '3', '7+8+9+10']],
  ['onbuildstage/classic', ['base', 'base', 'base', 'base', '7']],
  ['onbuildstage/buildkit', ['base', 'base', 'base', 'base', '7', '8']],
  ['onbuildstage/bk18', ['base', 'base', 'base', 'base', '7', '8']],
  ['fromalone/classic', ['base', 'base', 'base', 'base', 'base']],
  ['fromalone/buildkit', ['base', 'base', 'base', 'base', 'base']],
  ['fromalone/bk18', ['base', 'base', 'base', 'base', 'base']],
  ['fromalone/buildah-layers', ['base', 'base']],
  ['fromalone/buildah-flat', ['base', 'base', '2']],
  ['addroot/classic', ['2', '3']],
  ['addroot/buildkit', ['2', '3', '4']],
  ['addroot/bk18', ['2', '3', '4']],
  ['addroot/buildah-layers', ['2', '3', '4']],
  // FROM scratch: the one layer stands at the row of ENV.
  ['addroot/buildah-flat', ['2+3+4']],
  ['heredocs/bk18', ['base', '2-5', '6-8', '9-13', '14-16', '17-19', '20-23', '24-26', '27']],
  ['flags/bk18', ['base', '2-5', '6', '7', '8', '10', '11', '12', '13']],
  ['webshop/classic', ['base', '6-8', '9', '10', '11', '12', '13', '14', '15']],
  ['pyapi/classic', ['base', '3-5', '6', '7', '8']],
  ['legacy/classic', ['base', '3-5', '6', '7']],
];

/** Images that somebody changed by hand, or that have no Dockerfile at all: committed from a container of `single`, imported, built by a script. */
const BY_HAND: readonly (readonly [name: string, layers: readonly string[]])[] = [
  ['committed/commit', ['base', '6', '7', '8-11', '13', 'unsure']],
  ['committed/commitmessage', ['base', '6', '7', '8-11', '13', 'unsure']],
  ['committed/commitempty', ['base', '6', '7', '8-11', '13']],
  ['committed/classic', ['base', '6', '7', '8-11', '13', 'unsure', 'unsure', 'unsure']],
  ['committed/imported', ['unsure']],
  ['committed/scriptbuildah', ['unsure', 'unsure']],
  ['committed/scriptbuildahhistory', ['unsure', 'unsure']],
];

describe('what nobody built from the Dockerfile is at none of its lines, and it is not taken for the image\'s', () => {
  test.each(BY_HAND)('%s', (name, layers) => {
    expect(layerLines(dockerfileOf('committed'), built(name))).toEqual(layers);
    expect(isBorneOut(readAligned(dockerfileOf('committed'), built(name).history, built(name).layers))).toBe(false);
  });
});

describe('every layer of a real image is at its line', () => {
  test.each(LAYERS)('%s', (name, layers) => {
    const [image = ''] = name.split('/');
    const { alignment } = readAligned(dockerfileOf(image), built(name).history, built(name).layers);
    expect(layerLines(dockerfileOf(image), built(name))).toEqual(layers);
    expect([alignment.agreement, alignment.confidence]).toEqual(['whole', 1]);
  });
  test('the table is whole', () => {
    const files = readdirSync(fixture('dockerfile'), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.json')).map((file) => file.replaceAll('\\', '/').slice(0, -5));
    expect([...LAYERS, ...BY_HAND].map(([name]) => name).sort()).toEqual(files.sort());
  });
});

/** Dockerfiles whose images others start from, or that say the same in other words. */
const DERIVED: Readonly<Record<string, readonly string[]>> = { single: ['basehistory', 'stages', 'fromalone'], equalbase: ['equalchild'], equalchild: ['equalbase'], crlf: ['crlfbk'], crlfbk: ['crlf'] };

describe('an image is not taken for another Dockerfile\'s', () => {
  const names = [...new Set(LAYERS.map(([name]) => name))];
  const dockerfiles = [...new Set(names.map((name) => name.split('/')[0] ?? ''))];
  test('of an image built FROM its image only its own layers', () => {
    const { history, layers } = built('basehistory/bk18');
    expect(layerLines(dockerfileOf('single'), { history, layers })).toEqual(['base', '6', '7', '8-11', '13', 'unsure', 'unsure', 'unsure']);
    expect(isBorneOut(readAligned(dockerfileOf('single'), history, layers))).toBe(false);
  });
  test.each(dockerfiles)('%s', (dockerfile) => {
    // An image FROM single's holds all of its history: its lines are told for it, but it is not taken for the Dockerfile's own.
    const derived = (name: string): boolean => DERIVED[dockerfile]?.includes(name.split('/')[0] ?? '') === true;
    for (const name of names.filter((other) => !other.startsWith(`${dockerfile}/`) && !derived(other))) {
      const { history, layers } = built(name);
      const { alignment } = readAligned(dockerfileOf(dockerfile), history, layers);
      expect([name, alignment.agreement === 'none' && alignment.origins.every(({ kind }) => kind === 'unsure')]).toEqual([name, true]);
    }
  });
});

describe('a Dockerfile that was changed since', () => {
  const rows = built('single/bk18');
  const text = dockerfileOf('single');
  test.each<[what: string, text: string, layers: string[]]>([
    ['an instruction was taken out: its layer is at no line', text.replace('COPY package.json package-lock.json ./\n', ''), ['base', '6', 'unsure', '7-10', '12']],
    ['one was put in', text.replace('COPY . .', 'RUN other thing\nCOPY . .'), ['base', '6', '7', '8-11', '14']],
    ['one was edited a little', text.replace('echo installing', 'echo installing things'), ['base', '6', '7', 'unsure', '13']],
    ['one became another', text.replace(/RUN echo[^]*index\.js/, 'RUN npm ci'), ['base', '6', '7', 'unsure', '10']],
    ['two changed places', text.replace('COPY package.json package-lock.json ./\n', '').replace('COPY . .', 'COPY . .\nCOPY package.json package-lock.json ./'), ['base', '6', '13', '7-10', '12']],
    ['another setting at the top: its row is nobody\'s, the base is told', text.replace('version="1.0"', 'version="2.0"'), ['base', '6', '7', '8-11', '13']],
    ['half of it is another service\'s, in much the same words', text.replace('"1.0"', '"2.0"').replace('production', 'staging').replace('/app', '/srv').replace('package-lock.json', 'yarn.lock').replace('index.js', 'main.js').replace('8080', '9090'), ['unsure', 'unsure', 'unsure', 'unsure', 'unsure']],
    ['lines moved', '\n\n# new\n' + text, ['base', '9', '10', '11-14', '16']],
  ])('%s', (_what, changed, layers) => expect(layerLines(changed, rows)).toEqual(layers));

  test('of equal instructions one is gone: which one, nobody can tell', () => {
    const repeated = 'FROM tiny:1\nRUN touch /a\nRUN touch /a\nRUN touch /b\nRUN touch /c\nRUN touch /d\nRUN touch /e\n';
    const history = ['touch /a', 'touch /b', 'touch /c', 'touch /d', 'touch /e'].map((command) => ({ created: '', createdBy: `RUN /bin/sh -c ${command} # buildkit`, comment: 'buildkit.dockerfile.v0', emptyLayer: false }));
    const base = { created: '', createdBy: '', comment: 'Imported from -', emptyLayer: false };
    expect(layerLines(repeated, { layers: 6, history: [base, ...history] })).toEqual(['unsure', 'unsure', '4', '5', '6', '7']);
  });
  test('the first instruction is another: what is before the second need not be the base', () => {
    const history = ['touch /old', 'touch /b', 'touch /c', 'touch /d'].map((command) => ({ created: '', createdBy: `RUN /bin/sh -c ${command} # buildkit`, comment: 'buildkit.dockerfile.v0', emptyLayer: false }));
    expect(layerLines('FROM x\nRUN something --else\nRUN touch /b\nRUN touch /c\nRUN touch /d', { layers: 5, history: [{ created: '', createdBy: 'CMD ["sh"]', comment: '', emptyLayer: false }, ...history] }))
      .toEqual(['unsure', 'unsure', '3', '4', '5']);
  });
});

test('kaniko writes the rows of layers alone, as in the Dockerfile', () => {
  const text = 'FROM debian\nENV A=b\nRUN apt-get update\nUSER x\nCOPY src /src\nCMD ["x"]';
  const row = (createdBy: string): HistoryRow => ({ created: '', createdBy, comment: '', emptyLayer: false });
  expect(layerLines(text, { layers: 3, history: [row('/bin/sh -c #(nop) ADD file:x in / '), row('RUN apt-get update'), row('COPY src /src')] })).toEqual(['base', '3', '5']);
});

test.each([['jib-maven-plugin:3.4.0'], ['ko build ko://example.com/x'], ['bazel build ...'], ['']])('%j tells nothing', (createdBy) => {
  const history = Array.from({ length: 3 }, () => ({ created: '', createdBy, comment: '', emptyLayer: false }));
  expect(align(parseDockerfile('FROM a\nRUN b\nCMD c'), history, 3)).toMatchObject({ agreement: 'none', confidence: 0 });
});

test('a given target wins over the best one; build arguments are known from history', () => {
  const { history, layers } = built('fromstage/bk18');
  expect(readAligned(dockerfileOf('fromstage'), history, layers, 'runtime').alignment.confidence).toBe(1);
  expect(isBorneOut(readAligned(dockerfileOf('fromstage'), history, layers, 'debug'))).toBe(false);
});

test('past the bounds nothing is told', () => {
  const history = Array.from({ length: 2_001 }, () => ({ created: '', createdBy: 'RUN /bin/sh -c x # buildkit', comment: '', emptyLayer: false }));
  expect(align(parseDockerfile('FROM a\nRUN x'), history, 2_001).confidence).toBe(0);
});

test('a layer is never told to be at a line that is not its own, however the Dockerfile was changed', () => {
  const commands = fc.array(fc.constantFrom('RUN touch /a', 'RUN touch /b', 'COPY x /x', 'WORKDIR /w', 'RUN touch /c'), { minLength: 4, maxLength: 10 });
  fc.assert(fc.property(commands, fc.nat(9), (instructions, removed) => {
    const history = instructions.map((text) => ({ created: '', createdBy: text.replace('RUN ', 'RUN /bin/sh -c ') + ' # buildkit', comment: 'buildkit.dockerfile.v0', emptyLayer: false }));
    const left = instructions.filter((_, index) => index !== removed);
    const { alignment } = readAligned(['FROM scratch', ...left].join('\n'), history, history.length);
    alignment.origins.forEach((origin, row) => {
      if (origin.kind !== 'instructions') return;
      const [instruction] = origin.instructions;
      expect((instruction?.startLine ?? 0) - 2).toBe(row < removed ? row : row - 1);
    });
  }));
});

test('instructions that changed places since are not taken for each other', () => {
  const commands = fc.uniqueArray(fc.constantFrom('RUN pip install --requirement a.txt', 'RUN pip install --requirement b.txt', 'COPY a.js /app/', 'COPY b.js /app/', 'COPY c.js /app/', 'WORKDIR /w', 'RUN touch /c', 'RUN touch /d'), { minLength: 4, maxLength: 8 });
  fc.assert(fc.property(commands.chain((instructions) => fc.tuple(fc.constant(instructions), fc.shuffledSubarray(instructions, { minLength: instructions.length }))), ([instructions, shuffled]) => {
    const history = instructions.map((text) => ({ created: '', createdBy: text.replace('RUN ', 'RUN /bin/sh -c ') + ' # buildkit', comment: 'buildkit.dockerfile.v0', emptyLayer: false }));
    const { alignment } = readAligned(['FROM scratch', ...shuffled].join('\n'), history, history.length);
    alignment.origins.forEach((origin, row) => {
      if (origin.kind === 'instructions') expect(origin.instructions.map(({ startLine }) => shuffled[startLine - 2])).toEqual([instructions[row]]);
    });
  }));
});

test('what a report hides of a row is no difference', () => {
  const row = (createdBy: string, emptyLayer = false): HistoryRow => ({ created: '', createdBy, comment: 'buildkit.dockerfile.v0', emptyLayer });
  const history = [row('x'), row('ENV API_TOKEN=*** NODE_ENV=production', true), row('RUN /bin/sh -c curl -H "Authorization: ***" https://a/ && make # buildkit'), row('RUN /bin/sh -c other # buildkit')];
  const text = 'FROM a\nENV API_TOKEN=x1 NODE_ENV=production\nRUN curl -H "Authorization: Bearer abc" https://a/ && make\nRUN other';
  expect(readAligned(text, history, 3).alignment.agreement).toBe('whole');
  expect(layerLines(text, { layers: 3, history })).toEqual(['base', '3', '4']);
  expect(readAligned(text.replace('production', 'staging'), history, 3).alignment.agreement).not.toBe('whole');
});

test.each([
  ['RUN --mount=type=cache,target=/x make', 'RUN --mount=type=cache,target=/x make'],
  ['WORKDIR /srv/', 'WORKDIR /srv/${UNSET}'],
])('%s is of %s', (createdBy, instruction) => {
  const row = (text: string): HistoryRow => ({ created: '', createdBy: text, comment: '', emptyLayer: false });
  expect(layerLines(`FROM a\n${instruction}\nRUN last`, { layers: 3, history: [row('x'), row(createdBy), row('RUN last')] })).toEqual(['base', '2', '3']);
});
