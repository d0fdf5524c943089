import { describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { completion, SHELLS, type CommandDescription } from '../../src/output/completion.js';
import { explainFinding } from '../../src/output/explainFinding.js';
import { fit, fitEnd, length, printable } from '../../src/output/columns.js';
import { progressDisplay } from '../../src/output/progress.js';
import { table, wantsColor } from '../../src/output/table.js';
import { expectGolden } from '../golden.js';
import { evaluation, hostileFindings, image, many, SHOP_FINDINGS } from './sample.js';

const mask = (text: string): string => text;

describe('the table', () => {
  test.each([40, 60, 80, 120, 200])('fits %d columns, whatever is in it', (width) => {
    for (const findings of [SHOP_FINDINGS, hostileFindings, many(200), []]) {
      for (const line of table(evaluation(findings), { width, color: false, mask }).split('\n')) expect(length(line)).toBeLessThanOrEqual(width);
    }
  });
  test('as written', () => expectGolden('output/table.txt', table(evaluation(SHOP_FINDINGS), { width: 100, color: false, mask })));
  test('what is new against a baseline is marked, and the mark is explained', () => {
    const text = table(evaluation(SHOP_FINDINGS.map((finding, index) => ({ ...finding, new: index === 0 }))), { width: 100, color: false, mask });
    expect(text).toMatch(/^\* new against the baseline: 1$/m);
    expect(text.match(/ {2}\* /g)).toHaveLength(1);
    expect(table(evaluation(many(3)), { width: 100, color: false, mask })).not.toContain('baseline');
  });
  test('colours only where they are asked for, and nothing from the image steers the terminal', () => {
    const escapes = (color: boolean): string[] => table(evaluation([...SHOP_FINDINGS, ...hostileFindings]), { width: 100, color, mask, rows: 10_000 }).match(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f][^A-Za-z]*[A-Za-z]/g) ?? [];
    expect(escapes(false)).toEqual([]);
    expect(new Set(escapes(true))).toEqual(new Set(['\u001b[1m', '\u001b[31m', '\u001b[33m', '\u001b[2m', '\u001b[0m']));
  });
  test.each<[isTTY: boolean, env: NodeJS.ProcessEnv, color: boolean]>([
    [true, {}, true], [false, {}, false], [true, { NO_COLOR: '1' }, false], [true, { NO_COLOR: '' }, true], [true, { TERM: 'dumb' }, false], [false, { FORCE_COLOR: '1' }, true], [true, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
  ])('a terminal %s with %j: colours %s', (isTTY, env, color) => expect(wantsColor({ isTTY }, env)).toBe(color));
});

describe('explain', () => {
  test.each(['CVE-2019-10744', 'ghsa-jf85-cpcp-j695'])('%s, by id and by alias', (id) => expectGolden('output/explain.txt', explainFinding(evaluation(SHOP_FINDINGS), image(), id, mask) ?? ''));
  test('a rule\'s finding', () => expect(explainFinding(evaluation(SHOP_FINDINGS), undefined, '1'.repeat(32), mask)).toContain('to mend it    Take the file out of the build context'));
  test('none of that id', () => expect(explainFinding(evaluation(SHOP_FINDINGS), undefined, 'CVE-1', mask)).toBeUndefined());
});

describe('progress', () => {
  const run = (steps: readonly (readonly [layer: number, bytes: number])[], stream: { isTTY: boolean; columns?: number }, total: number | 'unknown' = 900_000_000): string[] => {
    const written: string[] = [];
    let time = 0;
    const display = progressDisplay({ ...stream, write: (text: string) => { written.push(text); return true; } }, {}, () => (time += 500));
    for (const [layer, bytes] of steps) display.report({ layer, layers: 3, bytes, totalBytes: total === 'unknown' ? undefined : total });
    display.clear();
    return written;
  };
  test('elsewhere than on a terminal: a line for each layer and each quarter of a gigabyte', () => {
    expect(run([[0, 1], [0, 100_000_000], [0, 300_000_000], [1, 300_000_001], [2, 700_000_000], [2, 900_000_000], [2, 900_000_000]], { isTTY: false })).toEqual([
      'layer 1 of 3, 1 B of 900.0 MB\n', 'layer 1 of 3, 300.0 MB of 900.0 MB, 300.0 MB/s\n', 'layer 2 of 3, 300.0 MB of 900.0 MB, 200.0 MB/s\n',
      'layer 3 of 3, 700.0 MB of 900.0 MB, 350.0 MB/s\n', 'layer 3 of 3, 900.0 MB of 900.0 MB, 360.0 MB/s\n',
    ]);
  });
  test('on a terminal one line, which is gone in the end', () => {
    expect(run([[0, 1], [1, 450_000_000], [2, 900_000_000]], { isTTY: true, columns: 80 })).toEqual([
      '\r░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░   0 % layer 1 of 3, 1 B of 900.0 MB\u001b[K\r',
      '\r█████████████░░░░░░░░░░░░░  50 % layer 2 of 3, 450.0 MB of 900.0 MB, 450.0 MB/s\u001b[K\r',
      '\r\u001b[K',
    ]);
  });
  test('what comes out of a pipe has no end that is known: no bar, and the line is taken away by whoever writes next', () => {
    const steps = [[0, 5_000_000], [1, 80_000_000]] as const;
    const written = run(steps, { isTTY: true, columns: 80 }, 'unknown');
    expect(written).toEqual(['\rlayer 1 of 3, 5.0 MB, 10.0 MB/s\u001b[K\r', '\rlayer 2 of 3, 80.0 MB, 80.0 MB/s\u001b[K\r', '\r\u001b[K']);
  });
  test('nothing waits for a bar that does not come to its end: a broken layer', () => {
    const waiting = (): string[] => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout');
    const before = waiting();
    progressDisplay({ isTTY: true, columns: 80, write: () => true }, {}).report({ layer: 0, layers: 3, bytes: 1, totalBytes: 900 });
    expect(waiting()).toEqual(before);
  });
  test.each([10, 20, 40, 60, 200])('a terminal of %d columns: no line is wider, and none changes how the terminal is set', (columns) => {
    for (const text of run([[0, 1], [1, 450_000_000], [2, 899_999_999]], { isTTY: true, columns })) {
      expect(length(text.replaceAll('\u001b[K', '').replaceAll('\r', ''))).toBeLessThan(columns);
      expect(text.replaceAll('\u001b[K', '')).not.toContain('\u001b');
    }
  });
});

describe('columns', () => {
  test.each<[text: string, columns: number]>([['abc', 3], ['日本', 4], ['e\u0301', 1], ['한글', 4], ['👍🏽', 4], ['ａ', 2], ['✅', 2], ['…', 1]])('%s takes %d', (text, columns) => expect(length(text)).toBe(columns));
  test.each<[text: string, width: number, beginning: string, end: string]>([
    ['services/shop/Dockerfile:10-12', 20, 'services/shop/Docke…', '…op/Dockerfile:10-12'],
    ['日本語テキスト', 7, '日本語…', '…キスト'],
    ['short', 5, 'short', 'short'],
  ])('%s in %d', (text, width, beginning, end) => {
    expect(fit(text, width)).toBe(beginning);
    expect(fitEnd(text, width)).toBe(end);
  });
  test('nothing steers the terminal', () => {
    expect(printable('a\u001b[2Jb\r\nc\u202ed\u009b31me\u0007\u200bf\u061cg')).toBe('a [2Jb c�d 31me �f�g');
  });
});

describe('completion', () => {
  const commands: CommandDescription[] = [
    { name: 'scan', description: "analyse & evaluate: it's all", options: [{ flag: '--fail-on', description: 'which verdict [fails]: stop', takesValue: true, allowed: ['stop', 'warn', 'never'] }, { flag: '--archive', description: 'a path', takesValue: true, allowed: [] }, { flag: '--quiet', description: 'no progress', takesValue: false, allowed: [] }], argument: [] },
    { name: 'advisories', description: 'offline', options: [], argument: [] },
    { name: 'advisories download', description: 'fetch', options: [{ flag: '--from', description: 'where', takesValue: true, allowed: [] }], argument: [] },
    { name: 'completion', description: 'a script', options: [], argument: ['bash', 'zsh', 'fish'] },
  ];
  test.each([...SHELLS])('%s, as written', (shell) => expectGolden(`output/completion.${shell}`, completion(shell, 'inline-scan', commands)));
  test('another shell', () => expect(() => completion('tcsh', 'x', commands)).toThrow(/bash, zsh, fish/));
  const bash = spawnSync('bash', ['--version']).status === 0 ? test : test.skip;
  bash('bash completes with it', () => {
    const ask = (...words: string[]): string[] => {
      const script = `${completion('bash', 'inline-scan', commands)}\nCOMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _inline_scan; printf '%s\\n' "\${COMPREPLY[@]}"`;
      return spawnSync('bash', ['-c', script], { encoding: 'utf8', cwd: '/' }).stdout.trim().split('\n');
    };
    expect(ask('inline-scan', 's')).toEqual(['scan']);
    expect(ask('inline-scan', 'scan', '--fail-on', '')).toEqual(['stop', 'warn', 'never']);
    expect(ask('inline-scan', 'scan', '--')).toEqual(['--fail-on', '--archive', '--quiet']);
    expect(ask('inline-scan', 'advisories', 'd')[0]).toBe('download');
    expect(ask('inline-scan', 'completion', '')).toEqual(['bash', 'zsh', 'fish']);
  });
  const fish = spawnSync('fish', ['--version']).status === 0 ? test : test.skip;
  fish('fish completes with it', () => {
    const ask = (line: string): string[] => spawnSync('fish', ['--no-config', '-c', `${completion('fish', 'inline-scan', commands)}\ncomplete -C '${line}'`], { encoding: 'utf8', cwd: '/' }).stdout.trim().split('\n').map((row) => row.split('\t')[0] ?? '').sort();
    expect(ask('inline-scan s')).toEqual(['scan']);
    expect(ask('inline-scan scan --fail-on ')).toEqual(['never', 'stop', 'warn']);
    expect(ask('inline-scan completion ')).toEqual(['bash', 'fish', 'zsh']);
  });
  const zsh = spawnSync('zsh', ['--version']).status === 0 ? test : test.skip;
  zsh('zsh reads it', () => expect(spawnSync('zsh', ['-n'], { input: completion('zsh', 'inline-scan', commands), encoding: 'utf8' }).stderr).toBe(''));
});
