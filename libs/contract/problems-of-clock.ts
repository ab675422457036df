import type { ProblemTable } from './problem-table.js';

/** What the clock did, and why it did not. */
export const CLOCK: ProblemTable = {
  'clock-prepares': {
    status: 200,
    id: [
      'Rilis sedang disiapkan',
      'Rilis {version} diunduh, dibangun, dikirim ke server, dan digladi.',
      'Tidak perlu apa-apa; tidak ada desa yang disentuh.',
    ],
    en: [
      'The release is being prepared',
      'Release {version} is fetched, built, shipped to the servers and rehearsed.',
      'Nothing to do; no desa is touched.',
    ],
  },
  'clock-opened': {
    status: 200,
    id: [
      'Peluncuran dibuka',
      'Peluncuran ke {version} dibuka otomatis; jendelanya sampai {windowEndsAt}.',
      'Ikuti jalannya pada halaman Peluncuran.',
    ],
    en: [
      'A rollout was opened',
      'The rollout to {version} was opened by itself; its window lasts until {windowEndsAt}.',
      'Follow it on the page Rollouts.',
    ],
  },
  'clock-goes-on': {
    status: 200,
    id: [
      'Peluncuran dilanjutkan',
      'Peluncuran ke {version} dilanjutkan; jendelanya sampai {windowEndsAt}.',
      'Ikuti jalannya pada halaman Peluncuran.',
    ],
    en: [
      'The rollout goes on',
      'The rollout to {version} goes on; its window lasts until {windowEndsAt}.',
      'Follow it on the page Rollouts.',
    ],
  },
  'clock-off': {
    status: 409,
    id: [
      'Peluncuran otomatis dimatikan',
      'Kebijakan kabupaten ini tidak mengizinkan peluncuran otomatis.',
      'Nyalakan pada halaman Pengaturan, atau mulai peluncuran sendiri.',
    ],
    en: [
      'Automatic updates are off',
      'The policy of this kabupaten does not allow automatic updates.',
      'Turn them on at the page Policy, or start a rollout yourself.',
    ],
  },
  'no-desa': {
    status: 409,
    id: ['Belum ada desa', 'Gabungan {gabungan} belum berisi desa.', 'Pasang desa pertama dulu.'],
    en: ['There is no desa yet', 'Gabungan {gabungan} holds no desa yet.', 'Install the first desa.'],
  },
  'no-release': {
    status: 409,
    id: [
      'Belum ada rilis',
      'Belum ada rilis edisi {edition} yang dapat dipakai.',
      'Tunggu rilis bulanan, atau tambahkan rilis pada halaman Rilis.',
    ],
    en: [
      'There is no release',
      'There is no usable release of edition {edition}.',
      'Wait for the monthly release, or add one on the page Releases.',
    ],
  },
  'too-young': {
    status: 409,
    id: [
      'Rilis masih terlalu baru',
      'Rilis {version} baru boleh dipakai {days} hari lagi.',
      'Tunggu, atau ubah jumlah harinya pada halaman Pengaturan.',
    ],
    en: [
      'The release is too young',
      'Release {version} may be used in {days} days.',
      'Wait, or change the number of days on the page Policy.',
    ],
  },
  'month-skipped': {
    status: 409,
    id: [
      'Bulan ini dilewati',
      'Kebijakan melewati {month}; {version} tidak dijalankan.',
      'Tidak perlu apa-apa; untuk tetap memperbarui hapus bulan itu dari kebijakan.',
    ],
    en: [
      'This month is skipped',
      'The policy skips {month}; {version} is not rolled.',
      'Nothing to do; to update all the same take the month out of the policy.',
    ],
  },
  'outside-window': {
    status: 409,
    id: ['Di luar jendela waktu', 'Jendela berikutnya dibuka {opensAt}.', 'Tunggu, atau mulai peluncuran sendiri.'],
    en: ['Outside the window', 'The next window opens at {opensAt}.', 'Wait, or start a rollout yourself.'],
  },
  'window-never': {
    status: 409,
    id: [
      'Jendela waktu tidak pernah terbuka',
      'Jendela kebijakan tidak pernah berlaku bersamaan di zona {zones}.',
      'Perpanjang jendelanya pada halaman Pengaturan.',
    ],
    en: [
      'The window never opens',
      'The window of the policy is never open at once in the zones {zones}.',
      'Make the window longer on the page Policy.',
    ],
  },
  'waits-for-yes': {
    status: 409,
    id: [
      'Menunggu persetujuan',
      'Peluncuran ke {version} sudah siap dan menunggu persetujuan seseorang.',
      'Buka halaman Peluncuran, periksa rencananya, lalu setujui.',
    ],
    en: [
      'It waits for a yes',
      "The rollout to {version} is ready and waits for a person's yes.",
      'Open the page Rollouts, read the plan, then approve it.',
    ],
  },
  'already-rolled': {
    status: 409,
    id: [
      'Rilis bulan ini sudah dijalankan',
      'Rilis {version} atau yang lebih baru sudah dijalankan pada gabungan ini.',
      'Tidak perlu apa-apa; perbaikan di bulan yang sama dapat dimulai sendiri.',
    ],
    en: [
      "This month's release was rolled",
      'Release {version} or a newer one was rolled on this gabungan.',
      'Nothing to do; a fix of the same month can be started by yourself.',
    ],
  },
  'rollout-open': {
    status: 409,
    id: [
      'Masih ada peluncuran terbuka',
      'Peluncuran ke {version} berstatus {state} ({reason}).',
      'Lihat halaman Peluncuran; lanjutkan atau hentikan peluncuran itu.',
    ],
    en: [
      'A rollout is still open',
      'The rollout to {version} is {state} ({reason}).',
      'Look at the page Rollouts; resume or stop that rollout.',
    ],
  },
  'predicted-end-outside': {
    status: 409,
    id: [
      'Sisa jendela tidak cukup',
      'Diperkirakan perlu {minutes} menit, jendelanya tinggal {left} menit.',
      'Ditunda ke jendela berikutnya; bila terus terjadi perpanjang jendelanya.',
    ],
    en: [
      'Not enough of the window is left',
      'It is predicted to take {minutes} minutes, the window has {left} minutes left.',
      'Put off to the next window; if it keeps happening, make the window longer.',
    ],
  },
};
