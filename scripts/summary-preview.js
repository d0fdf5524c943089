/* global document */
/**
 * Renders every kind of summary to HTML, for people to look at: `npm run summary:preview [FOLDER] [SUMMARY.md…]` (default .work/summary-preview);
 * summaries of one's own are shown beside them. With a Chromium on the machine it also takes pictures of them, on light and on dark, and fails
 * where a plot does not draw.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { marked } from 'marked';
import { chromium } from 'playwright-core';
import { load } from './load.js';

const folder = resolve(process.argv[2] ?? '.work/summary-preview');
mkdirSync(folder, { recursive: true });

const { SUMMARIES } = await load("export { SUMMARIES } from './test/output/summaries.ts';");
const own = process.argv.slice(3).map((path) => [`${basename(dirname(resolve(path)))}-${basename(path, '.md')}`, readFileSync(path, 'utf8')]);
const summaries = { ...SUMMARIES, ...Object.fromEntries(own) };

const STYLE = `
  body { font: 16px/1.5 "Segoe UI", Helvetica, Arial, sans-serif; color: #1f2328; max-width: 980px; margin: 32px auto; padding: 0 16px; }
  table { border-collapse: collapse; display: block; overflow: auto; margin: 0 0 16px; } th, td { border: 1px solid #d1d9e0; padding: 6px 13px; } tr:nth-child(2n) { background: #f6f8fa; }
  code { background: #818b981f; border-radius: 6px; padding: .2em .4em; font: 85% ui-monospace, Menlo, Consolas, monospace; } details { margin: 0 0 16px; } summary { cursor: pointer; }
  h2 { border-bottom: 1px solid #d1d9e0; padding-bottom: .3em; } blockquote { border-left: .25em solid #d1d9e0; margin: 0 0 16px; padding: 0 1em; color: #59636e; } .mermaid { margin: 0 0 16px; }
  .note { border-left: .25em solid #0969da; }
  @media (prefers-color-scheme: dark) {
    body { background: #0d1117; color: #f0f6fc; } th, td { border-color: #3d444d; } tr:nth-child(2n) { background: #151b23; } code { background: #656c7633; }
    h2 { border-color: #3d444d; } blockquote { color: #9198a1; border-color: #3d444d; } a { color: #4493f8; }
  }
`;

for (const [name, markdown] of Object.entries(summaries)) {
  const html = marked.parse(markdown, { gfm: true, async: false }).replace(/<pre><code class="language-mermaid">([^]*?)<\/code><\/pre>/g, '<pre class="mermaid">$1</pre>');
  const mermaid = pathToFileURL(resolve('node_modules/mermaid/dist/mermaid.min.js')).href;
  writeFileSync(join(folder, `${name}.md`), markdown);
  writeFileSync(join(folder, `${name}.html`), `<!doctype html><html lang="en"><meta charset="utf-8"><title>${name}</title><style>${STYLE}</style><body>${html}
    <script src="${mermaid}"></script><script>
    // Plots are drawn while they are seen: a folded one has no size.
    const folds = [...document.querySelectorAll('details')], wereOpen = folds.map((one) => one.open);
    window.errors = []; mermaid.initialize({ startOnLoad: false, theme: matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'default' }); folds.forEach((one) => { one.open = true; });
    mermaid.run({ querySelector: '.mermaid' }).catch((error) => window.errors.push(String(error.message || error)))
      .finally(() => { folds.forEach((one, index) => { one.open = wereOpen[index]; }); window.done = true; });
    </script></body></html>`);
}
console.log(`${Object.keys(summaries).length} summaries in ${folder}`);

const executablePath = [process.env.CHROMIUM_PATH, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => path !== undefined && existsSync(path));
if (executablePath === undefined) {
  console.log('No Chromium found (CHROMIUM_PATH): no pictures were taken, and no plot was drawn.');
} else {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  const page = await browser.newPage({ viewport: { width: 1040, height: 900 } });
  const asked = [];
  page.on('dialog', (dialog) => { asked.push(`a dialog: ${dialog.message()}`); void dialog.dismiss(); });
  page.on('request', (request) => { if (!request.url().startsWith('file:')) asked.push(`a request: ${request.url()}`); });
  for (const name of Object.keys(summaries)) {
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      await page.goto(pathToFileURL(join(folder, `${name}.html`)).href);
      await page.waitForFunction(() => globalThis.done === true);
      if (colorScheme === 'light') await page.screenshot({ path: join(folder, `${name}.folded.png`), fullPage: true });
      await page.evaluate(() => document.querySelectorAll('details').forEach((one) => { one.open = true; }));
      const errors = await page.evaluate(() => globalThis.errors);
      asked.push(...errors.map((error) => `a plot: ${error}`));
      const height = await page.evaluate(() => document.body.scrollHeight);
      if (height < 16_000) await page.screenshot({ path: join(folder, `${name}.${colorScheme}.png`), fullPage: true });
      if (colorScheme === 'light') console.log(`${name}: ${Buffer.byteLength(readFileSync(join(folder, `${name}.md`)))} bytes, ${height} px`);
      // the dark one of a long summary shows nothing more
      if (height >= 16_000) break;
    }
  }
  await browser.close();
  if (asked.length > 0) {
    console.error(asked.join('\n'));
    process.exitCode = 1;
  }
}
