import type { ProblemTable } from './problem-table.js';

/** Pieces of work: why one cannot begin, go on or be undone. */
export const RUNS: ProblemTable = {
  'run-unknown': {
    status: 404,
    id: ['Pekerjaan tidak ada', 'Tidak ada pekerjaan {id} atau bukan wewenang Anda.', 'Lihat daftar pekerjaan.'],
    en: ['No such run', 'There is no run {id}, or it is not yours.', 'Look at the list of runs.'],
  },
  'run-open': {
    status: 409,
    id: [
      'Masih ada pekerjaan yang berjalan',
      'Pekerjaan {verb} untuk {label} belum selesai.',
      'Tunggu sampai selesai atau buka pekerjaan itu, lalu ulangi.',
    ],
    en: [
      'Another run is still open',
      'Run {verb} of {label} has not ended.',
      'Wait for it or open it, then try again.',
    ],
  },
  'run-broken': {
    status: 409,
    id: [
      'Ada pekerjaan rusak yang menunggu diperiksa',
      'Pekerjaan {verb} untuk {label} gagal dan pembatalannya juga gagal.',
      'Buka pekerjaan itu, periksa, lalu bebaskan dengan alasan.',
    ],
    en: [
      'A broken run waits to be looked at',
      'Run {verb} of {label} failed and so did its undo.',
      'Open that run, look into it, then clear it with a reason.',
    ],
  },
  'run-begun': {
    status: 409,
    id: ['Pekerjaan sudah mulai', 'Hanya pekerjaan yang masih antre dapat dibatalkan.', 'Tunggu sampai selesai.'],
    en: ['The run has begun', 'Only a queued run can be cancelled.', 'Wait for its end.'],
  },
  'run-not-broken': {
    status: 409,
    id: [
      'Pekerjaan ini tidak rusak',
      'Hanya pekerjaan rusak yang dapat dibebaskan.',
      'Tidak ada yang perlu dilakukan.',
    ],
    en: ['This run is not broken', 'Only a broken run can be cleared.', 'There is nothing to do.'],
  },
  'reason-missing': {
    status: 422,
    id: [
      'Alasan belum ditulis',
      'Membebaskan pekerjaan rusak memerlukan alasan.',
      'Tulis alasan sekurang-kurangnya 5 huruf.',
    ],
    en: ['A reason is missing', 'Clearing a broken run needs a reason.', 'Write a reason of at least 5 letters.'],
  },
  'lease-lost': {
    status: 409,
    id: [
      'Dilanjutkan pekerja lain',
      'Pekerja ini kehilangan gilirannya atas pekerjaan {runId}.',
      'Tidak ada yang perlu dilakukan: pekerja lain melanjutkan.',
    ],
    en: [
      'Another worker goes on',
      'This worker lost its lease of run {runId}.',
      'There is nothing to do: another worker goes on.',
    ],
  },
  'lock-timeout': {
    status: 503,
    id: [
      'Terlalu lama menunggu giliran',
      '{resource} masih dipakai oleh {heldBy}.',
      'Tunggu pekerjaan itu selesai lalu ulangi.',
    ],
    en: [
      'Waited too long for its turn',
      '{resource} is still held by {heldBy}.',
      'Wait for that run to end, then try again.',
    ],
  },
  'step-timeout': {
    status: 503,
    id: [
      'Langkah terlalu lama',
      'Langkah {step} belum selesai sesudah {seconds} detik.',
      'Lihat catatan pekerjaan; periksa beban server lalu ulangi.',
    ],
    en: [
      'A step took too long',
      'Step {step} had not ended after {seconds} seconds.',
      'Look at the log; check the load of the server, then try again.',
    ],
  },
  'undo-failed': {
    status: 500,
    id: [
      'Pembatalan gagal',
      'Yang gagal: {reasons}.',
      'Periksa desa ini, perbaiki, lalu bebaskan pekerjaan dengan alasan.',
    ],
    en: [
      'The undo failed',
      'What failed: {reasons}.',
      'Look at this desa, repair it, then clear the run with a reason.',
    ],
  },
  'verb-unknown': {
    status: 422,
    id: [
      'Jenis pekerjaan tidak dikenal',
      'Tidak ada pekerjaan {verb}.',
      'Perbarui dasbor dan pekerjanya ke versi yang sama.',
    ],
    en: ['Unknown kind of run', 'There is no run {verb}.', 'Bring api and worker to the same version.'],
  },
  'server-full': {
    status: 503,
    id: [
      'Server sedang penuh pekerjaan',
      'Di server {server} sudah sebanyak mungkin pekerjaan berjalan sekaligus.',
      'Tidak perlu apa-apa: pekerjaan ini mulai sendiri begitu ada tempat.',
    ],
    en: [
      'The server has work enough',
      'As much work as may be goes on at once on server {server}.',
      'Nothing is to be done: this begins by itself when there is a place.',
    ],
  },
  'server-elsewhere': {
    status: 503,
    id: [
      'Server di mesin lain',
      'Server {server} adalah mesin dasbor lain; hanya pekerja di sana yang menjangkaunya.',
      'Jalankan pekerja (worker) di mesin itu, atau daftarkan mesin itu lewat SSH.',
    ],
    en: [
      'A server on another machine',
      'Server {server} is the machine of another worker; only that one reaches it.',
      'Let a worker run on that machine, or enrol the machine over SSH.',
    ],
  },
};
