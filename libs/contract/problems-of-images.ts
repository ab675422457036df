import type { ProblemTable } from './problem-table.js';

/** Images on their way to a server, and the registry they pass through. */
export const IMAGES: ProblemTable = {
  'image-nowhere': {
    status: 409,
    id: [
      'Citra tidak ada di mana pun',
      'Tidak ada mesin Docker yang masih menyimpan {image}.',
      'Bangun rilis itu lagi; untuk citra dasar jalankan node docker/setup.mjs images pada mesin dasbor.',
    ],
    en: [
      'The image is nowhere',
      'No Docker Engine has {image} any more.',
      'Build the release again; for a base image run node docker/setup.mjs images on the machine of the dashboard.',
    ],
  },
  'image-differs': {
    status: 409,
    id: [
      'Citra bukan yang dibangun',
      '{image} seharusnya {built}, tetapi yang ada {found}. Tidak ada desa yang disentuh.',
      'Bangun rilis itu lagi.',
    ],
    en: [
      'The image is not the one that was built',
      '{image} should be {built}, but {found} is there. No desa was touched.',
      'Build the release again.',
    ],
  },
  'image-damaged': {
    status: 409,
    id: [
      'Citra rusak di jalan',
      '{image}: {reason}. Tidak ada desa yang disentuh.',
      'Periksa disk mesin dasbor; kosongkan registri menurut buku panduan pengelola, lalu kirim lagi.',
    ],
    en: [
      'The image is damaged',
      '{image}: {reason}. No desa was touched.',
      'Check the disk of the machine of the dashboard; empty the registry as the runbook says, then ship again.',
    ],
  },
  'image-not-moved': {
    status: 503,
    id: ['Citra tidak terkirim', '{image}: {reason}.', 'Ulangi; hanya lapisan yang belum ada yang dikirim lagi.'],
    en: ['The image did not move', '{image}: {reason}.', 'Try again; only what is missing travels again.'],
  },
  'image-in-use': {
    status: 409,
    id: ['Citra sedang dipakai', 'Sebuah wadah berdiri di atas {image}.', 'Biarkan sampai tidak dipakai lagi.'],
    en: ['The image is in use', 'A container stands on {image}.', 'Leave it until nobody uses it.'],
  },
  'registry-image-missing': {
    status: 503,
    id: [
      'Citra registri belum ada',
      'Mesin dasbor tidak mempunyai {image}.',
      'Jalankan node docker/setup.mjs images pada mesin dasbor.',
    ],
    en: [
      'The image of the registry is missing',
      'The machine of the dashboard has no {image}.',
      'Run node docker/setup.mjs images on the machine of the dashboard.',
    ],
  },
  'registry-not-answering': {
    status: 503,
    id: ['Registri tidak menjawab', 'Wadah sp-registry: {reason}.', 'Lihat catatan wadah itu, lalu ulangi.'],
    en: ['The registry does not answer', 'Container sp-registry: {reason}.', 'Read its log, then try again.'],
  },
  'registry-refused': {
    status: 503,
    id: ['Registri menolak', 'Jawaban {status}: {reason}.', 'Lihat catatan wadah sp-registry.'],
    en: ['The registry refused', 'Answer {status}: {reason}.', 'Read the log of container sp-registry.'],
  },
  'tunnel-refused': {
    status: 409,
    id: [
      'Server menolak terowongan',
      'sshd di server {server} tidak membuka port loopback yang menuju ke sini.',
      'Tulis AllowTcpForwarding yes (atau remote) di sshd_config untuk akun itu, muat ulang sshd, lalu server enrol lagi.',
    ],
    en: [
      'The server refuses the tunnel',
      'The sshd of server {server} opens no port on its loopback that leads to us.',
      'Write AllowTcpForwarding yes (or remote) into sshd_config for that account, reload sshd, then server enrol again.',
    ],
  },
  'tunnel-open': {
    status: 409,
    id: [
      'Terowongan terbuka ke jaringan',
      'sshd di server {server} membuka port terowongan untuk seluruh jaringan, bukan hanya loopback.',
      'Tulis GatewayPorts no di sshd_config, muat ulang sshd, lalu server enrol lagi.',
    ],
    en: [
      'The tunnel is open to the network',
      'The sshd of server {server} opens the port of the tunnel to the whole network, not to its loopback alone.',
      'Write GatewayPorts no into sshd_config, reload sshd, then server enrol again.',
    ],
  },
};
