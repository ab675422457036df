import type { ProblemTable } from './problem-table.js';

/** What is refused about looks and repairs. */
export const LOOKS: ProblemTable = {
  'drift-unknown': {
    status: 404,
    id: [
      'Penyimpangan tidak dikenal',
      'Tidak ada penyimpangan terbuka dengan nomor {id}.',
      'Mungkin sudah hilang sendiri; lihat daftarnya lagi.',
    ],
    en: ['Unknown drift', 'No open drift has the id {id}.', 'It may have gone by itself; look at the list again.'],
  },
  'drift-wants-a-person': {
    status: 409,
    id: [
      'Perlu tangan orang',
      '{subject} tidak dapat diperbaiki oleh sebuah proses.',
      'Baca apa artinya dan apa yang perlu dilakukan di daftar penyimpangan.',
    ],
    en: [
      'This wants a person',
      'No run can repair {subject}.',
      'Read in the list of drift what it means and what to do.',
    ],
  },
  'drift-one-by-one': {
    status: 409,
    id: [
      'Diperbaiki satu per satu',
      'Kontainer {subject} tidak dihapus bersama yang lain.',
      'Pastikan tidak ada yang memakainya, lalu perbaiki dengan nomornya.',
    ],
    en: [
      'This is repaired by itself',
      'Container {subject} is not removed along with others.',
      'Make sure that nobody uses it, then repair it by its id.',
    ],
  },
  'look-late': {
    status: 503,
    id: [
      'Pemeriksaan terlalu lama',
      'Server tidak selesai diperiksa dalam {seconds} detik.',
      'Diulang sendiri semenit kemudian; bila menetap, periksa beban server.',
    ],
    en: [
      'The look took too long',
      'The server was not looked through within {seconds} seconds.',
      'It is repeated a minute later; if it stays, look at the load of the server.',
    ],
  },
  'gateway-not-answering': {
    status: 503,
    id: [
      'Gerbang tidak menjawab',
      'Gerbang server {server} berjalan tetapi rutenya belum lengkap.',
      'Lihat catatan kontainer gerbang, lalu ulangi.',
    ],
    en: [
      'The gateway does not answer',
      'The gateway of server {server} runs, but its routes are not complete.',
      'Look at the log of its container, then try again.',
    ],
  },
  'container-left': {
    status: 409,
    id: ['Kontainer masih ada', 'Kontainer {container} masih ada.', 'Lihat di server apa yang memegangnya.'],
    en: ['The container is still there', 'Container {container} is still there.', 'Look on the server what holds it.'],
  },
  'runtime-faulty': {
    status: 409,
    id: [
      'Runtime masih berbeda',
      'Runtime {runtime} masih berbeda pada: {faults}.',
      'Lihat siapa yang mengubahnya di server.',
    ],
    en: [
      'The runtime still differs',
      'Runtime {runtime} still differs in: {faults}.',
      'Look who changes it on the server.',
    ],
  },
};
