import type { ProblemTable } from './problem-table.js';

/** Who asks, and whether they may. */
export const ASKING: ProblemTable = {
  unexpected: {
    status: 500,
    id: [
      'Terjadi kesalahan yang tidak terduga',
      'Sistem berhenti karena: {message}.',
      'Coba sekali lagi; bila terulang, kirim kode pekerjaan dan pesan ini ke pengelola.',
    ],
    en: [
      'Something unexpected happened',
      'The system stopped because of: {message}.',
      'Try once more; if it happens again, send the run code and this message to your administrator.',
    ],
  },
  'input-malformed': {
    status: 422,
    id: ['Isian belum benar', 'Yang perlu diperbaiki: {fields}.', 'Perbaiki isian itu lalu kirim lagi.'],
    en: ['The input is not right', 'To be corrected: {fields}.', 'Correct these fields and send again.'],
  },
  'route-unknown': {
    status: 404,
    id: ['Alamat tidak ada', 'Tidak ada {path} di sini.', 'Periksa alamatnya; daftar alamat ada di dokumen OpenAPI.'],
    en: ['No such address', 'There is no {path} here.', 'Check the address; the OpenAPI document lists them all.'],
  },
  'not-signed-in': {
    status: 401,
    id: [
      'Anda belum masuk',
      'Permintaan ini memerlukan masuk lebih dulu, atau masa masuk Anda sudah habis.',
      'Masuk lalu ulangi.',
    ],
    en: ['You are not signed in', 'This request needs a sign-in, or yours has expired.', 'Sign in and try again.'],
  },
  'login-wrong': {
    status: 401,
    id: [
      'Nama pengguna atau kata sandi salah',
      'Nama pengguna dan kata sandi tidak cocok.',
      'Periksa huruf besar-kecil dan coba lagi.',
    ],
    en: [
      'Wrong username or password',
      'The username and password do not match.',
      'Check capital letters and try again.',
    ],
  },
  'login-limited': {
    status: 429,
    id: [
      'Terlalu banyak percobaan masuk',
      'Percobaan masuk dibatasi dalam {minutes} menit terakhir.',
      'Tunggu {minutes} menit lalu coba lagi.',
    ],
    en: [
      'Too many sign-in attempts',
      'Attempts within the last {minutes} minutes are limited.',
      'Wait {minutes} minutes and try again.',
    ],
  },
  'password-wrong': {
    status: 422,
    id: [
      'Kata sandi lama salah',
      'Kata sandi yang berlaku sekarang tidak cocok.',
      'Ketik kata sandi yang sekarang dengan benar.',
    ],
    en: ['The current password is wrong', 'The password in force does not match.', 'Type the current password again.'],
  },
  forbidden: {
    status: 403,
    id: [
      'Peran Anda tidak boleh melakukan ini',
      'Tindakan ini memerlukan peran {needed}; peran Anda {role}.',
      'Minta orang yang berperan {needed}.',
    ],
    en: [
      'Your role may not do this',
      'This needs the role {needed}; yours is {role}.',
      'Ask somebody with the role {needed}.',
    ],
  },
  'header-missing': {
    status: 403,
    id: [
      'Permintaan tidak berasal dari konsol',
      'Perubahan dengan kuki masuk harus membawa kepala X-Siappakai: 1.',
      'Pakai konsol, CLI, atau token API.',
    ],
    en: [
      'The request does not come from the console',
      'A change with a session cookie must carry the header X-Siappakai: 1.',
      'Use the console, the CLI or an API token.',
    ],
  },
  'token-unknown': {
    status: 404,
    id: ['Token tidak ada', 'Tidak ada token {id} di daftar ini.', 'Lihat daftar tokennya.'],
    en: ['No such token', 'There is no token {id} in this list.', 'Look at the list of tokens.'],
  },
  'body-malformed': {
    status: 400,
    id: [
      'Permintaan tidak dapat dibaca',
      'Isi permintaan bukan JSON yang benar.',
      'Periksa bentuk JSON-nya lalu kirim lagi.',
    ],
    en: ['The request cannot be read', 'The body is not correct JSON.', 'Check the JSON and send again.'],
  },
  'body-too-large': {
    status: 413,
    id: ['Permintaan terlalu besar', 'Isi permintaan melebihi 4 MB.', 'Bagi daftar itu menjadi beberapa bagian.'],
    en: ['The request is too large', 'The body is larger than 4 MB.', 'Split the list into parts.'],
  },
  'scope-too-narrow': {
    status: 403,
    id: [
      'Wewenang Anda tidak mencakup ini',
      'Ini hanya untuk orang yang berwenang atas semua kabupaten.',
      'Minta pengelola dengan wewenang itu.',
    ],
    en: [
      'Your scope does not reach this',
      'This is for people who may see every kabupaten.',
      'Ask an administrator with that scope.',
    ],
  },
};
