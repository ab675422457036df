import type { ProblemTable } from './problem-table.js';

/** Why a rollout waits for somebody, and why one of its desa counts as failed. */
export const ROLLOUTS: ProblemTable = {
  // why a rollout pauses
  'window-closes': {
    status: 409,
    id: [
      'Jendela waktu hampir tutup',
      'Langkah berikutnya diperkirakan selesai setelah {windowEndsAt}, jadi belum dimulai.',
      'Dilanjutkan sendiri pada jendela berikutnya; untuk melanjutkan sekarang tekan Lanjutkan.',
    ],
    en: [
      'The window is about to close',
      'The next step would end after {windowEndsAt}, so it was not begun.',
      'It goes on by itself in the next window; to go on now press Resume.',
    ],
  },
  'wave-failed': {
    status: 409,
    id: [
      'Gelombang gagal',
      'Gelombang {wave}: {failed} dari {of} desa gagal; yang dibolehkan: {allowed}.',
      'Lihat penyebabnya, lalu ulangi atau tahan desa yang gagal, dan lanjutkan. Desa lain belum disentuh.',
    ],
    en: [
      'The wave failed',
      'Wave {wave}: {failed} of {of} desa failed; allowed: {allowed}.',
      'Look at the causes, retry or hold the desa that failed, then resume. No other desa was touched.',
    ],
  },
  'rehearsal-unusable': {
    status: 409,
    id: [
      'Gladi menolak rilis ini',
      'Rilis {version} tidak dapat dipakai pada salinan basis data gabungan ini.',
      'Tidak ada yang diubah. Baca laporan gladi, lalu pilih rilis lain.',
    ],
    en: [
      'The rehearsal refuses this release',
      'Release {version} cannot be used on a copy of this merged database.',
      'Nothing was changed. Read the report of the rehearsal, then choose another release.',
    ],
  },
  'rehearsal-missing': {
    status: 409,
    id: [
      'Laporan gladi tidak ada',
      'Gladi rilis {version} selesai tanpa laporan.',
      'Tekan Lanjutkan untuk mengulang gladi; bila terulang lihat catatan pekerjaannya.',
    ],
    en: [
      'The report of the rehearsal is missing',
      'The rehearsal of release {version} ended without a report.',
      'Press Resume to rehearse again; if it repeats, read the log of the run.',
    ],
  },
  'phase-failed': {
    status: 409,
    id: [
      'Tahap berakhir tidak baik',
      'Tahap {phase} berakhir {state}.',
      'Lihat catatan pekerjaannya, lalu tekan Lanjutkan untuk mengulang tahap itu.',
    ],
    en: [
      'The phase ended badly',
      'Phase {phase} ended {state}.',
      'Read the log of its run, then press Resume to try the phase again.',
    ],
  },
  // why a desa counts as failed
  'desa-run-ended': {
    status: 409,
    id: [
      'Pekerjaan desa berakhir tidak baik',
      'Pekerjaan desa ini berakhir {state} tanpa sebab yang tercatat.',
      'Lihat catatan pekerjaannya, lalu ulangi desa itu.',
    ],
    en: [
      'The run of the desa ended badly',
      'The run of this desa ended {state} with no cause written down.',
      'Read the log of the run, then retry the desa.',
    ],
  },
  'not-observed': {
    status: 409,
    id: [
      'Situs belum menunjukkan versi baru',
      'Pekerjaan selesai, tetapi situs menunjukkan versi {version}, bukan {wanted}.',
      'Buka situsnya; bila sudah benar, ulangi desa itu agar diperiksa lagi.',
    ],
    en: [
      'The site does not show the new version',
      'The run is done, but the site shows version {version}, not {wanted}.',
      'Open the site; when it is right, retry the desa so that it is looked at again.',
    ],
  },
  'desa-deadline': {
    status: 409,
    id: [
      'Desa melewati batas waktu',
      'Desa ini belum selesai setelah {seconds} detik.',
      'Lihat catatan pekerjaannya; setelah pekerjaan itu berakhir, ulangi desa itu.',
    ],
    en: [
      'The desa missed its deadline',
      'This desa had not ended after {seconds} seconds.',
      'Read the log of its run; once the run has ended, retry the desa.',
    ],
  },
  'desa-busy': {
    status: 409,
    id: [
      'Desa sedang dikerjakan hal lain',
      'Pekerjaan lain pada desa ini tidak selesai selama gelombang menunggu.',
      'Lihat pekerjaan yang terbuka pada desa itu, selesaikan, lalu ulangi.',
    ],
    en: [
      'Something else works on the desa',
      'Another run of this desa did not end while the wave was waiting.',
      'Look at the open run of the desa, bring it to its end, then retry.',
    ],
  },
};
