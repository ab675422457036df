import { jest } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import type { FakeApi } from '#test/fakes/fake-api.js';
import { rolloutFleet } from '#test/fakes/fake-rollout-fleet.js';
import { axe, isTooWide, openBrowser, openVisit, widths, type Visit } from './console-browser.js';

jest.setTimeout(90_000);

/** Against the stand-in api: what the server decides is played, what the person sees and does is real. */
describe('console: users and tokens', () => {
  let browser: Browser;
  let api: FakeApi;
  let page: Page;
  let visit: Visit;
  const open = (path: string): Promise<void> => visit.open(path);
  const begin = async (options: { role?: 'reader'; mustChangePassword?: boolean } = {}): Promise<void> => {
    visit = await openVisit(browser, { fleet: rolloutFleet(), ...options });
    ({ api, page } = visit);
    api.rollouts.isPaused = true;
  };
  beforeAll(async () => void (browser = await openBrowser()));
  afterAll(() => browser.close());
  afterEach(() => visit.close());
  const changes = () => api.asked.filter((line) => /^(POST|PATCH|DELETE)/.test(line));
  const button = (name: string | RegExp) => page.getByRole('button', { name });
  const dialog = () => page.getByRole('dialog');

  it('makes a user whose first password stays until a person says that it is copied', async () => {
    await begin();
    await open('/settings');
    await page.getByRole('link', { name: 'Pengguna' }).click();
    await button('Tambah pengguna').click();
    await dialog().getByLabel('Nama pengguna').fill('Budi');
    await dialog()
      .getByLabel(/^Nama(?! pengguna)/)
      .fill('Budi Santoso');
    await dialog().getByLabel('Peran').selectOption('operator');
    await button('Tambahkan').click();
    await dialog().getByText('2 sampai 40 huruf kecil').waitFor();
    await dialog().getByText('Isian ini wajib.').waitFor();
    expect(changes()).toEqual([]);
    expect(await axe(page)).toEqual([]);
    await dialog().getByLabel('Nama pengguna').fill('budi');
    await dialog().getByLabel('13.07').check();
    await button('Tambahkan').click();
    await dialog().getByText('Ab3dEf6hJk9mNp2q').waitFor();
    await page.keyboard.press('Escape');
    await page.mouse.click(5, 700);
    expect(await axe(page)).toEqual([]);
    await dialog().getByRole('button', { name: 'Salin Kata sandi' }).waitFor();
    await button('Sudah saya salin').click();
    await page.getByText('Ab3dEf6hJk9mNp2q').waitFor({ state: 'detached' });
    const row = page.getByRole('row', { name: /budi/ });
    await row.getByText('kata sandi pertama').waitFor();
    expect(await row.innerText()).toContain('13.07 Lima Puluh Kota');
  });

  it('resets, disables and enables a user, each after saying what ends, and takes a token back', async () => {
    await begin();
    await open('/settings/users/sari');
    await button('Nonaktifkan').click();
    await dialog().getByText('Semua sesi dan tokennya berakhir sekarang juga').waitFor();
    expect(changes()).toEqual([]);
    await dialog().getByRole('button', { name: 'Nonaktifkan sari' }).click();
    await page.getByText('nonaktif', { exact: true }).waitFor();
    await button('Aktifkan').click();
    await button('Aktifkan sari').click();
    await button('Atur ulang kata sandi').click();
    await button('Atur ulang kata sandi sari').click();
    await dialog().getByText('Ab3dEf6hJk9mNp2q').waitFor();
    await button('Sudah saya salin').click();
    await button('Cabut token coba').click();
    await button('Cabut token coba').waitFor({ state: 'detached' });
    await button('Cabut token skrip pendaftaran').waitFor();
    expect(changes().map((line) => line.replace(/tokens\/.*/, 'tokens/…'))).toEqual([
      'POST /users/sari/disable',
      'POST /users/sari/enable',
      'POST /users/sari/reset-password',
      'DELETE /users/sari/tokens/…',
    ]);
    await open('/settings/users/admin');
    await button('Ubah').waitFor();
    expect([await button(/Nonaktifkan/).count(), await button(/Atur ulang/).count()]).toEqual([0, 0]);
  });

  it('tells a refusal where the person is looking', async () => {
    await begin();
    api.refusals.set('/users/sari/disable', { status: 409, code: 'last-admin', title: 'Ini admin terakhir' });
    await open('/settings/users/sari');
    await button('Nonaktifkan').click();
    await button('Nonaktifkan sari').click();
    expect(await dialog().getByRole('alert').innerText()).toContain('Ini admin terakhir');
  });

  it('opens nothing to a first password but choosing another one', async () => {
    await begin({ mustChangePassword: true });
    await open('/desa');
    await page.getByRole('heading', { name: 'Selamat datang, Admin' }).waitFor();
    expect(await axe(page)).toEqual([]);
    await page.getByLabel('Kata sandi sekarang').fill('rahasia');
    await page.getByLabel('Kata sandi baru', { exact: true }).fill('pendek');
    await page.getByLabel('Kata sandi baru, sekali lagi').fill('lain');
    await button('Ganti kata sandi').click();
    await page.getByText('Masih kurang dari 12.').waitFor();
    await page.getByText('Tidak sama dengan yang di atas.').waitFor();
    expect(changes()).toEqual([]);
    await page.getByLabel('Kata sandi baru', { exact: true }).fill('panjang sekali ini');
    await page.getByLabel('Kata sandi baru, sekali lagi').fill('panjang sekali ini');
    await button('Ganti kata sandi').click();
    await page.getByRole('heading', { name: 'Desa', exact: true }).waitFor();
  });

  it('shows a token once on one’s own page, which a phone reaches by the menu', async () => {
    await begin({ role: 'reader' });
    await page.setViewportSize(widths.phone);
    await open('/');
    await button('Menu').click();
    await page.getByRole('link', { name: 'Akun saya' }).click();
    await page.getByText('Tidak ada token.').waitFor();
    await button('Buat token').click();
    await dialog().getByLabel('Nama').fill('laptop');
    await dialog().getByLabel('Berlaku (hari)').fill('400');
    await dialog().getByRole('button', { name: 'Buat token' }).click();
    await dialog().getByText('Isi dengan angka 1 sampai 365.').waitFor();
    await dialog().getByLabel('Berlaku (hari)').fill('30');
    await dialog().getByRole('button', { name: 'Buat token' }).click();
    await dialog().getByText('tQ7rahasiaSekali').waitFor();
    expect(await axe(page)).toEqual([]);
    await button('Sudah saya salin').click();
    await button('Cabut token laptop').waitFor();
    expect(await isTooWide(page)).toBe(false);
    expect(await page.getByText('tQ7rahasiaSekali').count()).toBe(0);
  });

  it('keeps readers out of the list of users, in words', async () => {
    await begin({ role: 'reader' });
    await open('/settings');
    expect(await page.getByRole('link', { name: 'Pengguna' }).count()).toBe(0);
    api.refusals.set('/users', { status: 403, code: 'forbidden' });
    await open('/settings/users');
    expect(await page.getByRole('alert').innerText()).toContain('Anda tidak berhak');
    expect(await button('Tambah pengguna').count()).toBe(0);
  });
});
