import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { OPTIONS } from '../../src/options.js';
import { OUTPUTS } from '../../src/outputs.js';

interface Action {
  readonly inputs: Record<string, { readonly description: string; readonly default: string }>;
  readonly outputs: Record<string, { readonly description: string }>;
  readonly runs: { readonly using: string; readonly main: string };
}
interface Step {
  readonly id?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly with?: Record<string, unknown>;
}
interface Workflow {
  readonly on: unknown;
  readonly jobs: Record<string, { readonly 'runs-on': unknown; readonly steps: readonly Step[] }>;
}

const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const action = parse(read('action.yml')) as Action;
const examples = ['README.md', 'docs/workflows.md'].flatMap((page) => [...read(page).matchAll(/```yaml\n([^]*?)```/g)].map(([, text = '']) => text));
const workflows = readdirSync(new URL('.github/workflows/', root)).map((name) => read(`.github/workflows/${name}`));

test('action.yml says what src/options.ts and src/outputs.ts say', () => {
  expect(Object.fromEntries(Object.entries(action.inputs).map(([name, input]) => [name, input.default])))
    .toEqual(Object.fromEntries(OPTIONS.map(({ name, fallback }) => [name, fallback])));
  for (const option of OPTIONS) {
    expect(action.inputs[option.name]?.description).toContain(option.description);
    if ('allowed' in option) expect(action.inputs[option.name]?.description).toContain(option.allowed.join(', '));
  }
  expect(Object.keys(action.outputs)).toEqual(Object.keys(OUTPUTS));
  expect(action.runs).toEqual({ using: 'node24', main: 'dist/action.js' });
});

test('README names every input and every output', () => {
  const readme = read('README.md');
  for (const name of [...Object.keys(action.inputs), ...Object.keys(action.outputs)]) expect(readme).toContain(`| \`${name}\` |`);
});

describe.each([...examples, ...workflows].map((text) => [(parse(text) as { name: string }).name, parse(text) as Workflow] as const))('workflow %s', (_, workflow) => {
  const jobs = Object.values(workflow.jobs);
  const steps = jobs.flatMap((job) => job.steps);
  const ours = steps.filter(({ uses }) => uses?.startsWith('inline-scan/') === true || uses === './');

  test('has events and a runner for every job', () => {
    expect(workflow.on).toBeDefined();
    for (const job of jobs) expect(job['runs-on']).toBeDefined();
  });

  test('gives only inputs that there are', () => {
    for (const step of ours) for (const name of Object.keys(step.with ?? {})) expect(Object.keys(action.inputs)).toContain(name);
  });

  test('reads only outputs that there are', () => {
    const ids = new Set(ours.map(({ id }) => id));
    for (const [, id = '', output = ''] of JSON.stringify(steps).matchAll(/steps\.([\w-]+)\.outputs\.([\w-]+)/g)) {
      if (ids.has(id)) expect(Object.keys(action.outputs)).toContain(output);
    }
  });
});
