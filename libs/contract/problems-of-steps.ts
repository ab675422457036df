import type { ProblemTable } from './problem-table.js';

/** What a step promised and the world did not show. */
export const STEPS: ProblemTable = {
  'site-not-proved': {
    status: 409,
    id: [
      'Situs belum menjawab dengan benar',
      '{domain} seharusnya berjudul {wantedTitle} versi {wantedVersion}; yang terlihat: status {status}, judul "{title}", versi "{version}". Isi halaman: {words}',
      'Perubahan dibatalkan sendiri; lihat catatan pekerjaan sebelum mencoba lagi.',
    ],
    en: [
      'The site does not answer rightly',
      '{domain} should be titled {wantedTitle} at version {wantedVersion}; seen: status {status}, title "{title}", version "{version}". The page says: {words}',
      'The change is undone by itself; read the log before trying again.',
    ],
  },
  'visit-refused': {
    status: 409,
    id: [
      'Aplikasi menolak',
      'Aplikasi menjawab {status} pada {path}.',
      'Lihat catatan pekerjaan; rilis ini mungkin rusak.',
    ],
    en: [
      'The application refused',
      'The application answered {status} at {path}.',
      'Read the log; this release may be faulty.',
    ],
  },
  'account-left': {
    status: 409,
    id: ['Akun basis data belum terhapus', 'Akun {account} masih ada.', 'Ulangi penghapusan.'],
    en: ['The database account is still there', 'Account {account} exists.', 'Try the removal again.'],
  },
  'account-missing': {
    status: 409,
    id: [
      'Akun basis data tidak ada',
      'Akun {account} tidak ada atau haknya kurang.',
      'Ulangi; bila terulang periksa gabungannya.',
    ],
    en: [
      'The database account is missing',
      'Account {account} does not exist or lacks rights.',
      'Try again; if it repeats, check the gabungan.',
    ],
  },
  'backup-missing': {
    status: 409,
    id: [
      'Cadangan tidak terbukti',
      'Cadangan desa {code} tidak ada atau tidak dapat dipulihkan.',
      'Tidak ada yang diubah. Periksa ruang penyimpanan lalu ulangi.',
    ],
    en: [
      'The backup is not proved',
      'The backup of desa {code} is missing or cannot be restored.',
      'Nothing was changed. Check the disk space and try again.',
    ],
  },
  'desa-code-wrong': {
    status: 409,
    id: [
      'Kode desa di basis data keliru',
      'Baris desa {code} tidak memuat kode yang benar.',
      'Lihat catatan pekerjaan.',
    ],
    en: ['The desa code in the database is wrong', 'The row of desa {code} does not carry its code.', 'Read the log.'],
  },
  'desa-not-registered': {
    status: 409,
    id: [
      'Desa belum tercatat di basis data',
      'Aplikasi tidak membuat baris untuk desa {code}.',
      'Lihat catatan pekerjaan; tidak ada yang tertinggal.',
    ],
    en: [
      'The desa is not in the database',
      'The application made no row for desa {code}.',
      'Read the log; nothing was left behind.',
    ],
  },
  'desa-protected': {
    status: 409,
    id: [
      'Desa pertama tidak dapat dihapus',
      '{name} memiliki baris {id} pada gabungan {gabungan}; data desa lain bergantung padanya.',
      'Hapus desa lain dulu, atau biarkan desa ini sebagai yang terakhir.',
    ],
    en: [
      'The first desa cannot be removed',
      '{name} owns row {id} of gabungan {gabungan}; other desa depend on it.',
      'Remove the other desa first, or keep this one as the last.',
    ],
  },
  'registration-pending': {
    status: 409,
    id: [
      'Ada pendaftaran yang belum selesai',
      'Pada gabungan {name} ada {pending} desa yang belum berkode.',
      'Selesaikan atau hapus pendaftaran itu dulu.',
    ],
    en: [
      'A registration is unfinished',
      'Gabungan {name} holds {pending} desa without a code.',
      'Finish or remove that registration first.',
    ],
  },
  'registration-incomplete': {
    status: 409,
    id: [
      'Pendaftaran tidak lengkap',
      'Desa {code} kekurangan baris pada: {tables}.',
      'Pendaftaran dibatalkan sendiri; lihat catatan pekerjaan.',
    ],
    en: [
      'The registration is incomplete',
      'Desa {code} lacks rows in: {tables}.',
      'It is undone by itself; read the log.',
    ],
  },
  'folder-left': {
    status: 409,
    id: ['Folder belum terhapus', 'Folder {site} masih ada.', 'Ulangi penghapusan.'],
    en: ['A folder is still there', 'Folder {site} exists.', 'Try the removal again.'],
  },
  'folder-missing': {
    status: 409,
    id: [
      'Folder desa tidak ada',
      'Folder desa {code} tidak ada di server.',
      'Pulihkan dari cadangan atau pasang lagi.',
    ],
    en: [
      'The folder of the desa is missing',
      'The folder of desa {code} is not on the server.',
      'Restore it from a backup or install again.',
    ],
  },
  'invariants-broken': {
    status: 409,
    id: [
      'Gabungan tidak utuh',
      'Pemeriksaan gabungan {name} yang tidak terpenuhi: {broken}.',
      'Jangan lanjutkan; buka halaman gabungan dan periksa angkanya.',
    ],
    en: [
      'The merged database is not sound',
      'Checks of gabungan {name} that do not hold: {broken}.',
      'Stop here; open the page of the gabungan and look at the numbers.',
    ],
  },
  'migration-not-proved': {
    status: 409,
    id: [
      'Migrasi tidak terbukti',
      'Basis data tidak mencatat migrasi {version}.',
      'Lihat catatan pekerjaan; pulihkan dari cadangan bila perlu.',
    ],
    en: [
      'The migration is not proved',
      'The database has no record of migration {version}.',
      'Read the log; restore the backup if needed.',
    ],
  },
  'migration-swallowed-errors': {
    status: 409,
    id: [
      'Migrasi menyembunyikan kesalahan',
      'Catatan aplikasi {version} berisi: {lines}.',
      'Rilis ini jangan dipakai sebelum diperbaiki pembuatnya.',
    ],
    en: [
      'The migration swallowed errors',
      'The log of {version} says: {lines}.',
      'Do not use this release before its makers have mended it.',
    ],
  },
  'record-missing': {
    status: 409,
    id: ['Catatan tidak tersimpan', 'Catatan pemasangan desa {code} tidak sesuai.', 'Ulangi pekerjaan.'],
    en: ['The record is missing', 'The record of desa {code} does not fit.', 'Run it again.'],
  },
  'route-left': {
    status: 409,
    id: ['Alamat masih terbuka', '{domain} masih dilayani gerbang.', 'Ulangi penghapusan.'],
    en: ['The route is still open', '{domain} is still served by the gateway.', 'Try the removal again.'],
  },
  'route-not-switched': {
    status: 409,
    id: ['Alamat belum berpindah', '{domain} masih menuju {runtime}.', 'Perubahan dibatalkan sendiri; ulangi.'],
    en: [
      'The route was not switched',
      '{domain} still leads to {runtime}.',
      'The change is undone by itself; try again.',
    ],
  },
  'rows-left': {
    status: 409,
    id: ['Data desa belum terhapus', 'Baris desa {code} masih ada.', 'Ulangi penghapusan.'],
    en: ['Rows are still there', 'Rows of desa {code} exist.', 'Try the removal again.'],
  },
};
