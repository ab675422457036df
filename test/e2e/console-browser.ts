import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { startFakeApi, type FakeApi } from '#test/fakes/fake-api.js';
import { chromium, type Browser, type Page } from 'playwright-core';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
export const widths = { wide: { width: 1366, height: 768 }, phone: { width: 390, height: 844 } } as const;

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });

interface Look {
  width?: keyof typeof widths;
  language?: 'id' | 'en';
  scheme?: 'light' | 'dark';
}

/** A page that remembers what the browser complained of: errors of scripts and refusals of the security policy. */
export const openPage = async (browser: Browser, { width = 'wide', language = 'id', scheme = 'light' }: Look = {}) => {
  const context = await browser.newContext({
    viewport: widths[width],
    colorScheme: scheme,
    reducedMotion: 'reduce',
    bypassCSP: false,
  });
  const remember = `localStorage.getItem('siappakai.language') ?? localStorage.setItem('siappakai.language', '${language}')`;
  await context.addInitScript({ content: remember });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on(
    'console',
    (message) =>
      message.type() === 'error' &&
      !message.text().includes('Failed to load resource') &&
      complaints.push(message.text()),
  );
  return { page, complaints, close: () => context.close() };
};

export const consoleFolder = join(process.cwd(), 'dist', 'console');

export interface Visit {
  api: FakeApi;
  page: Page;
  open(path: string): Promise<void>;
  close(): Promise<void>;
}

/** A page over a stand-in api of its own: what the server decides is played, what the person sees and does is real. */
export const openVisit = async (
  browser: Browser,
  options: Omit<Parameters<typeof startFakeApi>[0], 'consoleFolder'>,
): Promise<Visit> => {
  const api = await startFakeApi({ ...options, consoleFolder });
  const { page, close } = await openPage(browser);
  page.setDefaultTimeout(20_000);
  return {
    api,
    page,
    open: async (path) => {
      await page.goto(api.url + path);
      await settled(page);
    },
    close: async () => {
      await close();
      await api.stop();
    },
  };
};

interface Violation {
  id: string;
  nodes: { html: string; failureSummary: string }[];
}

/** What axe-core finds wrong, one line each; it is put in through the debugger, so that the page's own policy stays. */
export const axe = async (page: Page): Promise<string[]> => {
  await page.evaluate(axeSource);
  const violations = await page.evaluate<Violation[]>(
    "axe.run({ resultTypes: ['violations'] }).then((found) => found.violations)",
  );
  const line = (id: string, html: string, summary: string) => `${id}: ${html.slice(0, 160)} ${summary.slice(0, 200)}`;
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => line(id, html, failureSummary)));
};

export const isTooWide = (page: Page) =>
  page.evaluate<boolean>('document.documentElement.scrollWidth > window.innerWidth');

export const settled = async (page: Page) => {
  await page.locator('h1').first().waitFor({ timeout: 90_000 });
  // The first of them is gone only when all are.
  await page.locator('[role=status][aria-label]').first().waitFor({ state: 'detached' });
};
