import type { ProblemTable } from './problem-table.js';

/** What a person does with rollouts, holds and releases, and why it is refused. */
export const ROLLOUT_ACTS: ProblemTable = {
  'rollout-unknown': {
    status: 404,
    id: ['Peluncuran tidak ada', 'Tidak ada peluncuran {id} atau bukan wewenang Anda.', 'Lihat daftar peluncuran.'],
    en: ['No such rollout', 'There is no rollout {id}, or it is not yours.', 'Look at the list of rollouts.'],
  },
  'rollout-state': {
    status: 409,
    id: [
      'Tidak dapat dilakukan sekarang',
      'Tindakan {act} hanya untuk peluncuran berkeadaan {needs}; keadaannya sekarang {state}.',
      'Buka peluncuran itu dan lihat keadaannya.',
    ],
    en: [
      'This cannot be done now',
      'The act {act} is for a rollout that is {needs}; it is {state}.',
      'Open the rollout and look at its state.',
    ],
  },
  'plan-hash-differs': {
    status: 409,
    id: [
      'Yang disetujui bukan rencana terbaru',
      'Rencana yang tersimpan bersidik {hash}.',
      'Buka rencana terbaru, baca, lalu setujui yang itu.',
    ],
    en: [
      'This is not the newest plan',
      'The stored plan has the hash {hash}.',
      'Open the newest plan, read it, and approve that one.',
    ],
  },
  'plan-changed': {
    status: 409,
    id: [
      'Keadaan berubah sejak rencana disusun',
      'Desa yang bertambah {added}, hilang {gone}, ditahan atau dilepas {held}, pindah server {moved}, berubah keadaannya {other}: {desa}.',
      'Rencana sudah disusun ulang; baca lalu setujui lagi.',
    ],
    en: [
      'The world has changed since the plan',
      'Desa added {added}, gone {gone}, held or let go {held}, moved {moved}, in another state {other}: {desa}.',
      'The plan was made anew; read it and approve it again.',
    ],
  },
  'four-eyes': {
    status: 403,
    id: [
      'Perlu orang kedua',
      '{who} yang meminta peluncuran ini, jadi tidak boleh menyetujuinya.',
      'Minta orang lain memeriksa dan menyetujui.',
    ],
    en: ['A second person is needed', '{who} asked for this rollout and may not approve it.', 'Ask somebody else.'],
  },
  'rollout-empty': {
    status: 409,
    id: [
      'Tidak ada desa yang dipindahkan',
      'Tidak ada desa yang dapat dipindahkan ke {app} {version}: semua sudah di sana atau tertahan.',
      'Lihat rencananya: tiap desa yang tertahan menyebut sebabnya.',
    ],
    en: [
      'There is nobody to move',
      'No desa can be moved to {app} {version}: all are there already or kept back.',
      'Look at the plan: every desa kept back says why.',
    ],
  },
  'rollout-already-open': {
    status: 409,
    id: [
      'Masih ada peluncuran yang terbuka',
      'Peluncuran {app} pada gabungan {gabungan} belum selesai (keadaan {state}).',
      'Selesaikan atau hentikan peluncuran itu dulu.',
    ],
    en: [
      'Another rollout is open',
      'A rollout of {app} on gabungan {gabungan} has not ended (state {state}).',
      'Let it end or stop it first.',
    ],
  },
  'desa-not-in-rollout': {
    status: 404,
    id: ['Desa tidak ada di peluncuran ini', 'Desa {code} tidak termasuk.', 'Pilih desa dari daftar peluncuran ini.'],
    en: ['Not a desa of this rollout', 'Desa {code} is not part of it.', 'Choose from the desa of this rollout.'],
  },
  'desa-not-so': {
    status: 409,
    id: [
      'Desa itu berkeadaan lain',
      'Ini hanya untuk desa berkeadaan {states}; yang lain: {desa}.',
      'Muat ulang halaman dan pilih lagi.',
    ],
    en: [
      'The desa is in another state',
      'This is for desa that are {states}; others: {desa}.',
      'Reload the page and choose again.',
    ],
  },
  'gate-not-open': {
    status: 409,
    id: [
      'Belum ada yang menunggu persetujuan',
      'Tidak ada gelombang yang selesai dan menunggu persetujuan orang.',
      'Tunggu sampai gelombang ini selesai.',
    ],
    en: ['No gate waits', 'No wave has ended and waits for a person’s yes.', 'Wait for this wave to end.'],
  },
  'rollout-paused': {
    status: 409,
    id: ['Dijeda', '{who} menjeda peluncuran ini.', 'Lanjutkan bila sudah boleh.'],
    en: ['Paused', '{who} paused this rollout.', 'Resume it when it may go on.'],
  },
  'rollout-stopped': {
    status: 409,
    id: ['Dihentikan', '{who} menghentikan peluncuran ini.', 'Susun rencana baru bila masih perlu.'],
    en: ['Stopped', '{who} stopped this rollout.', 'Make a new plan if it is still wanted.'],
  },
  'rollout-release-withdrawn': {
    status: 409,
    id: ['Rilisnya ditarik', 'Rilis {version} ditarik: {why}.', 'Hentikan peluncuran ini dan pilih rilis lain.'],
    en: [
      'Its release was withdrawn',
      'Release {version} was withdrawn: {why}.',
      'Stop this rollout and choose another release.',
    ],
  },
  'hold-open': {
    status: 409,
    id: ['Desa sudah ditahan', 'Desa {code} sudah ditahan dari peluncuran.', 'Lepas dulu bila alasannya berganti.'],
    en: ['The desa is held already', 'Desa {code} is held already.', 'Let it go first if the reason is another.'],
  },
  'hold-unknown': {
    status: 404,
    id: [
      'Penahanan tidak ada',
      'Tidak ada penahanan {id} atau bukan wewenang Anda.',
      'Lihat daftar desa yang ditahan.',
    ],
    en: ['No such hold', 'There is no hold {id}, or it is not yours.', 'Look at the list of holds.'],
  },
  'hold-until-past': {
    status: 422,
    id: ['Waktunya sudah lewat', '{until} sudah lewat.', 'Pilih waktu yang akan datang.'],
    en: ['That time is over', '{until} is in the past.', 'Choose a time to come.'],
  },
  'kept-unknown': {
    status: 404,
    id: [
      'Basis data lama tidak ada',
      'Gabungan {name} tidak menyimpan basis data lama dari pemulihan {id}.',
      'Lihat daftar basis data yang disimpan.',
    ],
    en: [
      'No such kept database',
      'Gabungan {name} keeps no database of the restore {id}.',
      'Look at the list of kept databases.',
    ],
  },
  'kept-stays': {
    status: 409,
    id: [
      'Basis data lama masih ada',
      'Basis data {database} di samping gabungan {name} belum hilang.',
      'Baca catatan pekerjaannya, lalu ulangi.',
    ],
    en: [
      'The kept database is still there',
      'Database {database} beside gabungan {name} has not gone.',
      'Read the log of the run, then ask again.',
    ],
  },
  'backups-stay': {
    status: 409,
    id: [
      'Cadangan lama belum terhapus',
      '{count} cadangan lama gabungan {name} masih tersimpan.',
      'Cadangan berikutnya mencoba lagi; periksa hak folder data bila terulang.',
    ],
    en: [
      'Old backups are still there',
      '{count} old backups of gabungan {name} are still kept.',
      'The next backup tries again; look at the rights of the data folder if it repeats.',
    ],
  },
  'restore-confirm-differs': {
    status: 422,
    id: [
      'Kode penegasan tidak sama',
      'Yang diketik "{typed}", seharusnya kode kabupaten {code}.',
      'Ketik kode kabupaten untuk menegaskan; yang ditegaskan tidak dapat dibatalkan.',
    ],
    en: [
      'The confirmation differs',
      'Typed "{typed}", expected the code of the kabupaten {code}.',
      'Type the code of the kabupaten to confirm; what is confirmed cannot be taken back.',
    ],
  },
};
