import type { ProblemTable } from './problem-table.js';

/** Servers, merged databases, runtimes, the gateway: what stands outside. */
export const SERVERS: ProblemTable = {
  'server-unknown': {
    status: 404,
    id: ['Server tidak dikenal', 'Tidak ada server bernama {name} atau bukan wewenang Anda.', 'Lihat daftar server.'],
    en: ['Unknown server', 'There is no server named {name}, or it is not yours.', 'Look at the list of servers.'],
  },
  'server-taken': {
    status: 409,
    id: ['Nama server sudah dipakai', 'Server {name} sudah terdaftar.', 'Pakai nama lain.'],
    en: ['The server name is taken', 'Server {name} is registered.', 'Use another name.'],
  },
  'server-unreachable': {
    status: 503,
    id: [
      'Server tidak menjawab',
      'Docker pada server {server} tidak menjawab.',
      'Periksa apakah server menyala dan Docker berjalan, lalu ulangi.',
    ],
    en: [
      'The server does not answer',
      'Docker on server {server} does not answer.',
      'Check that the server is up and Docker runs, then try again.',
    ],
  },
  'server-not-of-gabungan': {
    status: 422,
    id: [
      'Server bukan milik gabungan',
      'Gabungan itu tidak berada di server {name}.',
      'Kosongkan pilihan server, atau pilih server gabungan itu.',
    ],
    en: [
      'The server is not the one of the gabungan',
      'The gabungan does not stand on server {name}.',
      'Leave the server out, or choose the one of the gabungan.',
    ],
  },
  'server-draining': {
    status: 409,
    id: [
      'Server sedang dikosongkan',
      'Server {name} sedang dikosongkan; desa baru tidak ditempatkan di sana.',
      'Pilih server lain, atau hentikan pengosongannya.',
    ],
    en: [
      'The server is being drained',
      'Server {name} is being drained; no desa is placed on it.',
      'Choose another server, or stop draining it.',
    ],
  },
  'server-none-fits': {
    status: 409,
    id: [
      'Tidak ada server yang muat',
      'Tidak satu pun server dapat menerima desa ini ({reasons}).',
      'Tambah server, kosongkan ruang, atau sebut server dengan sengaja.',
    ],
    en: [
      'No server fits',
      'None of the servers can take this desa ({reasons}).',
      'Add a server, free some room, or name a server on purpose.',
    ],
  },
  'database-unreachable': {
    status: 503,
    id: [
      'Basis data dasbor tidak menjawab',
      'PostgreSQL tidak dapat dihubungi.',
      'Periksa apakah PostgreSQL berjalan dan DATABASE_URL benar.',
    ],
    en: [
      'The database of the dashboard does not answer',
      'PostgreSQL cannot be reached.',
      'Check that PostgreSQL runs and DATABASE_URL is right.',
    ],
  },
  'gabungan-unknown': {
    status: 404,
    id: [
      'Gabungan tidak dikenal',
      'Tidak ada gabungan bernama {name} atau bukan wewenang Anda.',
      'Lihat daftar gabungan.',
    ],
    en: ['Unknown gabungan', 'There is no gabungan named {name}, or it is not yours.', 'Look at the list of gabungan.'],
  },
  'gabungan-taken': {
    status: 409,
    id: ['Nama gabungan sudah dipakai', 'Gabungan {name} sudah ada.', 'Pakai nama lain.'],
    en: ['The name is taken', 'Gabungan {name} exists.', 'Use another name.'],
  },
  'gabungan-not-running': {
    status: 409,
    id: [
      'Gabungan belum siap',
      'Keadaan gabungan {name}: {state}.',
      'Tunggu pembuatannya selesai, atau periksa pekerjaannya.',
    ],
    en: [
      'The gabungan is not ready',
      'State of gabungan {name}: {state}.',
      'Wait until it is made, or look at its run.',
    ],
  },
  'gabungan-unreachable': {
    status: 503,
    id: [
      'Basis data gabungan tidak menjawab',
      'MariaDB pada {host} tidak dapat dihubungi.',
      'Periksa apakah MariaDB berjalan, lalu ulangi; tidak ada yang hilang.',
    ],
    en: [
      'The merged database does not answer',
      'MariaDB at {host} cannot be reached.',
      'Check that MariaDB runs, then try again; nothing is lost.',
    ],
  },
  'gabungan-host-unusable': {
    status: 422,
    id: [
      'Alamat basis data tidak dapat dipakai',
      '{host} bukan nama atau alamat IPv4 yang terjangkau dari wadah di server.',
      'Isi nama atau alamat jaringan MariaDB itu; bukan localhost atau 127.0.0.1.',
    ],
    en: [
      'The address of the database cannot be used',
      '{host} is no name or IPv4 address that containers of the server can reach.',
      'Give the network name or address of that MariaDB; not localhost or 127.0.0.1.',
    ],
  },
  'gabungan-out-of-reach': {
    status: 503,
    id: [
      'Basis data tidak terjangkau dari server',
      'Wadah di server tidak dapat menghubungi {host} port {port}.',
      'Buka firewall dan bind-address MariaDB itu untuk server ini, lalu ulangi.',
    ],
    en: [
      'The server does not reach the database',
      'Containers of the server cannot connect to {host} port {port}.',
      'Open the firewall and bind-address of that MariaDB to this server, then try again.',
    ],
  },
  'gabungan-password-wrong': {
    status: 422,
    id: ['Kata sandi basis data salah', 'Akun {user} ditolak oleh {host}.', 'Periksa nama akun dan kata sandinya.'],
    en: [
      'The database password is wrong',
      'Account {user} was refused by {host}.',
      'Check the account and its password.',
    ],
  },
  'disk-full': {
    status: 503,
    id: [
      'Ruang penyimpanan habis',
      'Ruang kosong tidak cukup untuk melanjutkan.',
      'Kosongkan ruang pada server, lalu ulangi; tidak ada yang setengah jadi.',
    ],
    en: [
      'The disk is full',
      'There is not enough free space to go on.',
      'Free some space on the server, then try again; nothing is left half-done.',
    ],
  },
  'runtime-not-running': {
    status: 409,
    id: [
      'Wadah aplikasi tidak berjalan',
      'Wadah {runtime} tidak berjalan.',
      'Ulangi; bila terulang, lihat catatan wadah itu.',
    ],
    en: [
      'The runtime does not run',
      'Runtime {runtime} is not running.',
      'Try again; if it repeats, read the log of that runtime.',
    ],
  },
  'site-left': {
    status: 409,
    id: ['Situs masih ada', 'Situs {site} masih ada di wadah {runtime}.', 'Ulangi penghapusan.'],
    en: ['The site is still there', 'Site {site} is still in runtime {runtime}.', 'Try the removal again.'],
  },
  'site-not-placed': {
    status: 409,
    id: ['Situs belum ditempatkan', 'Situs {site} tidak ada di wadah {runtime}.', 'Ulangi pekerjaan.'],
    en: ['The site is not placed', 'Site {site} is not in runtime {runtime}.', 'Run it again.'],
  },
  'gabungan-ambiguous': {
    status: 422,
    id: [
      'Gabungan harus disebut',
      'Kabupaten ini mempunyai beberapa gabungan.',
      'Sebutkan nama gabungan yang dimaksud.',
    ],
    en: ['Name the gabungan', 'This kabupaten has several gabungan.', 'Say which gabungan is meant.'],
  },
  'check-slow': {
    status: 503,
    id: [
      'Pemeriksaan belum selesai',
      'Pekerja belum menjawab dalam 25 detik.',
      'Buka pekerjaan {runId}; periksa apakah pekerja (worker) berjalan.',
    ],
    en: [
      'The check has not ended',
      'The worker did not answer within 25 seconds.',
      'Open run {runId}; check that the worker runs.',
    ],
  },
  'check-failed': {
    status: 409,
    id: ['Pemeriksaan gagal', 'Pemeriksaan berakhir tanpa hasil.', 'Buka pekerjaan {runId}.'],
    en: ['The check failed', 'The check ended without a result.', 'Open run {runId}.'],
  },
  'server-missing': {
    status: 409,
    id: [
      'Belum ada server',
      'Rilis disiapkan di sebuah server, dan belum ada yang terdaftar.',
      'Daftarkan server dulu.',
    ],
    en: ['There is no server', 'A release is built on a server, and none is registered.', 'Register a server first.'],
  },
  'charset-invalid': {
    status: 500,
    id: ['Nama charset tidak benar', '"{word}" bukan nama charset.', 'Perbaiki collations pada app.yaml.'],
    en: ['The charset is not right', '"{word}" is no charset.', 'Correct collations in app.yaml.'],
  },
  'gabungan-not-answering': {
    status: 503,
    id: [
      'Basis data gabungan belum menjawab',
      'MariaDB gabungan itu belum menjawab.',
      'Ulangi; bila terulang lihat catatan wadahnya.',
    ],
    en: [
      'The merged database does not answer yet',
      'The MariaDB of that gabungan does not answer yet.',
      'Try again; if it repeats, read the log of its container.',
    ],
  },
};
