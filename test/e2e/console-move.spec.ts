import { jest } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import type { FakeApi } from '#test/fakes/fake-api.js';
import { fullFleet } from '#test/fakes/fake-fleet.js';
import { openBrowser, openVisit, type Visit } from './console-browser.js';

jest.setTimeout(60_000);

describe('console: a desa that moves', () => {
  let browser: Browser;
  let api: FakeApi;
  let page: Page;
  let visit: Visit;
  beforeAll(async () => void (browser = await openBrowser()));
  afterAll(() => browser.close());
  beforeEach(async () => {
    visit = await openVisit(browser, { fleet: fullFleet(), stepMilliseconds: 30 });
    ({ api, page } = visit);
  });
  afterEach(() => visit.close());
  const asksFor = (pattern: RegExp): string[] => api.asked.filter((line) => pattern.test(line));

  it('is planned first; afterwards its page names the DNS record to change, the downtime, and clears the old place', async () => {
    const { code } = api.fleet.desa[8]!;
    await visit.open(`/desa/${code}`);
    await page.getByRole('button', { name: 'Rencanakan pemindahan' }).click();
    await page.getByLabel('Ke server').selectOption({ index: 1 });
    await page.getByRole('button', { name: 'Hitung rencana' }).click();
    const begin = page.getByRole('button', { name: 'Pindahkan 1 desa' });
    await begin.waitFor();
    expect(asksFor(/POST .*\/move$/)).toHaveLength(1);
    await begin.click();
    await page.getByText('Pekerjaan sudah dimulai').waitFor();
    expect(asksFor(/POST .*\/move$/)).toHaveLength(2);

    await visit.open(`/desa/${code}`);
    await page.getByText('Server pusat masih menyimpan tempat lama').waitFor();
    await page.getByText('10.0.0.7').waitFor();
    await page.getByText(/Halaman perawatan tampil selama/).waitFor();
    expect(await page.getByRole('button', { name: 'Rencanakan pemindahan' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Kosongkan tempat lama sekarang' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('tidak lagi meneruskan pengunjung').waitFor();
    expect(asksFor(/\/settle$/)).toHaveLength(0);
    await dialog.getByRole('button', { name: 'Kosongkan tempat lama sekarang' }).click();
    await page.getByText('selesai dalam').waitFor();
    expect(asksFor(/\/settle$/)).toHaveLength(1);
  });
});
