import type { ProblemTable } from './problem-table.js';

/** What a rehearsal found, and what backups and migrations of a whole gabungan promised and did not show. */
export const REHEARSALS: ProblemTable = {
  'rehearsal-rolls': {
    status: 200,
    id: [
      'Bisa bergantian',
      'Gladi {version}: rilis lama {running} tetap menjawab {pages} halaman setelah migrasi.',
      'Desa dipindahkan bertahap tanpa menutup situs.',
    ],
    en: [
      'It may roll',
      'Rehearsal of {version}: the old release {running} still answers {pages} pages after the migration.',
      'Desa are moved in waves and no site is closed.',
    ],
  },
  'rehearsal-code-only': {
    status: 200,
    id: [
      'Hanya kode yang berubah',
      'Gladi {version}: basis data sama sebelum dan sesudahnya.',
      'Tidak perlu migrasi; hanya alamat yang berpindah.',
    ],
    en: [
      'Only the code changes',
      'Rehearsal of {version}: the database is the same before and after.',
      'No migration is needed; only routes move.',
    ],
  },
  'rehearsal-breaks-old-code': {
    status: 200,
    id: [
      'Perlu halaman pemeliharaan',
      'Setelah migrasi {version}, rilis lama {running} gagal pada: {pages}.',
      'Semua desa gabungan ini menampilkan halaman pemeliharaan selama migrasi dan perpindahan.',
    ],
    en: [
      'A maintenance page is needed',
      'After the migration of {version} the old release {running} fails at: {pages}.',
      'All desa of this gabungan show the maintenance page while it migrates and moves.',
    ],
  },
  'rehearsal-not-migrated': {
    status: 409,
    id: [
      'Rilis ini tidak melakukan migrasi',
      'Gladi {version}: rilis menampilkan versi baru tetapi tidak pernah mencatat migrasinya. {lines}',
      'Jangan dipakai; tidak ada yang diubah. Rilis berikut yang menerima {running}: {way}.',
    ],
    en: [
      'This release does not migrate',
      'Rehearsal of {version}: it shows the new version but never records its migration. {lines}',
      'Do not use it; nothing was changed. A release that accepts {running}: {way}.',
    ],
  },
  'rehearsal-swallowed-errors': {
    status: 409,
    id: [
      'Migrasi menyembunyikan kesalahan',
      'Gladi {version}: catatan aplikasi berisi {lines}.',
      'Jangan dipakai; tidak ada yang diubah. Rilis berikut yang menerima {running}: {way}.',
    ],
    en: [
      'The migration swallowed errors',
      'Rehearsal of {version}: the log of the application says {lines}.',
      'Do not use it; nothing was changed. A release that accepts {running}: {way}.',
    ],
  },
  'rehearsal-lost-rows': {
    status: 409,
    id: [
      'Migrasi menghilangkan data',
      'Gladi {version}: baris berkurang pada {tables}.',
      'Jangan dipakai; tidak ada yang diubah. Laporkan ke pembuat rilis.',
    ],
    en: [
      'The migration loses data',
      'Rehearsal of {version}: fewer rows in {tables}.',
      'Do not use it; nothing was changed. Tell the makers of the release.',
    ],
  },
  'rehearsal-broke-invariants': {
    status: 409,
    id: [
      'Migrasi merusak gabungan',
      'Gladi {version}: yang tidak terpenuhi sesudahnya: {broken}.',
      'Jangan dipakai; tidak ada yang diubah. Laporkan ke pembuat rilis.',
    ],
    en: [
      'The migration damages the gabungan',
      'Rehearsal of {version}: what does not hold afterwards: {broken}.',
      'Do not use it; nothing was changed. Tell the makers of the release.',
    ],
  },
  'rehearsal-refused': {
    status: 409,
    id: [
      'Rilis menolak versi yang berjalan',
      '{version} meminta naik dulu ke {minimum}, sedangkan yang berjalan {running}.',
      'Tidak ada yang diubah. Rilis yang menerima {running}: {way}.',
    ],
    en: [
      'The release refuses the running version',
      '{version} asks to go to {minimum} first; {running} is running.',
      'Nothing was changed. A release that accepts {running}: {way}.',
    ],
  },
  'rehearsal-not-answering': {
    status: 409,
    id: [
      'Rilis ini tidak menjawab',
      'Gladi {version}: {path} menjawab {status}. Isi halaman: {words}',
      'Jangan dipakai; tidak ada yang diubah. Rilis berikut yang menerima {running}: {way}.',
    ],
    en: [
      'This release does not answer',
      'Rehearsal of {version}: {path} answers {status}. The page says: {words}',
      'Do not use it; nothing was changed. A release that accepts {running}: {way}.',
    ],
  },
  'rehearsal-missing': {
    status: 409,
    id: [
      'Belum ada gladi',
      'Gabungan {name} belum pernah gladi dengan {version} sampai berhasil.',
      'Jalankan gladi dulu.',
    ],
    en: ['There is no rehearsal', 'Gabungan {name} has no good rehearsal of {version}.', 'Rehearse first.'],
  },
  'tour-not-signed-in': {
    status: 409,
    id: [
      'Gladi tidak dapat masuk',
      'Administrator percobaan tidak dapat masuk pada {version} sebelum migrasi (status {status}).',
      'Tidak ada yang diubah. Periksa keterangan aplikasi (tour.login).',
    ],
    en: [
      'The rehearsal cannot sign in',
      'The throw-away administrator could not sign in to {version} before the migration (status {status}).',
      'Nothing was changed. Check the manifest of the application (tour.login).',
    ],
  },
  'image-not-on-server': {
    status: 409,
    id: ['Citra rilis tidak ada di server', 'Citra {image} untuk {version} tidak ada.', 'Bangun rilis itu lagi.'],
    en: ['The image is not on the server', 'Image {image} of {version} is missing.', 'Build the release again.'],
  },
  'gabungan-without-desa': {
    status: 409,
    id: ['Gabungan tanpa desa', 'Tidak ada desa terpasang pada gabungan {name}.', 'Pasang satu desa dulu.'],
    en: ['No desa in the gabungan', 'No desa is installed in gabungan {name}.', 'Install one first.'],
  },
  'gabungan-backup-missing': {
    status: 409,
    id: [
      'Cadangan gabungan tidak terbukti',
      'Cadangan gabungan {name} tidak ada atau tidak terbukti.',
      'Tidak ada yang diubah. Periksa ruang penyimpanan lalu ulangi.',
    ],
    en: [
      'The backup of the gabungan is not proved',
      'There is no proved backup of gabungan {name}.',
      'Nothing was changed. Check the disk space and try again.',
    ],
  },
  'gabungan-backup-unknown': {
    status: 404,
    id: [
      'Cadangan tidak dikenal',
      'Gabungan {name} tidak mempunyai cadangan terbukti {id}.',
      'Pilih dari daftar cadangan.',
    ],
    en: ['Unknown backup', 'Gabungan {name} has no proved backup {id}.', 'Choose one from its list.'],
  },
  'restore-other-release': {
    status: 409,
    id: [
      'Cadangan dari rilis lain',
      'Cadangan gabungan {name} berasal dari {version}, sedangkan desa memakai {others}.',
      'Kembalikan desa ke rilis itu dulu, lalu pulihkan.',
    ],
    en: [
      'The backup is of another release',
      'The backup of gabungan {name} is of {version}; desa stand on {others}.',
      'Take the desa back to that release first, then restore.',
    ],
  },
  'schema-differs': {
    status: 409,
    id: [
      'Struktur basis data berbeda',
      'Gabungan {name} seharusnya {wanted}, yang terlihat {sha256}.',
      'Berhenti di sini; lihat catatan pekerjaan dan cadangan terakhir.',
    ],
    en: [
      'The schema differs',
      'Gabungan {name} should be {wanted}; seen {sha256}.',
      'Stop here; read the log and look for the last backup.',
    ],
  },
  'copy-not-loaded': {
    status: 409,
    id: ['Salinan tidak terisi', 'Salinan gabungan {name} kosong.', 'Ulangi pekerjaan.'],
    en: ['The copy is not filled', 'The copy of gabungan {name} is empty.', 'Run it again.'],
  },
  'copy-left': {
    status: 409,
    id: ['Salinan belum terhapus', 'Wadah {container} masih ada.', 'Ulangi pekerjaan.'],
    en: ['The copy is still there', 'Container {container} exists.', 'Run it again.'],
  },
  'routes-not-closed': {
    status: 409,
    id: [
      'Halaman pemeliharaan belum tampil',
      'Situs yang masih terbuka: {domains}.',
      'Perubahan dibatalkan sendiri; ulangi.',
    ],
    en: [
      'The maintenance page does not show',
      'Sites that are still open: {domains}.',
      'The change is undone by itself; try again.',
    ],
  },
};
