import type { ProblemTable } from './problem-table.js';

/** A desa on its way between two servers. */
export const MOVES: ProblemTable = {
  'move-same-server': {
    status: 409,
    id: ['Desa sudah di server itu', 'Desa ini sudah berada di server {name}.', 'Sebut server lain.'],
    en: ['It stands there already', 'This desa stands on server {name} already.', 'Name another server.'],
  },
  'move-still-kept': {
    status: 409,
    id: [
      'Tempat lama masih disimpan',
      'Setelah pemindahan sebelumnya, server {server} masih menyimpan folder desa ini sampai {until}.',
      'Akhiri dulu dengan `siappakai desa settle`, atau tunggu sampai waktunya habis.',
    ],
    en: [
      'The old place is still kept',
      'After the move before, server {server} keeps the folder of this desa until {until}.',
      'End that with `siappakai desa settle`, or wait until its time is over.',
    ],
  },
  'move-none-kept': {
    status: 409,
    id: [
      'Tidak ada tempat lama',
      'Tidak ada tempat lama desa ini yang masih disimpan.',
      'Tidak perlu berbuat apa-apa.',
    ],
    en: ['Nothing is kept', 'No old place of this desa is kept.', 'There is nothing to do.'],
  },
  'move-during-rollout': {
    status: 409,
    id: [
      'Peluncuran sedang berjalan',
      'Gabungan desa ini sedang dalam peluncuran rilis.',
      'Tunggu sampai peluncuran itu selesai atau dihentikan.',
    ],
    en: [
      'A rollout is under way',
      'A rollout moves the gabungan of this desa to another release.',
      'Wait until that rollout has finished or was stopped.',
    ],
  },
  'move-not-serving': {
    status: 409,
    id: [
      'Desa tidak sedang melayani',
      'Gerbang server {server} tidak mengarahkan {domain} ke tempat yang tercatat.',
      'Perbaiki penyimpangannya dulu: siappakai drift list.',
    ],
    en: [
      'The desa does not serve',
      'The gateway of server {server} does not lead {domain} to where the records say.',
      'Repair the drift first: siappakai drift list.',
    ],
  },
  'moves-do-not-fit': {
    status: 409,
    id: [
      'Tidak semua desa muat',
      'Dari {count} desa di server {server}, {left} tidak mendapat tempat di server lain ({reasons}). Tidak satu pun dipindahkan.',
      'Tambah server atau kosongkan ruang, lalu ulangi; atau pindahkan desa satu per satu.',
    ],
    en: [
      'Not all desa fit',
      'Of {count} desa on server {server}, {left} have no place on the other servers ({reasons}). None is moved.',
      'Add a server or free some room, then try again; or move desa one by one.',
    ],
  },
  'server-without-address': {
    status: 409,
    id: [
      'Alamat server belum diketahui',
      'Server lain tidak tahu di alamat mana gerbang server {name} dapat dihubungi.',
      'Daftarkan server itu dengan --http-address berisi alamat jaringannya, bukan 0.0.0.0.',
    ],
    en: [
      'The address of the server is not known',
      'Other servers do not know at which address to reach the gateway of server {name}.',
      'Register that server with --http-address and its address on the network, not 0.0.0.0.',
    ],
  },
  'gateway-out-of-reach': {
    status: 409,
    id: [
      'Gerbang server baru tidak terjangkau',
      'Dari server {from}, gerbang server {to} di {host} port {port} tidak menjawab ({why}).',
      'Buka firewall antara kedua server untuk port itu, lalu ulangi.',
    ],
    en: [
      'The gateway of the new server is out of reach',
      'From server {from}, the gateway of server {to} at {host} port {port} does not answer ({why}).',
      'Open that port in the firewall between the two servers, then try again.',
    ],
  },
  'folder-in-the-way': {
    status: 409,
    id: [
      'Folder dengan nama itu sudah ada',
      'Di server {server} sudah ada /data/{site}, dan bukan dari pemindahan ini.',
      'Periksa milik siapa folder itu dan singkirkan sendiri; dasbor tidak menimpanya.',
    ],
    en: [
      'A folder is in the way',
      'Server {server} has a /data/{site} already, which is not of this move.',
      'Find out whose it is and take it away yourself; nothing is written over it.',
    ],
  },
  'folder-unreadable': {
    status: 409,
    id: [
      'Ada berkas yang tidak dapat dibaca',
      'Di folder {site} tidak dapat dibaca: {paths}.',
      'Perbaiki hak aksesnya (chmod u+rX), lalu ulangi.',
    ],
    en: [
      'Files cannot be read',
      'In the folder of {site} these cannot be read: {paths}.',
      'Mend their modes (chmod u+rX), then try again.',
    ],
  },
  'copy-differs': {
    status: 409,
    id: [
      'Salinan tidak sama',
      'Di folder {site} tidak sama antara kedua server: {paths}.',
      'Pemindahan dibatalkan sendiri dan tempat lama tetap melayani; ulangi.',
    ],
    en: [
      'The copy is not the same',
      'In the folder of {site} these are not the same on both servers: {paths}.',
      'The move is undone by itself and the old place serves; try again.',
    ],
  },
  'copy-cut': {
    status: 503,
    id: [
      'Penyalinan terputus',
      'Aliran data antara kedua server terputus sebelum selesai.',
      'Diulang sendiri; yang sudah tersalin tidak disalin lagi.',
    ],
    en: [
      'The copy was cut off',
      'The stream between the two servers ended too early.',
      'It is tried again by itself; what has arrived does not travel again.',
    ],
  },
  'site-not-quiet': {
    status: 409,
    id: [
      'Desa belum berhenti',
      'Masih ada proses milik {site} di {runtime}.',
      'Pemindahan dibatalkan sendiri; ulangi.',
    ],
    en: [
      'The desa has not stopped',
      'Processes of {site} still run in {runtime}.',
      'The move is undone by itself; try again.',
    ],
  },
  'forward-not-proved': {
    status: 503,
    id: [
      'Penerusan pengunjung tidak terbukti',
      'Lewat gerbang lama, {domain} di server {server} menjawab {status}.',
      'Pemindahan dibatalkan sendiri dan tempat lama tetap melayani; ulangi.',
    ],
    en: [
      'Passing visitors on is not proved',
      'Through the old gateway, {domain} on server {server} answers {status}.',
      'The move is undone by itself and the old place serves; try again.',
    ],
  },
};
