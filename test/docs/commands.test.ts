import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Command } from 'commander';
import { program } from '../../src/cli/program.js';

const PAGES = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md', 'examples/advisories/README.md', ...readdirSync('docs').filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`)];

function commands(of: Command, above = ''): [name: string, command: Command][] {
  return of.commands.flatMap((command) => [[`${above}${command.name()}`, command] as [string, Command], ...commands(command, `${above}${command.name()} `)]);
}
const COMMANDS = new Map(commands(program({}, { status: 0 })));

/** `inline-scan scan … --fail-on`, and the same as `node dist/cli.js scan …`, as far as the code span or the line goes. */
function calls(text: string): { command: string; flags: string[] }[] {
  return [...text.matchAll(/(?:inline-scan|dist\/cli\.js)[ \t]+([a-z]+)(?:[ \t]+(download))?([^`\n]*)/g)]
    .map(([, first = '', second, rest = '']) => ({ command: second === undefined ? first : `${first} ${second}`, flags: [...rest.matchAll(/(?<=\s|^)--[a-z][a-z-]*/g)].map(([flag]) => flag) }))
    .filter(({ command }) => COMMANDS.has(command) || COMMANDS.has(command.split(' ')[0] ?? ''));
}

/** As GitHub makes anchors of headings. */
function anchors(page: string): string[] {
  return [...readFileSync(page, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-'));
}

describe.each(PAGES)('%s', (page) => {
  const text = readFileSync(page, 'utf8');
  test('calls commands with options that they have', () => {
    for (const { command, flags } of calls(text)) {
      const known = (COMMANDS.get(command) ?? COMMANDS.get(command.split(' ')[0] ?? ''))?.options.map(({ long }) => long) ?? [];
      for (const flag of flags) expect({ command, known: known.includes(flag) ? flag : known }).toEqual({ command, known: flag });
    }
  });
  test('links lead somewhere', () => {
    for (const [, link = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(link)) continue;
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? page : join(dirname(page), file);
      expect({ link, there: existsSync(target) }).toEqual({ link, there: true });
      if (anchor !== undefined) expect(anchors(target)).toContain(anchor);
    }
  });
});

test('each variable of the environment that the code reads is described, and no other', () => {
  const source = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts')).map((name) => readFileSync(join('src', name), 'utf8')).join('\n');
  const docs = PAGES.map((page) => readFileSync(page, 'utf8')).join('\n');
  const variables = (text: string): string[] => [...new Set(text.match(/\bINLINE_SCAN_[A-Z_]+/g) ?? [])].sort();
  /** Set by the build, and by tests. */
  const internal = ['INLINE_SCAN_VERSION', 'INLINE_SCAN_DIST'];
  expect(variables(docs).filter((name) => !internal.includes(name))).toEqual(variables(source).filter((name) => !internal.includes(name)));
});

test('README names every command', () => {
  const readme = readFileSync('README.md', 'utf8');
  for (const name of [...COMMANDS].filter(([, command]) => command.commands.length === 0).map(([name]) => name)) expect(readme).toContain(`inline-scan ${name}`);
});

test('README leads to every page', () => {
  const readme = readFileSync('README.md', 'utf8');
  for (const page of PAGES.filter((name) => name.startsWith('docs/'))) expect(readme).toContain(`(${page})`);
});
