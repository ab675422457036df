import type { ProblemTable } from './problem-table.js';

/** What keeps the product from starting: configuration, key file, the embedded database. Told on the terminal. */
export const SETUP: ProblemTable = {
  'config-invalid': {
    status: 500,
    id: ['Konfigurasi salah', '{problems}', 'Perbaiki nilai-nilai itu di lingkungan (env), lalu jalankan lagi.'],
    en: ['The configuration is wrong', '{problems}', 'Correct these values in the environment, then start again.'],
  },
  'key-file-open-to-others': {
    status: 500,
    id: ['Berkas kunci terbuka', '{file} dapat dibaca pengguna lain.', 'Tutup: chmod 600.'],
    en: ['The key file is open', 'Others can read {file}.', 'Close it: chmod 600.'],
  },
  'key-file-empty': {
    status: 500,
    id: ['Berkas kunci kosong', '{file} tidak berisi kunci.', 'Kembalikan dari cadangan.'],
    en: ['The key file is empty', '{file} holds no key.', 'Put it back from a backup.'],
  },
  'key-file-repeats-an-id': {
    status: 500,
    id: ['Kunci berulang', 'Dua baris {file} memakai id yang sama.', 'Beri tiap kunci id sendiri.'],
    en: ['A key is repeated', 'Two lines of {file} have the same id.', 'Give every key an id of its own.'],
  },
  'key-file-line-wrong': {
    status: 500,
    id: ['Baris kunci salah', 'Baris {line} dari {file} bukan id:base64 dari 32 byte.', 'Kembalikan dari cadangan.'],
    en: ['A key line is wrong', 'Line {line} of {file} is not id:base64 of 32 bytes.', 'Put it back from a backup.'],
  },
  'key-file-foreign': {
    status: 500,
    id: [
      'Kunci lain',
      'Kunci di mesin ini bukan kunci yang dipakai dasbor ini: rahasia yang tersimpan tidak akan terbuka.',
      'Salin berkas kunci dari mesin yang sudah berjalan, atau dari cadangannya.',
    ],
    en: [
      'Another key',
      'The key on this machine is not the one that this dashboard uses: stored secrets would not open.',
      'Copy the key file from a machine that runs already, or from its backup.',
    ],
  },
  'data-folder-foreign': {
    status: 500,
    id: [
      'DATA_FOLDER lain',
      '{folder} bukan folder data dari dasbor ini: arsip dan cadangannya tidak ada di sana.',
      'Pasang folder data yang sama di setiap mesin (misalnya NFS). Bila folder lama benar-benar hilang, tulis {id} ke {file}.',
    ],
    en: [
      'Another DATA_FOLDER',
      '{folder} is not the data folder of this dashboard: its archives and backups are not there.',
      'Mount the same data folder on every machine (NFS, for example). If the old one is really lost, write {id} into {file}.',
    ],
  },
  'data-folder-elsewhere': {
    status: 500,
    id: [
      'Folder data di tempat lain',
      'Dasbor ini mencatat arsip dan cadangannya di {path}; di sini foldernya {folder}.',
      'Pasang folder itu di {path} pada mesin ini. Bila dipindahkan untuk seterusnya, buat {path} menjadi tautan ke sana.',
    ],
    en: [
      'The data folder is elsewhere',
      'This dashboard has noted its archives and backups under {path}; here the folder is {folder}.',
      'Mount it at {path} on this machine. If it was moved for good, make {path} a link to it.',
    ],
  },
  'database-in-use': {
    status: 409,
    id: [
      'Basis data sedang dipakai',
      'Proses {pid} memakai {folder}.',
      'Hentikan proses itu atau pakai DATA_FOLDER lain.',
    ],
    en: ['The database is in use', 'Process {pid} uses {folder}.', 'End that process or use another DATA_FOLDER.'],
  },
  'database-password-missing': {
    status: 500,
    id: ['Sandi basis data hilang', 'Basis data ada, tetapi {file} tidak.', 'Kembalikan berkas itu dari cadangan.'],
    en: [
      'The database password is gone',
      'The database is there, but {file} is not.',
      'Put the file back from a backup.',
    ],
  },
  'postgres-user-missing': {
    status: 500,
    id: [
      'Pengguna postgres tidak ada',
      'PostgreSQL tidak berjalan sebagai root.',
      'Buat pengguna postgres, atau isi DATABASE_URL.',
    ],
    en: ['There is no user postgres', 'PostgreSQL does not run as root.', 'Make a user postgres, or set DATABASE_URL.'],
  },
  'postgres-not-for-this-machine': {
    status: 500,
    id: ['PostgreSQL bawaan tidak tersedia', 'Tidak ada untuk {platform} {architecture}.', 'Isi DATABASE_URL.'],
    en: ['No built-in PostgreSQL', 'There is none for {platform} {architecture}.', 'Set DATABASE_URL.'],
  },
  'postgres-not-reachable': {
    status: 500,
    id: [
      'PostgreSQL bawaan tidak terjangkau',
      'Pengguna {user} tidak dapat membuka {program} atau {folder}.',
      'Pindahkan ke folder yang dapat dimasuki semua pengguna, misalnya /opt, atau isi DATABASE_URL.',
    ],
    en: [
      'The built-in PostgreSQL is out of reach',
      'User {user} cannot open {program} or {folder}.',
      'Move it to a folder that every user can enter, like /opt, or set DATABASE_URL.',
    ],
  },
  'postgres-not-created': {
    status: 500,
    id: ['PostgreSQL bawaan gagal dibuat', '{says}', 'Perbaiki penyebabnya, atau isi DATABASE_URL.'],
    en: ['The built-in PostgreSQL was not made', '{says}', 'Remove the cause, or set DATABASE_URL.'],
  },
  'postgres-not-started': {
    status: 503,
    id: ['PostgreSQL bawaan tidak menyala', 'Lihat {log}.', 'Perbaiki penyebabnya, atau isi DATABASE_URL.'],
    en: ['The built-in PostgreSQL did not start', 'Look at {log}.', 'Remove the cause, or set DATABASE_URL.'],
  },
  'server-silent': {
    status: 503,
    id: [
      'Dasbor tidak menjawab',
      '{url} tidak menjawab.',
      'Periksa alamatnya (SIAPPAKAI_URL) dan apakah dasbor menyala.',
    ],
    en: [
      'The dashboard does not answer',
      '{url} does not answer.',
      'Check the address (SIAPPAKAI_URL) and that it runs.',
    ],
  },
  'not-siappakai': {
    status: 502,
    id: ['Jawaban asing', '{url} menjawab, tetapi bukan Dasbor SiapPakai.', 'Periksa alamatnya (SIAPPAKAI_URL).'],
    en: ['A foreign answer', '{url} answers, but is no Dasbor SiapPakai.', 'Check the address (SIAPPAKAI_URL).'],
  },
  'file-unreadable': {
    status: 422,
    id: ['Berkas tidak terbaca', '{file} tidak ada atau tidak dapat dibaca.', 'Periksa nama berkasnya.'],
    en: ['The file cannot be read', '{file} is not there or cannot be read.', 'Check the name of the file.'],
  },
};
