import type { ProblemTable } from './problem-table.js';

/** Kabupaten, desa and what is asked for them. */
export const DESA: ProblemTable = {
  'kabupaten-unknown': {
    status: 404,
    id: [
      'Kabupaten tidak dikenal',
      'Kabupaten {code} belum terdaftar di sini atau bukan wewenang Anda.',
      'Periksa kodenya, mis. 13.07, atau daftarkan dulu kabupatennya.',
    ],
    en: [
      'Unknown kabupaten',
      'Kabupaten {code} is not registered here or is not yours.',
      'Check its code, e.g. 13.07, or register the kabupaten first.',
    ],
  },
  'kode-kabupaten-unknown': {
    status: 422,
    id: [
      'Kode kabupaten tidak ada dalam daftar wilayah',
      '{code} bukan kode kabupaten atau kota menurut daftar Kemendagri.',
      'Cari kabupatennya menurut nama dan pakai kode 4 angka.',
    ],
    en: [
      'This code of a kabupaten is not in the register',
      '{code} is no kabupaten or kota of the register.',
      'Search the kabupaten by name and use its 4-digit code.',
    ],
  },
  'kabupaten-taken': {
    status: 409,
    id: ['Kabupaten sudah terdaftar', '{name} ({code}) sudah ada.', 'Tidak perlu didaftarkan lagi.'],
    en: ['The kabupaten is already registered', '{name} ({code}) exists.', 'There is nothing to do.'],
  },
  'kode-desa-malformed': {
    status: 422,
    id: ['Kode desa tidak benar', '"{code}" bukan kode desa.', 'Kode desa terdiri dari 10 angka, mis. 33.03.01.2001.'],
    en: [
      'The desa code is not right',
      '"{code}" is not a desa code.',
      'A desa code has 10 digits, e.g. 33.03.01.2001.',
    ],
  },
  'desa-unknown': {
    status: 404,
    id: [
      'Desa tidak dikenal',
      'Tidak ada desa {code} di sini atau bukan wewenang Anda.',
      'Cari desanya menurut nama, atau daftarkan dulu.',
    ],
    en: [
      'Unknown desa',
      'There is no desa {code} here, or it is not yours.',
      'Search the desa by name, or register it first.',
    ],
  },
  'desa-not-in-register': {
    status: 422,
    id: [
      'Kode desa tidak ada dalam daftar wilayah',
      '{code} tidak ada dalam daftar Kemendagri.',
      'Cari desanya menurut nama lalu pakai kodenya.',
    ],
    en: [
      'This desa code is not in the register',
      '{code} is not in the register of regions.',
      'Search the desa by name and use its code.',
    ],
  },
  'desa-other-kabupaten': {
    status: 422,
    id: [
      'Desa ini milik kabupaten lain',
      '{code} terletak di kabupaten {kabupaten}, yang belum terdaftar di sini atau bukan wewenang Anda.',
      'Periksa kodenya, atau daftarkan dulu kabupatennya.',
    ],
    en: [
      'This desa belongs to another kabupaten',
      '{code} lies in kabupaten {kabupaten}, which is not registered here or is not yours.',
      'Check the code, or register that kabupaten first.',
    ],
  },
  'desa-taken': {
    status: 409,
    id: ['Desa sudah terdaftar', 'Desa {code} ({name}) sudah ada.', 'Buka halaman desanya.'],
    en: ['The desa is already registered', 'Desa {code} ({name}) exists.', 'Open its page.'],
  },
  'domain-malformed': {
    status: 422,
    id: [
      'Nama domain tidak benar',
      '"{domain}" bukan nama domain.',
      'Tulis tanpa http:// dan tanpa garis miring, mis. sukamaju.desa.id.',
    ],
    en: [
      'The domain is not right',
      '"{domain}" is not a host name.',
      'Write it without http:// and slashes, e.g. sukamaju.desa.id.',
    ],
  },
  'domain-taken': {
    status: 409,
    id: [
      'Domain sudah dipakai',
      '{domain} sudah dipakai oleh desa lain.',
      'Pilih domain lain, atau ubah dulu domain desa itu.',
    ],
    en: [
      'The domain is already taken',
      '{domain} is in use by another desa.',
      'Choose another domain, or change the domain of that desa first.',
    ],
  },
  'domain-in-use': {
    status: 409,
    id: [
      'Domain sedang melayani pengunjung',
      'Desa {code} sudah terpasang pada {domain}.',
      'Hapus pemasangannya dulu, lalu ubah domain dan pasang lagi.',
    ],
    en: [
      'The domain is serving visitors',
      'Desa {code} is installed at {domain}.',
      'Remove the installation first, then change the domain and install again.',
    ],
  },
  'import-empty': {
    status: 422,
    id: [
      'Berkas tidak berisi desa',
      'Tidak ada baris yang dapat dibaca.',
      'Baris pertama harus berisi judul kolom: code,domain,name,sebutan,zone; setiap baris berikutnya satu desa.',
    ],
    en: [
      'The file holds no desa',
      'No row could be read.',
      'The first line must name the columns: code,domain,name,sebutan,zone; then one desa per line.',
    ],
  },
  'import-column-missing': {
    status: 422,
    id: [
      'Kolom wajib tidak ada',
      'Kolom {missing} tidak ada; yang ada: {found}.',
      'Tulis judul kolom pada baris pertama: code,domain,name,sebutan,zone.',
    ],
    en: [
      'A needed column is missing',
      'Column {missing} is missing; found: {found}.',
      'Name the columns in the first line: code,domain,name,sebutan,zone.',
    ],
  },
  'import-row-malformed': {
    status: 422,
    id: ['Baris tidak dapat dibaca', 'Isian tidak benar pada: {fields}.', 'Perbaiki baris ini.'],
    en: ['The row cannot be read', 'Not right: {fields}.', 'Correct this row.'],
  },
  'import-repeated': {
    status: 422,
    id: ['Kode atau domain muncul dua kali', '{value} sudah ada pada baris {line}.', 'Hapus salah satu baris.'],
    en: ['A code or domain appears twice', '{value} already stands in line {line}.', 'Delete one of the lines.'],
  },
  'desa-already-installed': {
    status: 409,
    id: [
      'Sudah terpasang',
      'Aplikasi {app} sudah terpasang pada desa ini.',
      'Pakai pembaruan untuk mengganti versinya.',
    ],
    en: [
      'Already installed',
      'Application {app} is already installed for this desa.',
      'Use an update to change its version.',
    ],
  },
  'desa-not-installed': {
    status: 409,
    id: ['Belum terpasang', 'Aplikasi {app} belum terpasang pada desa ini.', 'Pasang dulu aplikasinya.'],
    en: ['Not installed', 'Application {app} is not installed for this desa.', 'Install it first.'],
  },
  'installation-unknown': {
    status: 404,
    id: ['Pemasangan tidak ada', 'Aplikasi ini tidak terpasang pada desa itu.', 'Pasang dulu aplikasinya.'],
    en: ['No such installation', 'The application is not installed for that desa.', 'Install it first.'],
  },
  'confirm-differs': {
    status: 422,
    id: [
      'Kode penegasan tidak sama',
      'Yang diketik "{typed}", seharusnya kode desa {code}.',
      'Ketik kode desa untuk menegaskan penghapusan.',
    ],
    en: [
      'The confirmation differs',
      'Typed "{typed}", expected the desa code {code}.',
      'Type the code of the desa to confirm its removal.',
    ],
  },
  'administrator-shown': {
    status: 404,
    id: [
      'Kata sandi tidak tersedia lagi',
      'Kata sandi administrator pertama hanya ditampilkan satu kali, atau belum dibuat.',
      'Pakai lupa kata sandi pada aplikasinya, atau pasang dulu aplikasinya.',
    ],
    en: [
      'The password is not available',
      'The first administrator password is shown once only, or was not made yet.',
      'Use the password reset of the application, or install it first.',
    ],
  },
  'app-unknown': {
    status: 422,
    id: [
      'Aplikasi tidak dikenal',
      'Tidak ada aplikasi bernama {app}.',
      'Lihat nama aplikasi yang tersedia pada halaman Rilis.',
    ],
    en: ['Unknown application', 'There is no application named {app}.', 'The page Releases names the applications.'],
  },
  'subject-unknown': {
    status: 404,
    id: ['Tidak ada', 'Yang diminta tidak ada atau bukan wewenang Anda.', 'Periksa kodenya.'],
    en: ['No such thing', 'What you asked for does not exist or is not yours.', 'Check the code.'],
  },
};
