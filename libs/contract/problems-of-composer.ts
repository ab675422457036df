import type { ProblemTable } from './problem-table.js';

/** Packages of a release, and what is run while its image is built. */
export const COMPOSER: ProblemTable = {
  'composer-packages-missing': {
    status: 503,
    id: [
      'Paket tidak tersedia',
      'Tidak ditemukan di mana pun: {packages}. Repositori yang tidak menjawab: {silent}.',
      'Taruh paket itu (arsip zip atau repositori git) di folder composer/packages pada folder data, sebut repositori atau tokennya di composer/repositories.json dan composer/auth.json, atau tambahkan arsip rilis yang sudah memuat vendor/. Lalu ulangi.',
    ],
    en: [
      'Packages are missing',
      'Found nowhere: {packages}. Repositories that did not answer: {silent}.',
      'Put them (zip archives or git repositories) into composer/packages in the data folder, name a repository or its token in composer/repositories.json and composer/auth.json, or add an archive of the release that carries vendor/. Then try again.',
    ],
  },
  'composer-php-mismatch': {
    status: 422,
    id: [
      'Paket rilis ini tidak cocok dengan versi PHP',
      'PHP yang boleh dipakai: {php}. Yang menolak: {packages}.',
      'Pilih rilis lain, atau izinkan versi PHP lain untuk rilis ini pada php di app.yaml.',
    ],
    en: [
      'Packages of this release do not fit the PHP version',
      'PHP that may be used: {php}. Refused by: {packages}.',
      'Choose another release, or allow another PHP version for it in php of app.yaml.',
    ],
  },
  'composer-extensions-missing': {
    status: 422,
    id: [
      'Ekstensi PHP kurang',
      'Tidak ada di citra dasar: {extensions}.',
      'Tambahkan ekstensi itu pada docker/php, lalu jalankan penyiapan dasbor sekali lagi.',
    ],
    en: [
      'PHP extensions are missing',
      'Not in the base image: {extensions}.',
      'Add them to docker/php, then run the set-up of the dashboard again.',
    ],
  },
  'composer-vendor-incomplete': {
    status: 422,
    id: [
      'vendor/ dalam arsip tidak lengkap',
      'composer.lock meminta, vendor/ tidak memuat: {packages}.',
      'Buat lagi arsipnya setelah composer install, atau hapus vendor/ dari arsip agar dasbor yang memasangnya.',
    ],
    en: [
      'vendor/ in the archive is incomplete',
      'Demanded by composer.lock and not in vendor/: {packages}.',
      'Make the archive again after composer install, or leave vendor/ out of it so that the dashboard installs it.',
    ],
  },
  'composer-json-missing': {
    status: 422,
    id: ['composer.json tidak ada', 'Arsip ini tidak memuat composer.json.', 'Pakai arsip asli dari pembuatnya.'],
    en: ['composer.json is missing', 'This archive has no composer.json.', 'Use the original archive of its makers.'],
  },
  'composer-file-damaged': {
    status: 422,
    id: ['Berkas composer rusak', '{file} tidak dapat dibaca: {reason}.', 'Pakai arsip asli dari pembuatnya.'],
    en: [
      "A file of composer's is damaged",
      '{file} cannot be read: {reason}.',
      'Use the original archive of its makers.',
    ],
  },
  'composer-settings-invalid': {
    status: 422,
    id: [
      'Setelan composer keliru',
      '{file}: {reason}.',
      'Perbaiki berkas itu; contohnya ada di buku pegangan (runbook).',
    ],
    en: ["Composer's settings are wrong", '{file}: {reason}.', 'Correct that file; the runbook has an example.'],
  },
  'composer-auth-open-to-others': {
    status: 422,
    id: ['Token composer terbuka', '{file} dapat dibaca orang lain.', 'chmod 600 {file}, lalu ulangi.'],
    en: ['The token of composer is open', 'Others can read {file}.', 'chmod 600 {file}, then try again.'],
  },
  'composer-failed': {
    status: 503,
    id: ['Composer gagal', 'Kode {exit}: {line}', 'Baca catatan pembangunan rilis itu, lalu ulangi.'],
    en: ['Composer failed', 'Code {exit}: {line}', 'Read the build log of that release, then try again.'],
  },
  'build-hook-failed': {
    status: 503,
    id: [
      'Perintah pembangunan gagal',
      '{command} berakhir dengan {exit}; yang tidak dibuat: {missing}. Baris terakhir: {line}',
      'Baca catatan pembangunan rilis itu; perbaiki hooks pada app.yaml atau pilih rilis lain.',
    ],
    en: [
      'A command of the build failed',
      '{command} ended with {exit}; not made: {missing}. Last line: {line}',
      'Read the build log of that release; correct hooks in app.yaml or choose another release.',
    ],
  },
  'build-command-late': {
    status: 503,
    id: [
      'Perintah pembangunan terlalu lama',
      '{command} tidak selesai dalam {seconds} detik.',
      'Periksa jaringan dan beban server, lalu ulangi.',
    ],
    en: [
      'A command of the build takes too long',
      '{command} did not end within {seconds} seconds.',
      'Check the network and the load of the server, then try again.',
    ],
  },
};
