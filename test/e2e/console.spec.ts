import { jest } from '@jest/globals';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { startFakeApi, type FakeApi } from '#test/fakes/fake-api.js';
import { emptyFleet } from '#test/fakes/fake-fleet.js';
import { rolloutFleet } from '#test/fakes/fake-rollout-fleet.js';
import { axe, consoleFolder, isTooWide, openBrowser, openPage, settled } from './console-browser.js';
import { pagesOf } from './console-pages.js';

jest.setTimeout(300_000);
/** Set to a folder to keep a picture of each page, for the guide. */
const pictures = process.env.PICTURES;

const looks = (['wide', 'phone'] as const).flatMap((width) =>
  (['id', 'en'] as const).map((language) => ({ width, language, scheme: 'light' as const })),
);

describe('console: every page', () => {
  let browser: Browser;
  let api: FakeApi;
  beforeAll(async () => {
    browser = await openBrowser();
    api = await startFakeApi({ fleet: rolloutFleet(), consoleFolder });
    api.rollouts.isPaused = true;
  });
  afterAll(async () => {
    await browser.close();
    await api.stop();
  });

  it.each([...looks, { width: 'wide' as const, language: 'id' as const, scheme: 'dark' as const }])(
    'has nothing that axe-core finds, nothing the browser complains of, and fits ($width, $language, $scheme)',
    async (look) => {
      const { page, complaints, close } = await openPage(browser, look);
      const found: string[] = [];
      for (const [name, path] of pagesOf(api.fleet)) {
        await page.goto(api.url + path);
        await settled(page);
        found.push(...(await axe(page)).map((line) => `${name}: ${line}`));
        if (await isTooWide(page)) found.push(`${name}: wider than the screen`);
        if (pictures)
          await page.screenshot({
            fullPage: process.env.PICTURES_WHOLE === '1',
            path: join(pictures, `${name}-${look.width}-${look.language}-${look.scheme}.png`),
          });
      }
      expect(found).toEqual([]);
      expect(complaints).toEqual([]);
      await close();
    },
  );

  it('is also clean when empty, forbidden, failed and before login', async () => {
    const empty = await startFakeApi({ fleet: emptyFleet(), consoleFolder, isSignedIn: false });
    const { page, complaints, close } = await openPage(browser);
    const found: string[] = [];
    const look = async (name: string, path: string) => {
      await page.goto(empty.url + path);
      await settled(page);
      found.push(...(await axe(page)).map((line) => `${name}: ${line}`));
      if (pictures) await page.screenshot({ path: join(pictures, `${name}.png`) });
    };
    await look('masuk', '/');
    await page.getByLabel('Nama pengguna').fill('admin');
    await page.getByLabel('Kata sandi', { exact: true }).fill('rahasia');
    await page.getByRole('button', { name: 'Masuk', exact: true }).click();
    await page.getByRole('heading', { name: 'Langkah pertama' }).waitFor();
    for (const path of [
      '/',
      '/desa',
      '/releases',
      '/rollouts',
      '/rollouts/new',
      '/runs',
      '/servers',
      '/drift',
      '/gabungan',
      '/settings',
      '/settings/users',
      '/settings/users?add=1',
      '/account',
      '/audit',
    ])
      await look(`kosong${path.replace('/', '-')}`, path);
    empty.refusals.set('/servers', { status: 403, code: 'forbidden' });
    await look('terlarang', '/servers');
    expect(await page.getByRole('alert').innerText()).toContain('Anda tidak berhak');
    empty.refusals.set('/releases', {
      status: 500,
      code: 'unexpected',
      title: 'Terjadi kesalahan',
      hint: 'Coba lagi.',
    });
    await look('gagal', '/releases');
    expect(await page.getByRole('alert').innerText()).toContain('unexpected');
    expect(found).toEqual([]);
    expect(complaints).toEqual([]);
    await close();
    await empty.stop();
  });
});
