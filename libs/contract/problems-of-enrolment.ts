import type { ProblemTable } from './problem-table.js';

/** The check-list of a new server. */
export const ENROLMENT: ProblemTable = {
  'ssh-account-weak': {
    status: 409,
    id: [
      'Akun tidak cukup berhak',
      'Akun {user} di server {server} bukan root dan tidak ada di kelompok docker.',
      'Jalankan usermod -aG docker {user} sebagai root di server itu, lalu ulangi; atau beri sudo tanpa kata sandi dan pakai --install-docker.',
    ],
    en: [
      'The account may not do enough',
      'Account {user} on server {server} is neither root nor in group docker.',
      'Run usermod -aG docker {user} as root there, then try again; or allow sudo without a password and use --install-docker.',
    ],
  },
  'sudo-missing': {
    status: 409,
    id: [
      'Akun tidak boleh memasang',
      'Memasang Docker di server {server} perlu root, dan {user} tidak boleh sudo tanpa kata sandi.',
      'Pasang docker.io sebagai root di server itu, atau beri {user} sudo tanpa kata sandi.',
    ],
    en: [
      'The account may not install',
      'Installing Docker on server {server} needs root, and {user} may not use sudo without a password.',
      'Install docker.io as root there, or allow {user} sudo without a password.',
    ],
  },
  'server-system-unknown': {
    status: 409,
    id: [
      'Sistem operasi tidak didukung',
      'Server {server} berjalan dengan {system}.',
      'Pakai Debian 12 atau lebih baru, atau Ubuntu 22.04 atau lebih baru.',
    ],
    en: [
      'The operating system is not supported',
      'Server {server} runs {system}.',
      'Use Debian 12 or newer, or Ubuntu 22.04 or newer.',
    ],
  },
  'docker-missing': {
    status: 409,
    id: [
      'Docker belum siap',
      'Docker di server {server} belum ada, atau akun belum boleh memakainya.',
      'Ulangi dengan --install-docker (lihat dulu rencananya dengan --dry-run), atau pasang docker.io sendiri.',
    ],
    en: [
      'Docker is not ready',
      'Docker is not there on server {server}, or the account may not use it.',
      'Try again with --install-docker (look at the plan with --dry-run first), or install docker.io yourself.',
    ],
  },
  'docker-install-failed': {
    status: 503,
    id: [
      'Docker tidak terpasang',
      '{command} di server {server} gagal: {reason}',
      'Periksa sambungan server itu ke cermin Debian, lalu ulangi.',
    ],
    en: [
      'Docker was not installed',
      '{command} on server {server} failed: {reason}',
      'Check that the server reaches its Debian mirror, then try again.',
    ],
  },
  'docker-not-started': {
    status: 503,
    id: [
      'Docker tidak mulai',
      'Docker di server {server} terpasang tetapi belum berjalan.',
      'Lihat journalctl -u docker di server itu, lalu ulangi.',
    ],
    en: [
      'Docker did not start',
      'Docker on server {server} is installed and does not run.',
      'Look at journalctl -u docker there, then try again.',
    ],
  },
  'docker-old': {
    status: 409,
    id: [
      'Docker terlalu lama',
      'Server {server} memakai Docker {version}; paling lama {oldest}.',
      'Perbarui docker.io di server itu.',
    ],
    en: [
      'Docker is too old',
      'Server {server} has Docker {version}; the oldest we use is {oldest}.',
      'Update docker.io there.',
    ],
  },
  'storage-driver-wrong': {
    status: 409,
    id: [
      'Penyimpanan Docker tidak cocok',
      'Docker di server {server} memakai {driver}, bukan overlay2.',
      'Setel "storage-driver": "overlay2" di /etc/docker/daemon.json; /var/lib/docker harus di ext4 atau xfs.',
    ],
    en: [
      'The storage of Docker does not fit',
      'Docker on server {server} uses {driver}, not overlay2.',
      'Set "storage-driver": "overlay2" in /etc/docker/daemon.json; /var/lib/docker must be on ext4 or xfs.',
    ],
  },
  'server-memory-small': {
    status: 409,
    id: [
      'Memori server kurang',
      'Server {server} mempunyai {mib} MiB; paling sedikit {needed} MiB.',
      'Tambah memori server itu.',
    ],
    en: [
      'The server has too little memory',
      'Server {server} has {mib} MiB; {needed} MiB is the least.',
      'Give it more memory.',
    ],
  },
  'server-disk-small': {
    status: 409,
    id: [
      'Ruang server kurang',
      'Server {server} mempunyai {mib} MiB kosong; paling sedikit {needed} MiB.',
      'Kosongkan atau tambah ruang untuk /var/lib/docker.',
    ],
    en: [
      'The server has too little space',
      'Server {server} has {mib} MiB free; {needed} MiB is the least.',
      'Free or add space for /var/lib/docker.',
    ],
  },
  'server-clock-off': {
    status: 409,
    id: [
      'Jam server salah',
      'Jam server {server} berbeda {seconds} detik; paling banyak {most}.',
      'Pasang systemd-timesyncd atau chrony di server itu.',
    ],
    en: [
      'The clock of the server is wrong',
      'The clock of server {server} differs by {seconds} seconds; {most} is the most.',
      'Install systemd-timesyncd or chrony there.',
    ],
  },
  'server-ports-taken': {
    status: 409,
    id: [
      'Port pengunjung terpakai',
      'Port {ports} di server {server} sudah dipakai program lain.',
      'Hentikan program itu (ss -ltnp menunjukkan namanya), atau daftarkan server dengan --http-port lain.',
    ],
    en: [
      'Ports of visitors are taken',
      'Port {ports} on server {server} is used by another program.',
      'Stop that program (ss -ltnp names it), or register the server with another --http-port.',
    ],
  },
  'server-not-enrolled': {
    status: 409,
    id: [
      'Server belum lulus pemeriksaan',
      'Server {name} belum lulus daftar pemeriksaannya.',
      'Jalankan server enrol {name}.',
    ],
    en: [
      'The server has not passed its check-list',
      'Server {name} has not passed its check-list.',
      'Run server enrol {name}.',
    ],
  },
  'server-not-ssh': {
    status: 409,
    id: [
      'Bukan server SSH',
      'Server {name} adalah mesin ini sendiri; tidak perlu SSH.',
      'Tidak ada yang perlu dikerjakan.',
    ],
    en: ['Not a server over SSH', 'Server {name} is this machine itself and needs no SSH.', 'There is nothing to do.'],
  },
};
