import { jest } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import type { FakeApi } from '#test/fakes/fake-api.js';
import { rolloutFleet } from '#test/fakes/fake-rollout-fleet.js';
import { axe, openBrowser, openVisit, type Visit } from './console-browser.js';

jest.setTimeout(90_000);

/** Against the stand-in api: what the server decides is played, what the person sees and does is real. */
describe('console: a gabungan, a subscription, a way back', () => {
  let browser: Browser;
  let api: FakeApi;
  let page: Page;
  let visit: Visit;
  const open = (path: string): Promise<void> => visit.open(path);
  beforeAll(async () => void (browser = await openBrowser()));
  afterAll(() => browser.close());
  beforeEach(async () => {
    visit = await openVisit(browser, { fleet: rolloutFleet(), stepMilliseconds: 150 });
    ({ api, page } = visit);
    api.rollouts.isPaused = true;
  });
  afterEach(() => visit.close());
  const button = (name: string | RegExp) => page.getByRole('button', { name });
  const asked = (line: RegExp) => api.asked.filter((one) => line.test(one));

  it('restores a backup only after the code of the kabupaten was typed, and leads to the run', async () => {
    await open('/gabungan/limapuluhkota');
    const backups = page.getByRole('region', { name: 'Cadangan seluruh gabungan' });
    await backups.getByText('disimpan karena peluncuran bersandar padanya').waitFor();
    await backups.getByText('akan dihapus setelah cadangan berikutnya').waitFor();
    await backups.getByRole('button', { name: 'Pulihkan' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(/Ketik kode kabupaten 13\.07/).fill('13.08');
    await dialog.getByRole('button', { name: /Pulihkan cadangan/ }).click();
    await dialog.getByText('Bukan kode kabupaten ini.').waitFor();
    expect(asked(/restore/)).toEqual([]);
    expect(await axe(page)).toEqual([]);
    await dialog.getByLabel(/Ketik kode kabupaten/).fill('13.07');
    await dialog.getByRole('button', { name: /Pulihkan cadangan/ }).click();
    await page.waitForURL(/\/runs\//);
    expect(asked(/^POST .*restore/)).toHaveLength(1);
  });

  it('lets a kept database go only after the code was typed', async () => {
    await open('/gabungan/limapuluhkota');
    const kept = page.getByRole('region', { name: 'Basis data lama yang disimpan' });
    await kept.getByRole('button', { name: 'Lepas' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(/Ketik kode kabupaten/).fill('1307');
    await dialog.getByRole('button', { name: 'Hapus gab_limapuluhkota_lama_1f2e3d4c' }).click();
    await page.waitForURL(/\/runs\//);
    await open('/gabungan/limapuluhkota');
    await page.getByText('Tidak ada: belum pernah dipulihkan, atau sudah dilepas.').waitFor();
  });

  it('shows the evidence for going back, and makes a plan that moves nobody by itself', async () => {
    const finished = api.fleet.rollouts.find(({ rehearsal }) => rehearsal?.verdict === 'rolling')!;
    Object.assign(finished, { state: 'finished', problem: null, endedAt: new Date().toISOString() });
    await open(`/rollouts/${finished.id}`);
    await button('Kembali ke v2601.0.0: lihat rencananya').click();
    await page.getByText(/Gladi membuktikan: v2601\.0\.0 tetap menjawab/).waitFor();
    expect(await axe(page)).toEqual([]);
    expect(asked(/^POST \/rollouts$/)).toEqual([]);
    await page.getByRole('link', { name: 'Teruskan rencana ini' }).click();
    await page.waitForURL(/version=v2601\.0\.0/);
  });

  it('shows the evidence against going back, and the other way', async () => {
    const finished = api.fleet.rollouts.find(({ rehearsal }) => rehearsal?.verdict === 'window')!;
    Object.assign(finished, { state: 'finished', endedAt: new Date().toISOString() });
    await open(`/rollouts/${finished.id}`);
    await button(/Kembali ke v2601/).click();
    await page.getByText(/Gladi menolak: v2601\.0\.0 tidak berjalan pada struktur sekarang/).waitFor();
    await page.getByRole('link', { name: 'Jalan lain: pulihkan cadangan gabungan' }).waitFor();
  });

  it('writes down the end of a subscription, and takes it away', async () => {
    const desa = api.fleet.desa[8]!;
    await open(`/desa/${desa.code}`);
    await page.getByText('Menurut catatan kabupaten.').waitFor();
    await button('Catat akhir langganan').click();
    await page.getByLabel('Hari terakhir').fill('2027-03-31');
    await page.getByRole('dialog').getByRole('button', { name: 'Catat akhir langganan' }).click();
    await page.getByText('Sampai 31 Mar 2027: rilis premium sampai bulan Mar 2027.').waitFor();
    expect(desa.subscription).toEqual({ endsOn: '2027-03-31', isOwn: true });
  });

  it('tells why, by whom and when a release was withdrawn', async () => {
    const release = api.fleet.releases.find(({ version }) => version === 'v2602.0.0')!;
    const withdrawal = { reason: 'merusak halaman depan', by: 'kepala', at: '2026-11-24T15:15:00.000Z' };
    Object.assign(release, { state: 'withdrawn', withdrawal });
    await open('/releases/opensid/v2602.0.0');
    await page.getByText('Alasannya: merusak halaman depan').waitFor();
    await page.getByText('Ditarik kepala, 24 Nov 2026 22.15 WIB.').waitFor();
    expect(await axe(page)).toEqual([]);
  });
});
