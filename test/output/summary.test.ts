import { describe, expect, test } from '@jest/globals';
import { marked, type Token, type Tokens } from 'marked';
import type { Finding } from '../../src/evaluation/evaluation.js';
import { codeCell, codeSpan, escapeMarkdown, link, mermaidText, plainText } from '../../src/output/markdown.js';
import { markNew } from '../../src/output/baseline.js';
import { shown } from '../../src/output/shown.js';
import { fittingSummary, MAX_SUMMARY_BYTES, summary } from '../../src/output/summary.js';
import { expectGolden } from '../golden.js';
import { allTheSame } from '../../src/verdict.js';
import { evaluation, HOSTILE, hostileFindings, many, SHOP_FINDINGS, vulnerable } from './sample.js';
import { SUMMARIES } from './summaries.js';

const mask = (text: string): string => text;

/** Every token of a document, however deep. */
function tokens(markdown: string): Token[] {
  const found: Token[] = [];
  marked.walkTokens(marked.lexer(markdown, { gfm: true }), (token) => { found.push(token); });
  return found;
}

/** Tags that we write; whatever else is there came from the image. */
const OUR_TAGS = /^<\/?(?:details(?: open)?|summary|b|br|span)>$/;

describe.each(Object.entries(SUMMARIES))('the summary %s', (name, markdown) => {
  const parsed = tokens(markdown);
  test('holds no tag, link, image or mention but ours', () => {
    const tags = parsed.flatMap((token) => (token.type === 'html' ? token.raw.match(/<[^>]*>/g) ?? [] : []));
    expect(tags.filter((tag) => !OUR_TAGS.test(tag))).toEqual([]);
    const links = parsed.flatMap((token) => (token.type === 'link' ? [(token as Tokens.Link).href] : []));
    expect(links.filter((href) => !/^https:\/\/(?:osv\.dev|x\.example)\//.test(href))).toEqual([]);
    expect(parsed.filter(({ type }) => type === 'image')).toEqual([]);
    const text = markdown.replace(/`[^`\n]*`/g, '');
    expect(text).not.toMatch(/@[A-Za-z0-9]/);
    expect(markdown.replace(/```mermaid[^]*?```/g, '').replace(/`[^`\n]*`/g, '').replace(/\]\(https:[^)]*\)/g, '').match(/#\d|\bGH-\d|:[a-z_+-]{2,}:/g)).toBeNull();
    expect(markdown).not.toMatch(/[\u00ad\u200b\u200d-\u200f\u202a-\u202e\u2060-\u2069\ufeff]|\p{M}{4}/u);
    expect(text.replace(/\]\(https:[^)]*\)/g, '')).not.toMatch(/(?:https?|ftp):\/\/(?!.*api\.osv\.dev)/);
  });
  test('folds are closed, tables are whole', () => {
    const html = parsed.filter(({ type }) => type === 'html').map(({ raw }) => raw).join('');
    expect(html.match(/<details/g)?.length).toBe(html.match(/<\/details>/g)?.length);
    const rows = markdown.split('\n').filter((line) => line.startsWith('| '));
    const tables = parsed.filter((token): token is Tokens.Table => token.type === 'table');
    expect(tables.reduce((sum, table) => sum + table.rows.length + 2, 0)).toBe(rows.length);
    expect(tables.flatMap((table) => table.rows.filter((row) => row.length !== table.header.length))).toEqual([]);
  });
  test('plots are of our grammar', () => {
    for (const token of parsed) {
      if (token.type !== 'code') continue;
      const [colors = '', kind = '', ...lines] = token.text.split('\n') as string[];
      expect([token.lang, colors.startsWith('%%{init:')]).toEqual(['mermaid', true]);
      expect(kind).toMatch(/^(?:xychart-beta|pie showData)$/);
      for (const line of lines) expect(line).toMatch(/^ {2}(?:title [^";]*|title "[^";]*"|x-axis (?:"[^"]*" )?\[[^;]*\]|y-axis "[^"]*" 0 --> \d+|bar \[[\d, ]+\]|"[\p{L}\p{N} .,:/=_…-]+" : \d+\.\d\d)$/u);
    }
  });
  test('is no longer than GitHub takes', () => expect(Buffer.byteLength(markdown)).toBeLessThanOrEqual(MAX_SUMMARY_BYTES));
  if (name !== 'large') test('as written', () => expectGolden(`output/summary.${name}.md`, markdown));
});

test('of 10,000 findings the gravest are told, and how many are left out', () => {
  const large = SUMMARIES['large'] ?? '';
  const [, shown = '', left = ''] = /> ([\d,]+) findings of 10,000 fit here, the gravest first; ([\d,]+) are left out/.exec(large) ?? [];
  expect(Number(shown.replace(',', '')) + Number(left.replace(',', ''))).toBe(10_000);
  expect(Number(shown.replace(',', ''))).toBeGreaterThan(1_500);
  // Every critical one is there; what is left out is the least grave.
  for (const { vulnerability } of many(10_000).filter((finding) => finding.vulnerability?.severity === 'critical')) expect(large).toContain(`[${vulnerability?.id}]`);
});

test('ten thousand hostile findings fit too', () => {
  const findings = Array.from({ length: 200 }, () => hostileFindings).flat().map((finding, index) => ({ ...finding, id: String(index), message: `${finding.message} ${index}` }));
  const markdown = summary(evaluation(findings), { mask });
  expect(Buffer.byteLength(markdown)).toBeLessThanOrEqual(MAX_SUMMARY_BYTES);
}, 120_000);

test('secrets in instructions and messages are hidden', () => {
  const masked = summary(evaluation(SHOP_FINDINGS), { mask: (text) => text.replaceAll('deploy_key', '***').replaceAll('apt-get', '***') });
  expect(masked).not.toMatch(/deploy_key|apt-get/);
});

describe('escaping', () => {
  test.each([
    ['@octocat', '@\u200coctocat'], ['#12', '\\#\u200c12'], ['see GH-7', 'see GH\u200c-7'], [':bomb:', ':\u200cbomb:'], ['costs $5', 'costs <span>$</span>5'], ['1:9.2p1-2', '1:9.2p1-2'],
    ['a\u200bb\u202ec\u00ad', 'a\ufffdb\ufffdc\ufffd'], ['a\nb\u2028c', 'a b c'], [`e${'\u0301'.repeat(9)}`, `e${'\u0301'.repeat(3)}`],
  ])('%j', (text, escaped) => expect(escapeMarkdown(text)).toBe(escaped));
  test('a bar in a code span is escaped in tables alone', () => expect([codeSpan('a|b'), codeCell('a|b'), codeCell('a\\|b')]).toEqual(['`a|b`', '`a\\|b`', '`a\\\\|b`']));
  test.each([
    ['[x](javascript:alert(1))', '[x] (javascript:alert(1))'], ['![x](https://e.example/x.png)', '![x] (https://e.example/x.png)'], ['<img src=x>', '< img src=x>'], ['</details>', '< /details>'], ['@octocat', '@\u200coctocat'],
    ['/app/node_modules/@babel/core', '/app/node_modules/@babel/core'], ['a < b, >= 1', 'a < b, >= 1'], ['a\r\n::error::x', 'a ::error::x'],
  ])('plain text, whoever reads it: %j', (text, plain) => expect(plainText(text)).toBe(plain));
  test.each(HOSTILE)('%j is one paragraph of plain text', (text) => {
    const [first, ...others] = marked.lexer(`x ${escapeMarkdown(text)} y`, { gfm: true });
    expect(others).toEqual([]);
    expect(first?.type).toBe('paragraph');
    for (const token of (first as Tokens.Paragraph).tokens) expect(token.type === 'html' ? token.raw : token.type).toMatch(/^(?:text|escape|<\/?span>)$/);
    expect(codeSpan(text)).toMatch(/^(?:`[^`\n]+`)?$/);
    expect(mermaidText(text)).toMatch(/^[\p{L}\p{N} .,:/=_…-]+$/u);
  });
  test.each(HOSTILE)('%j at the start of a line is plain text', (text) => {
    const escaped = escapeMarkdown(text).trim();
    for (const token of marked.lexer(escaped, { gfm: true })) expect(['paragraph', 'space']).toContain(token.type);
  });
  test.each(['javascript:alert(1)', 'https://x/ y', 'https://x/"onclick=', 'data:text/html,x', ''])('no link to %j', (url) => expect(link('a', url)).toBe('a'));
});

test('what was not looked for is not told as none', () => {
  expect(summary(evaluation([], { advisories: null }), { mask: (text) => text })).toMatch(/Vulnerabilities were not looked for: no advisories were given\./);
  expect(summary(evaluation([], { advisories: null, backend: 'https://secure.example.com' }), { mask: (text) => text })).toMatch(/No vulnerabilities to show\./);
});

test('a remedy that many findings share is told once in the table of rules', () => {
  const leak = (path: string): Finding => ({ id: path, policy: 'p', rule: 'r', gate: 'secret_scans', trigger: 'content_regex_checks', action: 'stop', message: path, remediation: 'Take it out.', location: { path } });
  const rows = summary(evaluation([leak('/a'), leak('/b'), leak('/c')]), { mask: (text) => text }).split('\n').filter((line) => line.startsWith('| 🛑'));
  expect(rows.map((line) => line.split(' | ').at(-1))).toEqual(['Take it out. |', 'as above |', 'as above |']);
});

test('what is left out of the page is told, and that it decides', () => {
  const all = evaluation([vulnerable('CVE-2026-1', 'critical', 'a', '1', [], 3), vulnerable('CVE-2026-2', 'high', 'b', '1', [], 3), vulnerable('CVE-2026-3', 'low', 'c', '1', ['2'], 3)]);
  const fixed = shown(all, { minimumSeverity: 'unknown', onlyFixed: true });
  expect(fixed.findings.map(({ vulnerability }) => vulnerability?.id)).toEqual(['CVE-2026-3']);
  expect(fixed.notices).toEqual(['2 findings, 1 of which stops the image, are not shown (only-fixed); evaluation.json has all of them.']);
  const page = summary(fixed, { mask });
  expect(page).toContain('**What decides is not shown: see the note below.**');
  expect(page).not.toContain('Nothing stops it');
  expect(shown(all, { minimumSeverity: 'high', onlyFixed: false }).notices).toEqual(['1 finding is not shown (minimum-severity: high); evaluation.json has all of them.']);
  expect(shown(all, { minimumSeverity: 'low', onlyFixed: false })).toBe(all);
});

test('a step that passes though the verdict says no says why', () => {
  const now = markNew(evaluation(SHOP_FINDINGS), evaluation(SHOP_FINDINGS)).evaluation;
  const page = (failOn: 'stop' | 'warn' | 'never', onlyNew: boolean): string => summary(now, { mask, gone: [], allTheSame: allTheSame(now, failOn, onlyNew) });
  expect(page('stop', true)).toContain('**The step passes all the same: nothing that stops is new, and only what is new decides \\(fail-on-new\\).**');
  expect(page('never', false)).toContain('The step passes all the same: fail-on is never.');
  for (const failing of [page('stop', false), page('warn', false)]) expect(failing).not.toContain('all the same');
});

test('of many layers those that brought most are plotted, and the table says how many more there are', () => {
  const layers = Array.from({ length: 200 }, (_, index) => ({ ...(evaluation([]).image.layers[0] ?? (() => { throw new Error('none'); })()), index, sizeBytes: 1 }));
  const finding = vulnerable('CVE-2026-1', 'critical', 'a', '1', [], 3);
  const page = summary(evaluation([{ ...finding, location: { layer: { index: 180, diffId: '', instruction: '' } } }], { image: { ...evaluation([]).image, layers } }), { mask });
  expect(/x-axis "layer" \[(.*)\]/.exec(page)?.[1]?.split(', ')).toContain('"180"');
  expect(page).toContain('… and 50 more');
});

test.each([[0, /^## 🛑/, true], [500, /^\n## 🛑/, true], [1024 * 1024 - 3_000, /^\n## 🛑[^]*What to do first[^]*The rest does not fit into this step's summary; `summary\.md` has all of it\.\n$/, false], [1024 * 1024 - 10, /^$/, false]])('behind %d bytes of the same step', (before, form, isWhole) => {
  const page = SUMMARIES['stop'] ?? '';
  const added = fittingSummary(page, before);
  expect(added).toMatch(form);
  expect(added.includes(page)).toBe(isWhole);
  expect(before + Buffer.byteLength(added)).toBeLessThanOrEqual(1024 * 1024);
});

test('the same upgrade in several places is one thing to do', () => {
  const copies = Array.from({ length: 12 }, (_, number) => vulnerable('CVE-2026-1', 'critical', 'lodash', '4.17.11', ['4.17.21'], 3, {}, { package: { name: 'lodash', version: '4.17.11', type: 'npm', purl: '', path: `/srv/${number}` } }));
  const page = summary(evaluation([...copies, vulnerable('CVE-2026-2', 'critical', 'minimist', '1.2.0', ['1.2.6'], 3)]), { mask });
  expect(page.split('\n').filter((line) => /^\d\. Upgrade/.test(line))).toEqual([
    '1. Upgrade `lodash` from 4\\.17.11 to **4\\.17.21** in 12 places: mends 1 vulnerability (1 critical), at `Dockerfile:12`',
    '2. Upgrade `minimist` from 1\\.2.0 to **1\\.2.6**: mends 1 vulnerability (1 critical), at `Dockerfile:12`',
  ]);
});
