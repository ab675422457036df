import type { ProblemTable } from './problem-table.js';
import { drift } from './problems-of-drift.js';

/** A gateway that is not as recorded, and certificates that are missing or end. */
export const HTTPS_DRIFT: ProblemTable = {
  'drift-gateway-settings': drift(
    [
      'Gerbang tidak seperti yang tercatat',
      'Gerbang server {server} berbeda dari yang tercatat: {settings}.',
      'Perbaiki di waktu sepi: gerbang dibuat baru bila port atau wadahnya berbeda, dan semua situs terputus beberapa detik.',
    ],
    [
      'The gateway is not as recorded',
      'The gateway of server {server} differs from what is recorded: {settings}.',
      'Repair it in a quiet hour: where a port or its container differs it is made anew, and every site is away for some seconds.',
    ],
  ),
  'drift-certificate-missing': drift(
    [
      'Sertifikat belum ada',
      '{count} domain di server {server} tanpa sertifikat yang berlaku: {domains}. Alasan: {reason}.',
      'Otomatis: periksa apakah DNS domain itu menuju server ini dan port 80 terbuka; gerbang meminta lagi dengan sendirinya. Sertifikat sendiri: berikan yang memuat domain itu.',
    ],
    [
      'A certificate is missing',
      '{count} domains of server {server} have no valid certificate: {domains}. Reason: {reason}.',
      'Automatic: check that the DNS of the domain leads to this server and port 80 is open; the gateway asks again by itself. Own certificates: give one that covers it.',
    ],
  ),
  'drift-certificate-ending': drift(
    [
      'Sertifikat hampir berakhir',
      'Sertifikat {count} domain di server {server} berakhir, yang pertama {until}: {domains}. Alasan: {reason}.',
      'Sertifikat sendiri: perpanjang, lalu berikan yang baru. Otomatis: pembaruannya gagal; lihat alasannya.',
    ],
    [
      'A certificate is about to end',
      'Certificates of {count} domains of server {server} end, the first {until}: {domains}. Reason: {reason}.',
      'Own certificates: renew, then give the new one. Automatic: it could not be renewed; see the reason.',
    ],
  ),
};
