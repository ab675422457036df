import type { ProblemTable } from './problem-table.js';

/** Archives of releases, and images. */
export const ARCHIVES: ProblemTable = {
  'archive-missing': {
    status: 422,
    id: [
      'Berkas rilis tidak ada',
      'Tidak ada {path} pada mesin dasbor.',
      'Periksa letak berkasnya; path dibaca di mesin yang menjalankan dasbor.',
    ],
    en: [
      'The archive is missing',
      'There is no {path} on the machine of the dashboard.',
      'Check the path; it is read on the machine that runs the dashboard.',
    ],
  },
  'archive-kind-unknown': {
    status: 422,
    id: ['Jenis berkas tidak dikenal', '{path} bukan tar.gz, zip, atau folder.', 'Pakai arsip asli dari pembuatnya.'],
    en: [
      'The kind of archive is unknown',
      '{path} is no tar.gz, zip or folder.',
      'Use the original archive of its makers.',
    ],
  },
  'archive-path-outside': {
    status: 422,
    id: [
      'Arsip menunjuk ke luar',
      'Isi {entry} keluar dari folder arsip.',
      'Jangan pakai arsip ini; ambil lagi dari sumber asli.',
    ],
    en: [
      'The archive points outside',
      'Entry {entry} leaves the folder of the archive.',
      'Do not use this archive; fetch it again from its makers.',
    ],
  },
  'archive-entry-refused': {
    status: 422,
    id: ['Arsip berisi benda terlarang', 'Isi {entry} berjenis {kind}.', 'Ambil lagi arsipnya dari sumber asli.'],
    en: [
      'The archive holds something refused',
      'Entry {entry} is a {kind}.',
      'Fetch the archive again from its makers.',
    ],
  },
  'archive-too-large': {
    status: 422,
    id: [
      'Arsip terlalu besar',
      'Batasnya {limitMiB} MiB dan {limitFiles} berkas.',
      'Periksa arsipnya, atau naikkan MAX_ARCHIVE_MIB.',
    ],
    en: [
      'The archive is too large',
      'The limit is {limitMiB} MiB and {limitFiles} files.',
      'Check the archive, or raise MAX_ARCHIVE_MIB.',
    ],
  },
  'archive-damaged': {
    status: 422,
    id: ['Arsip rusak', '{path} tidak dapat dibaca: {reason}.', 'Unduh lagi arsipnya.'],
    en: ['The archive is damaged', '{path} cannot be read: {reason}.', 'Download the archive again.'],
  },
  'release-wrong-app': {
    status: 422,
    id: [
      'Arsip ini bukan aplikasi itu',
      'Yang diminta {wanted}, yang ditemukan: {found}.',
      'Pilih aplikasi yang benar, atau arsip yang benar.',
    ],
    en: [
      'This archive is another application',
      'Wanted {wanted}, found: {found}.',
      'Choose the right application, or the right archive.',
    ],
  },
  'release-version-missing': {
    status: 422,
    id: [
      'Versi tidak ditemukan dalam arsip',
      'Arsip {app} tidak memuat nomor versi pada {file}.',
      'Pakai arsip asli dari pembuatnya.',
    ],
    en: [
      'The archive does not say its version',
      'The archive of {app} has no version in {file}.',
      'Use the original archive of its makers.',
    ],
  },
  'release-php-unknown': {
    status: 422,
    id: [
      'Versi PHP tidak diketahui',
      'Untuk {app} {version} belum ditentukan versi PHP-nya.',
      'Lengkapi php pada app.yaml.',
    ],
    en: ['The PHP version is unknown', 'No PHP is named for {app} {version}.', 'Complete php in app.yaml.'],
  },
  'release-content-differs': {
    status: 409,
    id: [
      'Versi yang sama dengan isi berbeda',
      'Rilis {app} {version} sudah ada dengan isi lain.',
      'Periksa sumbernya: pembuat tidak mengganti isi versi yang sudah terbit.',
    ],
    en: [
      'Same version, other content',
      'Release {app} {version} exists with another content.',
      'Check its source: makers do not change a version that is out.',
    ],
  },
  'release-without-github': {
    status: 422,
    id: [
      'Aplikasi ini tidak diambil dari GitHub',
      'Pada {app} tidak disebut repositori GitHub.',
      'Tambahkan rilis dari berkas.',
    ],
    en: [
      'This application is not fetched from GitHub',
      '{app} names no GitHub repository.',
      'Add the release from a file.',
    ],
  },
  'php-image-missing': {
    status: 503,
    id: [
      'Citra dasar PHP belum ada',
      'Citra {image} tidak ada di server.',
      'Jalankan penyiapan dasbor sekali lagi: ia membangun citra dasar; untuk PHP lain: node docker/setup.mjs images {php}.',
    ],
    en: [
      'The PHP base image is missing',
      'Image {image} is not on the server.',
      'Run the set-up of the dashboard again: it builds the base images; for another PHP: node docker/setup.mjs images {php}.',
    ],
  },
  'image-build-failed': {
    status: 503,
    id: ['Citra gagal dibangun', 'Baris terakhir: {line}.', 'Baca catatan pembangunan rilis itu, lalu ulangi.'],
    en: ['The image was not built', 'Last line: {line}.', 'Read the build log of that release, then try again.'],
  },
  'image-incomplete': {
    status: 409,
    id: ['Citra tidak lengkap', 'Citra rilis ini tidak lengkap.', 'Siapkan rilis itu sekali lagi.'],
    en: ['The image is incomplete', 'The image of this release is incomplete.', 'Build the release again.'],
  },
  'backup-damaged': {
    status: 409,
    id: [
      'Cadangan rusak',
      'Berkas cadangan {file} tidak cocok dengan catatannya.',
      'Jangan pakai cadangan ini; buat yang baru.',
    ],
    en: [
      'The backup is damaged',
      'Backup file {file} does not fit its record.',
      'Do not use this backup; make a new one.',
    ],
  },
  'rows-differ': {
    status: 409,
    id: ['Jumlah baris tidak sama', 'Tabel yang berbeda: {tables}.', 'Tidak ada yang diubah; ulangi.'],
    en: ['The row counts differ', 'Tables that differ: {tables}.', 'Nothing was changed; try again.'],
  },
  'backup-key-unknown': {
    status: 503,
    id: [
      'Kunci cadangan tidak ada',
      'Cadangan ini disandikan dengan kunci {key} yang tidak dikenal.',
      'Kembalikan baris kunci itu ke berkas kunci, lalu ulangi.',
    ],
    en: [
      'The key of the backup is missing',
      'This backup is sealed with the unknown key {key}.',
      'Put that line back into the key file, then try again.',
    ],
  },
  'archive-changed': {
    status: 409,
    id: [
      'Arsip rilis berubah',
      'Isi arsip yang disimpan tidak lagi sama dengan yang tercatat.',
      'Tambahkan rilis itu lagi dari sumber aslinya.',
    ],
    en: [
      'The archive of the release changed',
      'The kept archive no longer has the content that was recorded.',
      'Add the release again from its source.',
    ],
  },
  'image-missing': {
    status: 409,
    id: [
      'Citra tidak ada di server',
      'Citra rilis ini tidak ada di server.',
      'Siapkan rilis itu sekali lagi pada halaman Rilis.',
    ],
    en: [
      'The image is not on the server',
      'The image of this release is not on the server.',
      'Build the release again on the page Releases.',
    ],
  },
};
