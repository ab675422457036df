import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { jest } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { startFakeApi, type FakeApi } from '#test/fakes/fake-api.js';
import { fullFleet } from '#test/fakes/fake-fleet.js';
import { consoleFolder, openBrowser, openPage, openVisit, settled, type Visit } from './console-browser.js';

jest.setTimeout(60_000);

describe('console: the five questions', () => {
  let browser: Browser;
  let api: FakeApi;
  let page: Page;
  let visit: Visit;
  const open = (path: string): Promise<void> => visit.open(path);
  beforeAll(async () => void (browser = await openBrowser()));
  afterAll(() => browser.close());
  beforeEach(async () => {
    visit = await openVisit(browser, { fleet: fullFleet(), stepMilliseconds: 600 });
    ({ api, page } = visit);
  });
  afterEach(() => visit.close());
  const asksFor = (method: string, pattern: RegExp) =>
    api.asked.filter((line) => line.startsWith(method) && pattern.test(line));

  it('what will happen: a plan for three desa changes nothing until the button that names the act and the count', async () => {
    await open('/desa?version=v2601.0.0');
    for (const name of ['Talang Anau', 'Situjuah Batua', 'Taram'])
      await page.getByLabel(`Pilih ${name}`, { exact: true }).check();
    await page.getByRole('button', { name: 'Rencanakan pembaruan' }).click();
    await page.getByRole('button', { name: 'Hitung rencana' }).click();
    const begin = page.getByRole('button', { name: 'Perbarui 3 desa' });
    await begin.waitFor();
    await page.getByText('Lihat 8 langkah').first().click();
    await page.getByText('migrasikan opensid ke v2602.0.0 dengan akun pemilik').first().waitFor();
    expect(api.fleet.runs.filter(({ state }) => state === 'queued' || state === 'running')).toEqual([]);
    await begin.click();
    await page.getByText('Pekerjaan sudah dimulai').waitFor();
    expect(asksFor('POST', /\/update$/)).toHaveLength(6);
    expect(api.fleet.runs.filter(({ state }) => state === 'queued' || state === 'running')).toHaveLength(3);
  });

  it('what is happening: the first page leads to a run that moves to its end without a reload', async () => {
    api.runs.isPaused = true;
    await fetchPost(api, `/desa/${api.fleet.desa[8]!.code}/update`, { version: 'v2602.0.0' });
    await open('/');
    await page.getByRole('region', { name: 'Sedang berjalan' }).getByRole('link').click();
    await page.getByText('menunggu giliran').waitFor();
    api.runs.isPaused = false;
    await page.getByText(/Langkah \d dari 8/).waitFor();
    await page.getByText('selesai dalam').waitFor();
    expect(await page.getByRole('log').innerText()).toContain('record-site');
  });

  it('a lost connection is told, the work goes on, and the log has every line once when it is back', async () => {
    api.runs.isPaused = true;
    const { id } = await fetchPost(api, `/desa/${api.fleet.desa[8]!.code}/update`, { version: 'v2602.0.0' });
    await open(`/runs/${id}`);
    api.runs.isPaused = false;
    await page.getByText('check-target:').waitFor();
    api.runs.isPaused = true;
    api.cutStreams(true);
    await page.getByText('Sambungan terputus, menyambung lagi').waitFor();
    api.cutStreams(false);
    await page.getByText('Sambungan terputus').waitFor({ state: 'detached' });
    api.runs.isPaused = false;
    await page.getByText('selesai dalam').waitFor();
    const lines = (await page.getByRole('log').locator('.log-line').allInnerTexts()).map((line) =>
      line.split('\n').at(-1),
    );
    expect(lines).toHaveLength(8);
    expect(new Set(lines).size).toBe(8);
  });

  it('what is broken: a failed step says what happened, what to do, its code, and that all was put back', async () => {
    api.runs.failsAt = 'probe-site';
    const { id } = await fetchPost(api, `/desa/${api.fleet.desa[8]!.code}/update`, { version: 'v2602.0.0' });
    await open(`/runs/${id}`);
    await page.getByText('Semua yang sudah dikerjakan telah dikembalikan').waitFor();
    const alert = page.getByRole('alert').first();
    expect(await alert.innerText()).toMatch(
      /Diminta v2602\.0\.0, situs menjawab 500\.[\s\S]*Yang dapat dilakukan: Baca catatan[\s\S]*not-proved/,
    );
    await open('/');
    await page
      .getByRole('region', { name: 'Bermasalah' })
      .getByRole('link', { name: /Mungka/ })
      .waitFor();
  });

  it('what waits for me: a release that is not built leads to its building', async () => {
    await open('/');
    await page.getByRole('region', { name: 'Menunggu keputusan' }).getByRole('link').click();
    await page.getByRole('link', { name: 'v2603.0.0' }).click();
    await page.getByRole('button', { name: 'Bangun rilis ini' }).click();
    await page.getByText('selesai dalam').waitFor();
    expect(api.fleet.releases.find(({ version }) => version === 'v2603.0.0')?.state).toBe('built');
  });

  it('what did happen and who did it: the page of a desa lists its runs, the trail names the person', async () => {
    await open(`/desa/${api.fleet.desa[5]!.code}`);
    await page.getByText('diinginkan v2602.0.0').waitFor();
    await page
      .getByRole('region', { name: 'Riwayat' })
      .getByRole('link', { name: 'Perbarui OpenSID Mungka' })
      .waitFor();
    await open('/audit');
    await page.getByRole('cell', { name: 'menambah desa' }).waitFor();
  });

  it('removal is offered only after the code of the desa was typed', async () => {
    const { code } = api.fleet.desa[8]!;
    await open(`/desa/${code}`);
    await page.getByRole('button', { name: 'Rencanakan penghapusan' }).click();
    await page.getByRole('button', { name: 'Hitung rencana' }).click();
    const button = page.getByRole('button', { name: 'Hapus dari 1 desa' });
    await button.waitFor();
    expect(await button.isDisabled()).toBe(true);
    await page.getByLabel(`Ketik ${code}`).fill(code);
    await button.click();
    await page.getByText('Pekerjaan sudah dimulai').waitFor();
  });

  it('the first admin password is shown only when asked for, and is gone after the page was left', async () => {
    const path = `/desa/${api.fleet.desa[8]!.code}`;
    await open(path);
    expect(await page.content()).not.toContain('kWq8Zr2TbN5x');
    await page.getByRole('button', { name: 'Tampilkan kata sandi admin pertama' }).click();
    await page.getByText('kWq8Zr2TbN5x').waitFor();
    await open('/');
    await open(path);
    expect(await page.content()).not.toContain('kWq8Zr2TbN5x');
  });

  it('filters stand in the address, and a reload lands in the same place', async () => {
    await open('/desa');
    await page.getByRole('searchbox', { name: 'Cari' }).fill('halaban');
    await page.waitForURL(/q=halaban/);
    await page.getByText('8 desa', { exact: true }).waitFor();
    await page.reload();
    await page.getByText('8 desa', { exact: true }).waitFor();
  });

  it('Ctrl K finds a desa by its code with dots', async () => {
    await open('/');
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder('Cari desa, rilis, server, pekerjaan').fill('13.07.06.2006');
    await page.getByText('Nagari Mungka').click();
    await page.getByRole('heading', { name: 'Nagari Mungka' }).waitFor();
  });

  it('a desa that was added leads to its own page', async () => {
    await open('/desa?add=1');
    await page.getByLabel('Kode desa').fill('13.07.01.2999');
    await page.getByLabel('Domain').fill('baru.desa.contoh');
    await page.getByRole('button', { name: 'Tambahkan' }).click();
    await page.getByText('Belum ada aplikasi di Nagari ini.').waitFor();
    expect(new URL(page.url()).pathname).toBe('/desa/1307012999');
  });

  it('a reader sees everything and is offered no change', async () => {
    const reading = await startFakeApi({ fleet: fullFleet(), consoleFolder, role: 'reader' });
    for (const path of ['/', '/desa', `/desa/${api.fleet.desa[8]!.code}`, '/releases', '/servers', '/gabungan']) {
      await page.goto(reading.url + path);
      await settled(page);
      expect(await page.getByRole('button', { name: /Tambah|Rencanakan|Impor|Periksa|Buat|Bangun/ }).count()).toBe(0);
    }
    await reading.stop();
  });

  it('five thousand desa are few rows in the page', async () => {
    const many = await startFakeApi({ fleet: fullFleet(5_000), consoleFolder });
    await page.goto(`${many.url}/desa`);
    await page.getByText('5.000 desa').waitFor();
    expect(await page.locator('tbody tr').count()).toBeLessThan(80);
    await many.stop();
  });
});

describe('console: weight', () => {
  it('the first page asks for at most 200 kB of compressed script', async () => {
    const browser = await openBrowser();
    const api = await startFakeApi({ fleet: fullFleet(), consoleFolder });
    const { page, close } = await openPage(browser);
    const asked = new Set<string>();
    page.on('request', (request) => request.url().endsWith('.js') && asked.add(request.url().split('/').at(-1)!));
    await page.goto(api.url);
    await settled(page);
    const sizes = readdirSync(join(consoleFolder, 'assets')).filter((name) => asked.has(name));
    const total = sizes.reduce(
      (sum, name) => sum + gzipSync(readFileSync(join(consoleFolder, 'assets', name))).length,
      0,
    );
    console.log(`first page: ${sizes.length} files, ${(total / 1000).toFixed(1)} kB of compressed script`);
    expect(total).toBeLessThanOrEqual(200_000);
    await close();
    await api.stop();
    await browser.close();
  });
});

const fetchPost = async (api: FakeApi, path: string, body: object): Promise<{ id: string }> => {
  const headers = { 'content-type': 'application/json', 'x-siappakai': '1' };
  const response = await fetch(`${api.url}/api/v1${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  return (await response.json()) as { id: string };
};
