import type { ProblemTable } from './problem-table.js';

/** Why a rollout leaves a desa where it is; the code is `blocker-` and the blocker. */
export const BLOCKERS: ProblemTable = {
  'blocker-held': {
    status: 409,
    id: ['Ditahan', 'Desa ini ditahan dari peluncuran.', 'Lepas penahanannya bila alasannya sudah lewat.'],
    en: ['Held', 'This desa is kept out of rollouts.', 'End the hold when its reason is over.'],
  },
  'blocker-edition': {
    status: 409,
    id: ['Edisi berbeda', 'Yang terpasang edisi lain daripada rilis ini.', 'Pilih rilis dari edisi yang terpasang.'],
    en: [
      'Another edition',
      'What is installed is of another edition than this release.',
      'Choose a release of the edition that is installed.',
    ],
  },
  'blocker-subscription': {
    status: 409,
    id: [
      'Langganan sudah berakhir',
      'Langganannya sampai rilis bulan {month}; rilis ini lebih baru.',
      'Perpanjang langganan dan catat akhirnya, atau pilih rilis bulan {month}.',
    ],
    en: [
      'The subscription has ended',
      'Its subscription covers releases up to {month}; this one is newer.',
      'Renew the subscription and write its end down, or choose a release of {month}.',
    ],
  },
  'blocker-broken': {
    status: 409,
    id: [
      'Rusak',
      'Pekerjaan terakhirnya rusak dan menunggu diperiksa orang.',
      'Periksa, lalu bersihkan pekerjaan yang rusak itu dengan alasan.',
    ],
    en: [
      'Broken',
      'Its last run is broken and waits for a person.',
      'Look at it, then clear the broken run with a reason.',
    ],
  },
  'blocker-unhealthy': {
    status: 409,
    id: [
      'Situs tidak menjawab dengan baik',
      'Saat terakhir dilihat situsnya tidak menunjukkan versi yang dipasang.',
      'Buka situsnya dan perbaiki sebelum diperbarui.',
    ],
    en: [
      'The site does not answer rightly',
      'When it was last looked at, the site did not show the version that is placed.',
      'Open the site and mend it before it is updated.',
    ],
  },
  'blocker-disk': {
    status: 409,
    id: [
      'Ruang simpan tidak cukup',
      'Servernya tidak punya ruang untuk rilis ini.',
      'Kosongkan ruang, lalu periksa server.',
    ],
    en: [
      'Not enough room',
      'Its server has no room for this release.',
      'Make room, then have the server looked at again.',
    ],
  },
  'blocker-busy': {
    status: 409,
    id: ['Sedang dikerjakan', 'Pekerjaan lain pada desa ini belum selesai.', 'Tunggu sampai selesai.'],
    en: ['Busy', 'Another run of this desa has not ended.', 'Wait for it to end.'],
  },
};
