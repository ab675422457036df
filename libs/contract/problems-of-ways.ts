import type { ProblemTable } from './problem-table.js';

/** Ways from one server to the gabungan on another. */
export const WAYS: ProblemTable = {
  'way-address-missing': {
    status: 409,
    id: [
      'Alamat server untuk server lain belum diketahui',
      'Gabungan {name} berada di server {server}, dan belum ada alamat yang dipakai server {from} untuk mencapainya.',
      'Isi alamat dalam server {server}: siappakai server internal-address {server} ALAMAT.',
    ],
    en: [
      'The address of the server for other servers is not known',
      'Gabungan {name} stands on server {server}, and nobody said at which address server {from} reaches it.',
      'Give server {server} its internal address: siappakai server internal-address {server} ADDRESS.',
    ],
  },
  'way-blocked': {
    status: 503,
    id: [
      'Jalur ke gabungan terhalang',
      'Server {from} tidak dapat membuka {address} di server {server}, tempat gabungan {name} berada.',
      'Buka porta TCP itu di firewall untuk server {from}, atau perbaiki alamat dalam server {server}, lalu ulangi.',
    ],
    en: [
      'The way to the gabungan is blocked',
      'Server {from} cannot open {address} on server {server}, where gabungan {name} stands.',
      'Open that TCP port in the firewall for server {from}, or correct the internal address of server {server}, then try again.',
    ],
  },
  'way-refused': {
    status: 503,
    id: [
      'Jalur ke gabungan tidak menjawab',
      'Server {from} mencapai {address} di server {server}, tetapi basis data gabungan {name} tidak menyapa.',
      'Pastikan alamat itu milik server {server} dan gabungannya berjalan (siappakai gabungan check {name}), lalu ulangi.',
    ],
    en: [
      'The way to the gabungan does not answer',
      'Server {from} reaches {address} on server {server}, but the database of gabungan {name} does not greet.',
      'Make sure that the address is that of server {server} and that the gabungan runs (siappakai gabungan check {name}), then try again.',
    ],
  },
  'way-port-taken': {
    status: 409,
    id: [
      'Porta jalur dipakai program lain',
      'Porta {port} di server gabungan dipakai program lain.',
      'Hentikan program itu, lalu ulangi.',
    ],
    en: [
      'The port of the way is in use',
      'Port {port} on the server of the gabungan is used by another program.',
      'Stop that program, then try again.',
    ],
  },
  'way-not-answering': {
    status: 503,
    id: [
      'Ujung jalur tidak menyala',
      'Kontainer {container} tidak menjawab setelah dinyalakan.',
      'Lihat catatannya dengan docker logs {container}, lalu ulangi.',
    ],
    en: [
      'An end of the way does not start',
      'Container {container} does not answer after its start.',
      'See what it said with docker logs {container}, then try again.',
    ],
  },
  'way-left': {
    status: 500,
    id: [
      'Jalur masih terpasang',
      'Pintu ke gabungan masih ada setelah ditutup.',
      'Ulangi; bila tetap ada, lihat halaman Penyimpangan.',
    ],
    en: ['The way is still there', 'The door to the gabungan still stands.', 'Try again; if it stays, look at Drift.'],
  },
};
