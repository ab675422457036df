import { join } from 'node:path';
import { jest } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import type { FakeApi } from '#test/fakes/fake-api.js';
import { rolloutFleet } from '#test/fakes/fake-rollout-fleet.js';
import { axe, openBrowser, openVisit, type Visit } from './console-browser.js';

jest.setTimeout(90_000);
const pictures = process.env.PICTURES;

describe('console: what is not as recorded', () => {
  let browser: Browser;
  let api: FakeApi;
  let page: Page;
  let visit: Visit;
  const open = (path: string): Promise<void> => visit.open(path);
  const begin = async (role: 'admin' | 'reader' = 'admin'): Promise<void> => {
    visit = await openVisit(browser, { fleet: rolloutFleet(), stepMilliseconds: 200, role });
    ({ api, page } = visit);
    api.rollouts.isPaused = true;
  };
  beforeAll(async () => void (browser = await openBrowser()));
  afterAll(() => browser.close());
  afterEach(() => visit.close());
  const changes = () => api.asked.filter((line) => /^(POST|PUT)/.test(line));

  it('leads from the first page to the drift of a server, shows the plan, and repairs only when told', async () => {
    await begin();
    await open('/');
    await page
      .getByRole('link', { name: /Rute desa tidak ada/ })
      .first()
      .click();
    await page.getByRole('heading', { name: 'Penyimpangan di pusat' }).waitFor();
    await page.getByRole('button', { name: /^Perbaiki \d+/ }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('belum ada yang diubah').waitFor();
    const start = dialog.getByRole('button', { name: 'Jalankan perbaikan' });
    await start.waitFor();
    expect(await axe(page)).toEqual([]);
    if (pictures) await page.screenshot({ path: join(pictures, 'penyimpangan-rencana.png') });
    expect(api.fleet.runs.filter(({ verb, state }) => verb === 'repair' && state !== 'done')).toEqual([]);
    expect(changes()).toHaveLength(1);
    await start.click();
    await dialog.getByText('Perbaikan dimulai').waitFor();
    expect(changes()).toHaveLength(2);
    await dialog.getByRole('button', { name: 'Tutup' }).click();
    await page.getByText('Yang sudah hilang (2)').waitFor();
  });

  it('repairs all, and tells what was left for a person', async () => {
    await begin();
    await open('/drift');
    await page.getByText('perlu tangan orang').waitFor();
    await page.getByRole('button', { name: 'Perbaiki semua (2)' }).click();
    await page.getByText('2 perbaikan dimulai.').waitFor();
    expect(await page.getByRole('alert').innerText()).toContain('pusat: Perlu tangan orang');
    await page.getByText('Yang sudah hilang (3)').waitFor();
  });

  it('lets an admin say what may be repaired without a person, and a reader only read', async () => {
    await begin();
    await open('/drift');
    const choice = page.getByLabel('Boleh diperbaiki tanpa orang');
    await choice.selectOption('safe');
    await page.locator('select:disabled').waitFor({ state: 'detached' });
    await page.reload();
    expect(await choice.inputValue()).toBe('safe');
    expect(changes()).toEqual(['PUT /drift/policies/1307']);
    await visit.close();
    await begin('reader');
    await open('/drift');
    await page.getByText('Berbeda dari catatan').waitFor();
    expect(await page.getByRole('button', { name: /Perbaiki/ }).count()).toBe(0);
    expect(await page.getByLabel('Boleh diperbaiki tanpa orang').isDisabled()).toBe(true);
  });
});
