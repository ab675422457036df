import { jest } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { startFakeApi, type FakeApi } from '#test/fakes/fake-api.js';
import { rolloutFleet } from '#test/fakes/fake-rollout-fleet.js';
import { axe, consoleFolder, openBrowser, openVisit, settled, type Visit } from './console-browser.js';

jest.setTimeout(90_000);

/** Against the stand-in api: what the server decides is played, what the person sees and does is real. */
describe('console: rollouts', () => {
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
  const rolloutThat = (state: string) => api.fleet.rollouts.find((one) => one.state === state)!;
  const button = (name: string | RegExp) => page.getByRole('button', { name });
  const asked = (line: RegExp) => api.asked.filter((one) => line.test(one));

  it('what will happen: a new rollout is planned, approved by its hash, started, and seen to its end', async () => {
    api.fleet.rollouts.length = 0;
    await open('/rollouts/new');
    await button('Hitung rencana').click();
    await page.getByText('24 desa akan diperbarui').first().waitFor();
    await page.getByText('49 desa sudah di versi ini').first().waitFor();
    await page.getByText('1 situs tidak menjawab dengan baik · 1 ditahan').waitFor();
    expect(api.fleet.rollouts).toEqual([]);
    await button('Buat peluncuran untuk 24 desa').click();
    const approve = button('Setujui rencana untuk 24 desa');
    await approve.waitFor();
    const { planHash } = api.fleet.rollouts[0]!;
    await page.getByText(planHash).waitFor();
    await approve.click();
    await button('Mulai peluncuran untuk 24 desa').click();
    await button('Jeda').waitFor();
    api.rollouts.isPaused = false;
    await page.getByText('Rilis lama dan baru dapat berjalan berdampingan').waitFor();
    await page.getByText(/Gelombang \d dari 4: \d+ dikerjakan/).waitFor();
    await page.getByText('24 desa diperbarui.').waitFor();
    expect(await button(/Jeda|Hentikan/).count()).toBe(0);
  });

  it('a plan that has changed is not approved, and the page says what to do', async () => {
    const draft = rolloutThat('draft');
    await open(`/rollouts/${draft.id}`);
    draft.planHash = 'f'.repeat(64);
    api.cutStreams(true);
    await button('Setujui rencana untuk 24 desa').click();
    await page.getByText('Hitung rencana baru.').waitFor();
    expect(draft.state).toBe('draft');
  });

  it('what is broken: failures stand by their cause; one group is held, the other retried, and it goes on to the end', async () => {
    const { id } = rolloutThat('paused');
    await open(`/rollouts/${id}`);
    const failures = page.getByRole('region', { name: 'Kegagalan' });
    expect(await failures.getByRole('listitem').count()).toBe(2);
    await failures.getByRole('button', { name: 'Tahan 2 desa ini' }).click();
    await page.getByLabel('Alasan').fill('Menunggu perbaikan tema situs');
    await page.getByRole('dialog').getByRole('button', { name: 'Tahan 2 desa ini' }).click();
    await page.getByText('3 ditahan').waitFor();
    await failures.getByRole('button', { name: 'Coba lagi 1 desa' }).click();
    await failures.waitFor({ state: 'detached' });
    expect(api.fleet.holds.map(({ reason }) => reason)).toContain('Menunggu perbaikan tema situs');
    await button('Lanjutkan').click();
    api.rollouts.isPaused = false;
    await page.getByText('21 desa diperbarui.').waitFor();
  });

  it('beyond the stop rule the page says so while it is being watched, without a reload', async () => {
    const rollout = rolloutThat('running');
    rollout.settings.needsYes = false;
    api.rollouts.failing.set(rollout.desa[1]!.code, 'probe-site:500');
    await open(`/rollouts/${rollout.id}`);
    api.rollouts.isPaused = false;
    await page.getByText('1 desa gagal, lebih dari yang dibolehkan.').waitFor();
    await page.getByRole('region', { name: 'Kegagalan' }).getByText('probe-site:500').waitFor();
    await button('Lanjutkan').waitFor();
  });

  it('what waits for me: the first page leads to the gate, and a person lets the next wave go', async () => {
    const rollout = rolloutThat('running');
    await open('/');
    await page.getByRole('link', { name: /menunggu izin gelombang berikutnya/ }).click();
    await page.getByText('Gelombang 1 dari 4 selesai dan menunggu izin Anda.').waitFor();
    api.rollouts.isPaused = false;
    await button('Lanjutkan gelombang 2').click();
    await button('Lanjutkan gelombang 3').waitFor();
    expect(rollout.waves[0]).toMatchObject({ state: 'passed', releasedBy: 'admin' });
    expect(rollout.waves[2]!.state).toBe('waiting');
  });

  it('pause and stop are in reach at the end of the page, and stopping says what stays', async () => {
    const rollout = rolloutThat('running');
    await open(`/rollouts/${rollout.id}`);
    await page.evaluate('window.scrollTo(0, document.body.scrollHeight)');
    expect((await button('Jeda').boundingBox())?.y).toBeLessThan(200);
    await button('Jeda').click();
    await button('Lanjutkan').waitFor();
    await button('Hentikan; 23 desa tetap di versi sekarang').click();
    await page.getByText('1 desa sudah diperbarui, yang lain tetap di versi sebelumnya.').waitFor();
    expect(rollout.state).toBe('stopped');
  });

  it('a lost connection is told, and what happened meanwhile is there when it is back', async () => {
    const rollout = rolloutThat('running');
    await open(`/rollouts/${rollout.id}`);
    api.cutStreams(true);
    await page.getByText('Sambungan terputus, menyambung lagi').waitFor();
    rollout.waves[0]!.releasedBy = 'kepala';
    api.cutStreams(false);
    await page.getByText('Sambungan terputus').waitFor({ state: 'detached' });
    await page.getByText('diizinkan kepala').waitFor();
  });

  it('a desa is held with a reason and an end, is marked in the list, and let go again', async () => {
    const { code } = api.fleet.desa[9]!;
    await open(`/desa/${code}`);
    await button('Tahan Nagari Andaleh').click();
    await page.getByLabel('Alasan').fill('Pemilihan wali nagari');
    await page.getByLabel('Sampai tanggal').fill('2099-01-31');
    await page.getByRole('dialog').getByRole('button', { name: 'Tahan Nagari Andaleh' }).click();
    await page.getByText('Sampai 31 Jan 2099 23.59 WIB').waitFor();
    await open('/desa');
    await page
      .getByRole('row', { name: /Nagari Andaleh .*ditahan/ })
      .first()
      .waitFor();
    await open(`/desa/${code}`);
    await button('Akhiri penahanan').click();
    await page.getByText('Nagari Andaleh ikut dalam peluncuran.').waitFor();
  });

  it('a withdrawn release says so, and its running rollout is paused with the reason', async () => {
    const { id } = rolloutThat('running');
    await open('/releases/opensid/v2602.0.0');
    await button('Tarik rilis v2602.0.0').click();
    await page.getByLabel('Alasan').fill('Halaman surat kosong');
    await page.getByRole('dialog').getByRole('button', { name: 'Tarik rilis v2602.0.0' }).click();
    await page.getByText('Rilis ini sudah ditarik').waitFor();
    await open(`/rollouts/${id}`);
    await page.getByText('Rilis v2602.0.0 ditarik: Halaman surat kosong').waitFor();
  });

  it('the policy of the clock is told in words, changed, and told anew', async () => {
    await open('/settings');
    await page.getByText('Peluncuran hanya berjalan Senin–Kamis, 22.00–04.00 waktu setempat desa.').waitFor();
    await page.getByText('Menunggu pukul 22.00').waitFor();
    await page.getByText('Jumat', { exact: true }).click();
    await page.getByLabel('Dari jam').fill('21:30');
    await page.getByLabel('Minta persetujuan orang sebelum peluncuran dimulai').uncheck();
    await button('Simpan pengaturan').click();
    await page.getByText('Peluncuran hanya berjalan Senin–Jumat, 21.30–04.00 waktu setempat desa.').waitFor();
    const { rules } = api.fleet.policies.get('1307 opensid')!;
    expect(rules).toMatchObject({ needsYes: false, window: { from: '21:30', days: [1, 2, 3, 4, 5] } });
    await page.getByLabel('Dari jam').fill('25:00');
    expect(await button('Simpan pengaturan').isDisabled()).toBe(true);
  });

  it('a reader sees the same and is offered no act', async () => {
    const reading = await startFakeApi({ fleet: api.fleet, consoleFolder, role: 'reader' });
    reading.rollouts.isPaused = true;
    for (const path of ['/rollouts', ...api.fleet.rollouts.map(({ id }) => `/rollouts/${id}`), '/settings']) {
      await page.goto(reading.url + path);
      await settled(page);
      expect(await button(/baru$|Setujui|Mulai|Jeda|Lanjutkan|Hentikan|Coba lagi|Tahan|Simpan/).count()).toBe(0);
    }
    await reading.stop();
  });

  it('dialogs and a plan that was just made have nothing that axe-core finds', async () => {
    await open('/rollouts/new');
    await button('Hitung rencana').click();
    await page.getByText('24 desa akan diperbarui').first().waitFor();
    expect(await axe(page)).toEqual([]);
    await open(`/rollouts/${rolloutThat('paused').id}`);
    await button('Tahan 2 desa ini').click();
    await page.getByLabel('Alasan').waitFor();
    expect(await axe(page)).toEqual([]);
  });

  it('refused and broken answers are told on each new page', async () => {
    api.refusals.set('/rollouts', { status: 403, code: 'forbidden' });
    api.refusals.set('/policies', { status: 500, code: 'unexpected', title: 'Terjadi kesalahan', hint: 'Coba lagi.' });
    await open('/rollouts');
    expect(await page.getByRole('alert').innerText()).toContain('Anda tidak berhak');
    await open('/settings');
    expect(await page.getByRole('alert').innerText()).toContain('unexpected');
    expect(asked(/^POST/)).toEqual([]);
  });
});
