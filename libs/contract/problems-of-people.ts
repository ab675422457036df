import type { ProblemTable } from './problem-table.js';

/** Users, their first passwords, and the last administrator. */
export const PEOPLE: ProblemTable = {
  'user-unknown': {
    status: 404,
    id: [
      'Pengguna tidak dikenal',
      'Tidak ada pengguna {username} di sini, atau wewenangnya di luar wewenang Anda.',
      'Lihat daftar pengguna.',
    ],
    en: [
      'No such user',
      'There is no user {username} here, or their scope lies beyond yours.',
      'Look at the list of users.',
    ],
  },
  'user-taken': {
    status: 409,
    id: [
      'Nama pengguna sudah dipakai',
      '{username} sudah ada; nama yang dinonaktifkan pun tetap disimpan untuk Jejak.',
      'Pilih nama pengguna lain.',
    ],
    en: [
      'The username is taken',
      '{username} exists already; also the names of disabled users are kept for the audit.',
      'Choose another username.',
    ],
  },
  'username-reserved': {
    status: 422,
    id: [
      'Nama pengguna ini dipakai sistem',
      '{username} tertulis di Jejak untuk tindakan yang bukan dilakukan orang.',
      'Pilih nama pengguna lain.',
    ],
    en: [
      'The system uses this username',
      '{username} stands in the audit for what no person did.',
      'Choose another username.',
    ],
  },
  'user-scope-too-wide': {
    status: 403,
    id: [
      'Wewenang itu melebihi wewenang Anda',
      'Tanpa kabupaten, pengguna berwenang atas semua kabupaten; Anda tidak.',
      'Sebutkan kabupaten pengguna ini, dari antara kabupaten Anda.',
    ],
    en: [
      'That scope is wider than yours',
      'Without a kabupaten a user may see every one; you may not.',
      'Name the kabupaten of this user, out of yours.',
    ],
  },
  'last-admin': {
    status: 409,
    id: [
      'Ini admin terakhir',
      'Setelah itu tidak ada lagi admin aktif untuk semua kabupaten selain {username}.',
      'Jadikan orang lain admin untuk semua kabupaten lebih dulu.',
    ],
    en: [
      'This is the last administrator',
      'Besides {username} there is no active administrator of every kabupaten.',
      'Make somebody else an administrator of every kabupaten first.',
    ],
  },
  'user-is-you': {
    status: 409,
    id: [
      'Ini akun Anda sendiri',
      '{username} tidak dapat menonaktifkan diri atau mengatur ulang kata sandinya sendiri.',
      'Ganti kata sandi di halaman Akun saya, atau minta admin lain.',
    ],
    en: [
      'This is your own account',
      '{username} can neither disable themselves nor reset their own password.',
      'Change your password on the page My account, or ask another administrator.',
    ],
  },
  'user-disabled': {
    status: 401,
    id: [
      'Akun ini dinonaktifkan',
      'Kata sandinya benar, tetapi {username} tidak boleh masuk lagi.',
      'Minta admin mengaktifkannya.',
    ],
    en: [
      'This account is disabled',
      'The password is right, but {username} may not sign in any more.',
      'Ask an administrator to enable it.',
    ],
  },
  'password-same': {
    status: 422,
    id: ['Kata sandi baru sama dengan yang lama', 'Tidak ada yang berganti.', 'Pilih kata sandi lain.'],
    en: ['The new password is the old one', 'Nothing would change.', 'Choose another password.'],
  },
  'password-differs': {
    status: 422,
    id: ['Kedua kata sandi tidak sama', 'Tidak ada yang diganti.', 'Ketik kata sandi baru dua kali dengan sama.'],
    en: ['The two passwords differ', 'Nothing was changed.', 'Type the new password twice alike.'],
  },
  'password-must-change': {
    status: 403,
    id: [
      'Ganti kata sandi lebih dulu',
      'Kata sandi pertama hanya untuk masuk satu kali; sebelum diganti, yang lain tertutup.',
      'Masuk ke konsol dan pilih kata sandi baru, atau jalankan siappakai login di terminal.',
    ],
    en: [
      'Change your password first',
      'A first password is for signing in once; until it is changed everything else is closed.',
      'Sign in to the console and choose a new password, or run siappakai login in a terminal.',
    ],
  },
};
