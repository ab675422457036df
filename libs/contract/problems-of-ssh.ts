import type { ProblemTable } from './problem-table.js';

/** The way to a server over SSH. */
export const SSH: ProblemTable = {
  'ssh-address-malformed': {
    status: 422,
    id: [
      'Alamat SSH tidak benar',
      '"{address}" bukan alamat SSH.',
      'Tulis pengguna@tuan-rumah:port, misalnya petugas@10.0.0.5:22.',
    ],
    en: [
      'The SSH address is not right',
      '"{address}" is no SSH address.',
      'Write user@host:port, e.g. petugas@10.0.0.5:22.',
    ],
  },
  'argv-malformed': {
    status: 500,
    id: [
      'Perintah tidak dapat dijalankan',
      'Perintah {program} memuat karakter NUL atau tanpa nama.',
      'Laporkan kepada pengembang.',
    ],
    en: ['The command cannot be run', 'Command {program} has a NUL in it, or no name.', 'Tell the developers.'],
  },
  'host-key-changed': {
    status: 503,
    id: [
      'Kunci server berubah',
      'Server {server} menunjukkan kunci {shown}, padahal yang dikonfirmasi {pinned}. Tidak ada yang dikirim ke sana.',
      'Tanyakan kepada pengelola server apakah sistemnya dipasang ulang. Bila ya: server check, lalu server trust dengan sidik jari baru. Bila tidak, ada yang menyamar.',
    ],
    en: [
      'The key of the server changed',
      'Server {server} shows key {shown}, but {pinned} was confirmed. Nothing was sent there.',
      'Ask the keeper of the server whether it was installed anew. If so: server check, then server trust with the new fingerprint. If not, somebody poses as it.',
    ],
  },
  'host-key-unconfirmed': {
    status: 409,
    id: [
      'Kunci server belum dikonfirmasi',
      'Server {server} menunjukkan sidik jari {shown}, dan belum ada yang mengonfirmasinya.',
      'Cocokkan dengan ssh-keygen -lf di server itu sendiri, lalu server trust {server} --fingerprint dengan nilai itu.',
    ],
    en: [
      'The key of the server is not confirmed',
      'Server {server} shows fingerprint {shown}, and nobody has confirmed it.',
      'Compare it with ssh-keygen -lf on the server itself, then server trust {server} --fingerprint with that value.',
    ],
  },
  'host-key-unread': {
    status: 409,
    id: ['Kunci server belum dibaca', 'Server {server} belum pernah ditanya.', 'Jalankan server check {server} dulu.'],
    en: ['The key of the server was not read', 'Server {server} was never asked.', 'Run server check {server} first.'],
  },
  'host-key-differs': {
    status: 409,
    id: [
      'Sidik jari tidak sama',
      'Yang diketik {typed}, yang ditunjukkan server {shown}.',
      'Baca lagi sidik jari di server itu sendiri; jangan menyalin dari layar ini.',
    ],
    en: [
      'The fingerprints differ',
      '{typed} was typed, the server shows {shown}.',
      'Read the fingerprint on the server itself again; do not copy it from this screen.',
    ],
  },
  'ssh-login-refused': {
    status: 503,
    id: [
      'Server menolak masuk',
      'Server {server} menolak pengguna {user}: kunci belum ditempel, atau kata sandi salah.',
      'Tempel baris kunci (server show) ke ~/.ssh/authorized_keys milik {user}, atau beri kata sandinya sekali.',
    ],
    en: [
      'The server refuses the login',
      'Server {server} refuses user {user}: the key was not pasted, or the password is wrong.',
      'Paste the line of the key (server show) into ~/.ssh/authorized_keys of {user}, or give the password once.',
    ],
  },
  'ssh-key-missing': {
    status: 409,
    id: [
      'Kunci belum dibuat',
      'Server {server} belum mempunyai pasangan kunci.',
      'Jalankan server check {server}; pekerja (worker) membuat kuncinya.',
    ],
    en: ['There is no key', 'Server {server} has no key pair yet.', 'Run server check {server}; the worker makes it.'],
  },
  'ssh-password-used': {
    status: 409,
    id: [
      'Kata sandi sudah terpakai',
      'Kata sandi untuk server {server} sudah dipakai atau lewat satu jam.',
      'Ulangi server enrol dengan --password-stdin, atau tempel kuncinya.',
    ],
    en: [
      'The password is used up',
      'The password for server {server} was used, or its hour is over.',
      'Run server enrol with --password-stdin again, or paste the key.',
    ],
  },
  'ssh-command-slow': {
    status: 503,
    id: [
      'Perintah terlalu lama',
      '{program} di server {server} belum selesai dalam {seconds} detik.',
      'Periksa beban server itu, lalu ulangi.',
    ],
    en: [
      'The command takes too long',
      '{program} on server {server} did not end within {seconds} seconds.',
      'Look at the load of that server, then try again.',
    ],
  },
  'ssh-command-failed': {
    status: 503,
    id: ['Perintah gagal', '{program} di server {server} gagal: {reason}', 'Perbaiki yang disebut, lalu ulangi.'],
    en: [
      'The command failed',
      '{program} on server {server} failed: {reason}',
      'Put right what it names, then try again.',
    ],
  },
  'ssh-old-key-works': {
    status: 409,
    id: [
      'Kunci lama masih berlaku',
      'Server {server} masih menerima kunci lama.',
      'Hapus baris siappakai-{server} yang lama dari authorized_keys, lalu ulangi.',
    ],
    en: [
      'The old key still works',
      'Server {server} still takes the old key.',
      'Remove the old line siappakai-{server} from authorized_keys, then try again.',
    ],
  },
  'tunnel-port-taken': {
    status: 409,
    id: [
      'Port terowongan terpakai',
      'Port {port} di server {server} sudah dipakai.',
      'Tunggu sambungan lama ditutup, atau pakai port lain.',
    ],
    en: [
      'The port of the tunnel is taken',
      'Port {port} on server {server} is in use.',
      'Wait until the old connection is closed, or use another port.',
    ],
  },
};
