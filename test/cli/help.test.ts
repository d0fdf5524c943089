import { describe, expect, test } from '@jest/globals';
import type { Command } from 'commander';
import { EXAMPLES } from '../../src/cli/help.js';
import { program } from '../../src/cli/program.js';
import { OPTIONS } from '../../src/options.js';

const root = program({}, { status: 0 });

function commands(of: Command, above = ''): [name: string, command: Command][] {
  return of.commands.flatMap((command) => [[`${above}${command.name()}`, command] as [string, Command], ...commands(command, `${above}${command.name()} `)]);
}

const ALL = commands(root);
const LEAVES = ALL.filter(([, command]) => command.commands.length === 0);

function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (part) => { text += part; } }).outputHelp();
  return text;
}

describe.each(LEAVES)('%s --help', (name, command) => {
  test('says what it does, what it takes, what comes of it, and how it is called', () => {
    const help = helpOf(command);
    for (const { name: argument } of command.registeredArguments.map((one) => ({ name: one.name() }))) expect(help).toMatch(new RegExp(`^  ${argument.replace('|', '\\|')} {2,}\\S`, 'm'));
    expect(help).toContain('Exit status:\n  0  ');
    for (const example of EXAMPLES[name] ?? ['there is none']) expect(help).toContain(`\n  ${example}\n`);
  });
  test('its examples call it with options that it has', () => {
    const known = command.options.map(({ long }) => long);
    for (const example of EXAMPLES[name] ?? []) {
      expect(example).toContain(`inline-scan ${name}`);
      for (const [flag] of example.matchAll(/--[a-z-]+/g)) expect(known).toContain(flag);
    }
  });
});

test('every input is an option of scan, with its default and what it may be', () => {
  const scan = ALL.find(([name]) => name === 'scan')?.[1];
  for (const option of OPTIONS) {
    const { description } = scan?.options.find(({ long }) => long === `--${option.name}`) ?? { description: 'missing' };
    expect(description).toContain(option.description);
    if (option.fallback !== '') expect(description).toContain(`[${option.fallback}]`);
    if ('allowed' in option) expect(description).toContain(option.allowed.join(', '));
  }
});

test('the program names its commands and its exit statuses', () => {
  const help = helpOf(root);
  for (const [name] of ALL.filter(([, { parent }]) => parent === root)) expect(help).toMatch(new RegExp(`^  ${name}\\b`, 'm'));
  for (const status of [0, 1, 2, 3]) expect(help).toContain(`\n  ${status}  `);
});
