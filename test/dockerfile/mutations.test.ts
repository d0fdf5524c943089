import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readAligned } from '../../src/dockerfile/read.js';
import type { HistoryRow } from '../../src/image/config.js';

/** A line of a Dockerfile that keeps its identity when it is moved; what replaces it is another one. */
interface Line { readonly id: number; readonly text: string }

type Builder = 'buildkit' | 'classic' | 'buildah';
type Mutation = { readonly kind: 'delete' | 'change' | 'insert' | 'repeat' | 'move'; readonly at: number; readonly to: number };

const TEXTS = [
  'RUN apt-get update', 'RUN npm ci', 'RUN echo x >> /log', 'RUN make && make install', 'COPY . .', 'COPY package.json ./', 'COPY lock.json ./', 'COPY src /app/src', 'ADD rootfs.tar /',
  'WORKDIR /app', 'WORKDIR /srv', 'ENV A=b', 'ENV PATH=/usr/bin C=d', 'LABEL a=b', 'EXPOSE 80 443', 'USER app', 'CMD ["sh"]', 'CMD ["node", "a.js"]',
];

/** A row as builders write it (see history.ts). */
function row(text: string, builder: Builder, base = false): HistoryRow {
  const [keyword = '', args = ''] = /^(\S+) (.*)$/.exec(text)?.slice(1) ?? [];
  const files = ['RUN', 'COPY', 'ADD', 'WORKDIR'].includes(keyword);
  if (builder === 'buildkit') {
    const createdBy = keyword === 'RUN' ? `RUN /bin/sh -c ${args} # buildkit` : keyword === 'EXPOSE' ? `EXPOSE map[${args.replace(/(\d+)/g, '$1/tcp:{}')}]` : `${text}${files && keyword !== 'WORKDIR' ? ' # buildkit' : ''}`;
    return { created: '', createdBy, comment: 'buildkit.dockerfile.v0', emptyLayer: !files };
  }
  const [source = '', destination = ''] = args.split(' ');
  const checksum = createHash('sha256').update(source).digest('hex');
  const nop = keyword === 'COPY' || keyword === 'ADD' ? `${keyword} file:${checksum} in ${destination} ` : builder === 'classic' && !files ? ` ${text}` : text;
  return { created: '', createdBy: keyword === 'RUN' ? `/bin/sh -c ${args}` : `/bin/sh -c #(nop) ${nop}`, comment: builder === 'buildah' && !base ? 'FROM 0123456789ab' : '', emptyLayer: !files };
}

/** @param base texts that are not repeated: a new line right below the base's equal one is nobody's to tell from it. */
function mutate(lines: readonly Line[], mutations: readonly Mutation[], base: readonly string[]): readonly Line[] {
  const next = [...lines];
  let fresh = 1_000;
  for (const { kind, at, to } of mutations) {
    if (next.length === 0) break;
    const here = at % next.length;
    const there = to % (next.length + 1);
    const line = next[here];
    if (line === undefined) break;
    fresh++;
    if (kind === 'delete') next.splice(here, 1);
    else if (kind === 'change') next[here] = { id: fresh, text: `RUN something else ${fresh}` };
    else if (kind === 'insert') next.splice(there, 0, { id: fresh, text: `COPY new-${fresh} /new/` });
    else if (kind === 'repeat') next.splice(there, 0, { id: fresh, text: base.includes(line.text) ? `RUN again ${fresh}` : line.text });
    // of equal lines that change places nobody sees which is which
    else if (next.filter(({ text }) => text === line.text).length === 1) { next.splice(here, 1); next.splice(to % (next.length + 1), 0, line); }
  }
  return next;
}

const mutation = fc.record<Mutation>({ kind: fc.constantFrom('delete', 'change', 'insert', 'repeat', 'move'), at: fc.nat(20), to: fc.nat(20) });
const image = fc.record({
  base: fc.array(fc.constantFrom(...TEXTS), { maxLength: 6 }),
  own: fc.oneof(fc.uniqueArray(fc.constantFrom(...TEXTS), { minLength: 3, maxLength: 12 }), fc.array(fc.constantFrom(...TEXTS), { minLength: 3, maxLength: 12 })),
  mutations: fc.array(mutation, { minLength: 1, maxLength: 4 }),
  builder: fc.constantFrom<Builder>('buildkit', 'classic', 'buildah'),
});

/** What a row tells, but for the checksum of what was copied. */
const told = (text: string, builder: Builder): string => row(text, builder).createdBy.replace(/file:\w{64}/, '');

function aligned({ base, own, mutations, builder }: { base: readonly string[]; own: readonly string[]; mutations: readonly Mutation[]; builder: Builder }) {
  const lines = own.map((text, id) => ({ id, text }));
  const changed = mutate(lines, mutations, base);
  const imported = { created: '', createdBy: '', comment: 'Imported from -', emptyLayer: false };
  const history = [imported, ...base.map((text) => row(text, builder, true)), ...own.map((text) => row(text, builder))];
  const text = ['FROM base', ...changed.map((line) => line.text)].join('\n');
  const { alignment } = readAligned(text, history, history.filter(({ emptyLayer }) => !emptyLayer).length);
  return { changed, alignment, own: alignment.origins.slice(base.length + 1), above: alignment.origins.slice(0, base.length + 1) };
}

test('however a Dockerfile was changed since, no layer is at a line that did not bring it', () => {
  fc.assert(fc.property(image, (one) => {
    const { changed, alignment, own, above } = aligned(one);
    own.forEach((origin, id) => {
      if (origin.kind !== 'instructions') return;
      const [line] = origin.instructions.map(({ startLine }) => changed[startLine - 2]);
      const written = told(one.own[id] ?? '', one.builder);
      expect(told(line?.text ?? '', one.builder)).toBe(written);
      // history that ends in all of a Dockerfile leaves nothing to doubt; else it is this very line, or what is left of its kind
      const isOnly = one.own.filter((text) => told(text, one.builder) === written).length === 1 && changed.filter(({ text }) => told(text, one.builder) === written).length === 1;
      if (alignment.agreement !== 'whole' && !isOnly) expect(line?.id).toBe(id);
    });
    // nor is what the base brought
    if (alignment.agreement !== 'whole') expect(above.filter(({ kind }) => kind === 'instructions')).toEqual([]);
  }), { numRuns: Number(process.env['RUNS'] ?? 300) });
});

test('what the Dockerfile brought is not said to be the base\'s, as long as its first instruction stands', () => {
  fc.assert(fc.property(image.filter(({ own, base, builder }) => new Set([...own, ...base].map((text) => told(text, builder))).size === own.length + base.length), (one) => {
    const { changed, own } = aligned(one);
    if (changed[0]?.id === 0) expect(own.filter(({ kind }) => kind === 'base')).toEqual([]);
  }), { numRuns: Number(process.env['RUNS'] ?? 300) });
});

test('a Dockerfile that nobody changed is whole, and each layer at its line', () => {
  fc.assert(fc.property(image, ({ base, own, builder }) => {
    const { alignment, own: origins } = aligned({ base, own, builder, mutations: [] });
    expect(alignment).toMatchObject({ agreement: 'whole', confidence: 1 });
    expect(origins.map((origin) => (origin.kind === 'instructions' ? origin.instructions.map(({ startLine }) => startLine) : origin.kind))).toEqual(own.map((_, id) => [id + 2]));
  }), { numRuns: Number(process.env['RUNS'] ?? 300) });
});
