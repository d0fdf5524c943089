import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { chromium, type Browser, type Page } from 'playwright-core';
import { HOSTILE_PATH, start, type Running } from './running.js';

/** Debian's package, or whatever is named. */
const PROGRAM = [process.env['INLINE_SCAN_TEST_CHROMIUM'] ?? '', '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => path !== '' && existsSync(path));
const ARGUMENTS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** Set it to a folder to look at the pages. */
const PICTURES = process.env['INLINE_SCAN_TEST_PICTURES'];

(PROGRAM === undefined ? describe.skip : describe)(PROGRAM === undefined ? 'in a browser (left out: there is no chromium)' : 'in a browser', () => {
  let running: Running;
  let browser: Browser;
  let page: Page;
  let clock = Date.parse('2026-03-01T10:00:00Z');
  const told: string[] = [];

  beforeAll(async () => {
    running = await start({ now: () => new Date(clock) });
    for (let number = 1; number <= 3; number += 1) await running.send(running.tokens.mine, await running.image(number));
    const { digest } = await running.image(2);
    for (const rule of [[], [{ id: 'r', gate: 'always', trigger: 'always', action: 'WARN', params: [] }]]) {
      clock += 86_400_000;
      if (rule.length > 0) await running.ask(running.tokens.mine, 'POST', '/api/scanning/v1/policies', { id: 'own', version: '1_0', name: 'Own', rules: rule });
      await running.ask(running.tokens.mine, 'POST', `/api/scanning/v1/images/${digest}/evaluate`);
    }
    browser = await chromium.launch({ executablePath: PROGRAM ?? '', args: ARGUMENTS });
    page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
    page.on('dialog', (dialog) => { told.push(`dialog: ${dialog.message()}`); void dialog.dismiss(); });
    page.on('pageerror', (error) => { told.push(`error: ${error.message}`); });
    page.on('console', (message) => { if (message.type() === 'error') told.push(message.text()); });
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await running?.server.stop();
  });

  async function picture(name: string): Promise<void> {
    if (PICTURES === undefined) return;
    mkdirSync(PICTURES, { recursive: true });
    await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
  }

  /** Rules that hold for every page. */
  async function expectAccessible(): Promise<void> {
    const found = await page.evaluate(ACCESSIBILITY) as Record<string, unknown>;
    expect(found).toMatchObject({ language: 'en', mains: 1, headings: 1, unlabelled: [], unnamedButtons: 0, uncaptioned: 0, pale: [], wide: false, scripts: 0 });
    expect(found['title']).toMatch(/– Inline Scan$/);
  }

  test('signs in by the keyboard, searches, and finds the image', async () => {
    await page.goto(running.server.url);
    expect(page.url()).toBe(`${running.server.url}/login`);
    await expectAccessible();
    await picture('login');
    await page.keyboard.type(running.tokens.mine);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/images');
    await expectAccessible();
    await picture('images');
    expect(await page.locator('tbody tr').count()).toBe(3);
    await page.getByLabel('Name, digest or id').fill('small:2');
    await page.getByRole('button', { name: 'Search' }).click();
    expect(await page.locator('tbody tr').count()).toBe(1);
    await page.getByRole('link', { name: 'docker.io/library/small:2' }).click();
    expect(await page.locator('h1').innerText()).toBe('docker.io/library/small:2');
  }, 60_000);

  test('shows verdicts over time, by a curve that has a name', async () => {
    expect(await page.getByRole('img', { name: /^Stops and warnings from 2026-03-01 10:00 to 2026-03-03/ }).count()).toBe(1);
    await expectAccessible();
    await picture('image');
  }, 60_000);

  test('shows what an image says as text, whatever it says', async () => {
    const { digest } = await running.image(1);
    await page.goto(`${running.server.url}/images/${digest}?action=&severity=&q=onerror`);
    const shown = await page.locator('tbody code').first().innerText();
    expect(shown).toContain(HOSTILE_PATH.replace('\u202e', '\\u{202e}'));
    expect(await page.locator('img, script').count()).toBe(0);
    await expectAccessible();
    await picture('findings');
  }, 60_000);

  test('the filter leaves out what is not wanted', async () => {
    await page.goto(`${running.server.url}/images/${(await running.image(1)).digest}`);
    const all = await page.locator('h2#findings ~ .scroll tbody tr').count();
    await page.getByLabel('Action').selectOption('stop');
    await page.getByRole('button', { name: 'Show' }).click();
    const marks = await page.locator('h2#findings ~ .scroll tbody tr td:first-child').allInnerTexts();
    expect(marks.length).toBeGreaterThan(0);
    expect(marks.length).toBeLessThan(all);
    expect(new Set(marks)).toEqual(new Set(['Stop']));
  }, 60_000);

  test.each(['light', 'dark'] as const)('every page is readable in the %s, and on a telephone', async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    const { digest } = await running.image(2);
    for (const [width, suffix] of [[1200, ''], [390, '-narrow']] as const) {
      await page.setViewportSize({ width, height: 844 });
      for (const path of ['/images', `/images/${digest}`, '/vulnerabilities?id=CVE-1', '/policies', '/policies/own']) {
        await page.goto(`${running.server.url}${path}`);
        await expectAccessible();
        await picture(`${colorScheme}${suffix}${path.replace(/\W+/g, '-').slice(0, 20)}`);
      }
    }
    await page.setViewportSize({ width: 1200, height: 900 });
  }, 90_000);

  test('signs out, and the page is gone', async () => {
    await page.goto(`${running.server.url}/images`);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL('**/login');
    await page.goto(`${running.server.url}/images`);
    expect(page.url()).toBe(`${running.server.url}/login`);
  }, 60_000);

  test('nothing was run, and nothing was refused', () => {
    expect(told).toEqual([]);
  });
});

/** Runs in the page: landmarks, headings, labels, captions, contrast (WCAG 2.2, 1.4.3), no sideways scrolling of the page. */
const ACCESSIBILITY = `(() => {
  const channel = (value) => { const share = value / 255; return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4; };
  const luminance = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const parts = (color) => color.match(/[\\d.]+/g).map(Number);
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const [r, g, b, alpha = 1] = parts(getComputedStyle(at).backgroundColor);
      if (alpha > 0) return [r, g, b];
    }
    return matchMedia('(prefers-color-scheme: dark)').matches ? [0, 0, 0] : [255, 255, 255];
  };
  const contrast = (one, other) => { const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b); return (high + 0.05) / (low + 0.05); };
  const own = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== '');
  const visible = [...document.body.querySelectorAll('*')].filter((element) => own(element) && element.getClientRects().length > 0 && !element.closest('svg'));
  return {
    language: document.documentElement.lang, title: document.title,
    mains: document.querySelectorAll('main').length, headings: document.querySelectorAll('h1').length,
    unlabelled: [...document.querySelectorAll('input:not([type=hidden]), select')].filter((field) => field.labels.length === 0).map((field) => field.name),
    unnamedButtons: [...document.querySelectorAll('button')].filter((button) => button.innerText.trim() === '').length,
    uncaptioned: [...document.querySelectorAll('table')].filter((table) => !table.caption || table.querySelectorAll('th[scope]').length === 0).length,
    pale: visible.filter((element) => contrast(parts(getComputedStyle(element).color).slice(0, 3), ground(element)) < 4.5).map((element) => element.outerHTML.slice(0, 100)),
    wide: document.documentElement.scrollWidth > document.documentElement.clientWidth,
    scripts: document.scripts.length,
  };
})()`;
