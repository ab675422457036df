import { readApp } from '#libs/templates/read-app.js';
import { methodsFor } from '#test/factories/methods.js';

describe('OpenSID as data', () => {
  const app = readApp('templates/opensid');
  it('is read without a complaint', () => expect(app.app).toBe('opensid'));
  it('has exactly one way to register for every release and number of neighbours', () => {
    for (const version of ['v2409.0.0', 'v2410.0.0', 'v2412.3.0', 'v2501.0.0', 'v2602.0.0'])
      for (const neighbours of ['none', 'some'] as const) expect(methodsFor(app, version, neighbours)).toHaveLength(1);
  });
  it.each([
    '/desa/app_key',
    '/desa/config/database.php',
    '/.htaccess',
    '/catatan_rilis.md',
    '/composer.json',
    '/storage/logs/log-2026-01-01.php',
    '/donjo-app/helpers/x.php',
    '/vendor/autoload.php',
    '/desa/upload/dokumen/ktp.jpg',
    '/desa/arsip/surat.pdf',
    '/install',
    '/index.php/install',
    '/koneksi-database',
    '/index.php/koneksi_database/config',
    '/periksa',
    '/backup_inkremental/a.zip',
    '/desa/upload/artikel/jahat.php',
    '/desa/.git/config',
  ])('%s is denied', (path) =>
    expect(app.routes.deny.some((pattern) => new RegExp(pattern.replace('(?i)', ''), 'i').test(path))).toBe(true),
  );
  it.each([
    '/',
    '/index.php/siteman',
    '/assets/css/a.css',
    '/desa/upload/artikel/foto.jpg',
    '/desa/logo/logo.png',
    '/robots.txt',
    '/feed',
  ])('%s stays public', (path) =>
    expect(app.routes.deny.some((pattern) => new RegExp(pattern.replace('(?i)', ''), 'i').test(path))).toBe(false),
  );
});
