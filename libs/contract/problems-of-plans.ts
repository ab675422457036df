import type { ProblemTable } from './problem-table.js';

/** Why an approval no longer holds. */
export const PLANS: ProblemTable = {
  'desa-added': {
    status: 409,
    id: ['Ada desa baru', 'Desa {desa} ditambahkan setelah rencana dibuat.', 'Buat rencana baru, lalu setujui.'],
    en: ['A desa was added', 'Desa {desa} was added after the plan was made.', 'Make a new plan, then approve it.'],
  },
  'desa-gone': {
    status: 409,
    id: [
      'Ada desa yang keluar',
      'Desa {desa} tidak ada lagi sejak rencana dibuat.',
      'Buat rencana baru, lalu setujui.',
    ],
    en: [
      'A desa has gone',
      'Desa {desa} is no longer there since the plan was made.',
      'Make a new plan, then approve it.',
    ],
  },
  'hold-changed': {
    status: 409,
    id: [
      'Penahanan berubah',
      'Desa {desa} ditahan atau dilepas setelah rencana dibuat.',
      'Buat rencana baru, lalu setujui.',
    ],
    en: [
      'A hold has changed',
      'Desa {desa} was held or let go after the plan was made.',
      'Make a new plan, then approve it.',
    ],
  },
  'desa-moved': {
    status: 409,
    id: [
      'Ada desa yang pindah server',
      'Desa {desa} pindah server setelah rencana dibuat.',
      'Buat rencana baru, lalu setujui.',
    ],
    en: [
      'A desa was moved',
      'Desa {desa} moved to another server after the plan was made.',
      'Make a new plan, then approve it.',
    ],
  },
  'desa-changed': {
    status: 409,
    id: [
      'Versi desa berubah',
      'Desa {desa} berganti versi setelah rencana dibuat.',
      'Buat rencana baru, lalu setujui.',
    ],
    en: [
      'The version of a desa has changed',
      'Desa {desa} changed its version after the plan was made.',
      'Make a new plan, then approve it.',
    ],
  },
  'blockers-changed': {
    status: 409,
    id: [
      'Halangan desa berubah',
      'Halangan pada desa {desa} muncul atau hilang setelah rencana dibuat.',
      'Buat rencana baru, lalu setujui.',
    ],
    en: [
      'What blocks a desa has changed',
      'Something began or ceased to block desa {desa} after the plan was made.',
      'Make a new plan, then approve it.',
    ],
  },
  'release-changed': {
    status: 409,
    id: [
      'Rilis atau gabungan berubah',
      'Rilisnya, gabungannya, atau syaratnya berubah setelah rencana dibuat.',
      'Buat rencana baru, lalu setujui.',
    ],
    en: [
      'The release or the gabungan has changed',
      'The release, the gabungan or what they ask for has changed after the plan was made.',
      'Make a new plan, then approve it.',
    ],
  },
};
