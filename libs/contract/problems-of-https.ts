import type { ProblemTable } from './problem-table.js';

/** HTTPS at the gateway, and the certificates that are given to it. */
export const HTTPS: ProblemTable = {
  'certificate-unreadable': {
    status: 422,
    id: [
      'Sertifikat tidak terbaca',
      'Berkas sertifikat bukan PEM yang benar ({reason}).',
      'Berikan berkas PEM, biasanya fullchain.pem: sertifikat situs lalu sertifikat penerbitnya.',
    ],
    en: [
      'The certificate cannot be read',
      'The file of the certificate is no valid PEM ({reason}).',
      "Give a PEM file, usually fullchain.pem: the site's certificate, then those of its issuer.",
    ],
  },
  'certificate-key-unreadable': {
    status: 422,
    id: [
      'Kunci sertifikat tidak terbaca',
      'Berkas kunci bukan PEM yang benar, atau dikunci dengan kata sandi.',
      'Berikan kunci PEM tanpa kata sandi (BEGIN PRIVATE KEY); openssl pkey -in kunci.pem -out terbuka.pem membukanya.',
    ],
    en: [
      'The key of the certificate cannot be read',
      'The file of the key is no valid PEM, or is locked by a password.',
      'Give a PEM key without a password (BEGIN PRIVATE KEY); openssl pkey -in key.pem -out open.pem unlocks it.',
    ],
  },
  'certificate-key-wrong': {
    status: 422,
    id: [
      'Kunci bukan milik sertifikat itu',
      'Kunci yang diberikan tidak cocok dengan sertifikat {subject}.',
      'Berikan kunci yang dibuat bersama permintaan sertifikat itu.',
    ],
    en: [
      'The key is not the one of that certificate',
      'The key that was given does not fit the certificate of {subject}.',
      'Give the key that was made with the request for that certificate.',
    ],
  },
  'certificate-ended': {
    status: 422,
    id: [
      'Sertifikat sudah berakhir',
      'Sertifikat untuk {names} berakhir {until}.',
      'Perpanjang sertifikat itu, lalu berikan yang baru.',
    ],
    en: ['The certificate has ended', 'The certificate of {names} ended {until}.', 'Renew it, then give the new one.'],
  },
  'certificate-not-yet': {
    status: 422,
    id: [
      'Sertifikat belum berlaku',
      'Sertifikat untuk {names} baru berlaku {from}.',
      'Tunggu sampai berlaku, atau periksa jam mesin dasbor.',
    ],
    en: [
      'The certificate is not valid yet',
      'The certificate of {names} begins {from}.',
      'Wait until then, or check the clock of the dashboard.',
    ],
  },
  'certificate-nameless': {
    status: 422,
    id: [
      'Sertifikat tanpa nama situs',
      'Sertifikat {subject} tidak memuat nama domain (subjectAltName).',
      'Minta sertifikat yang memuat nama domain; browser tidak melihat yang lain.',
    ],
    en: [
      'A certificate without names of sites',
      'The certificate of {subject} carries no domain (subjectAltName).',
      'Ask for one that carries the domains; browsers look at nothing else.',
    ],
  },
  'https-email-missing': {
    status: 422,
    id: [
      'Alamat surel belum ada',
      'Sertifikat otomatis untuk server {name} membutuhkan alamat surel.',
      'Isi surel petugas: ke sana penerbit menulis bila sertifikat hampir berakhir.',
    ],
    en: [
      'The e-mail address is missing',
      'Automatic certificates for server {name} need an e-mail address.',
      'Give the one of an officer: the authority writes there when a certificate is about to end.',
    ],
  },
  'https-certificate-missing': {
    status: 422,
    id: [
      'Sertifikat belum ada',
      'Untuk server {name} belum pernah diberikan sertifikat.',
      'Berikan sertifikat beserta kuncinya.',
    ],
    en: ['There is no certificate', 'No certificate was given to server {name} yet.', 'Give one with its key.'],
  },
  'https-covers-nothing': {
    status: 422,
    id: [
      'Sertifikat tidak memuat satu pun desa',
      'Sertifikat itu memuat {names}; situs di server {name} antara lain {domains}.',
      'Berikan sertifikat yang memuat domain desa, misalnya wildcard domain kabupaten.',
    ],
    en: [
      'The certificate covers no desa',
      'It covers {names}; sites on server {name} are {domains} and so on.',
      "Give one that covers the domains of the desa, such as a wildcard of the kabupaten's domain.",
    ],
  },
  'https-authority-unreadable': {
    status: 422,
    id: [
      'Sertifikat penerbit tidak terbaca',
      'Sertifikat akar dari server ACME bukan PEM yang benar.',
      'Berikan berkas PEM sertifikat akarnya.',
    ],
    en: [
      'The root of the authority cannot be read',
      'The root certificate of the ACME server is no valid PEM.',
      'Give the PEM file of its root certificate.',
    ],
  },
  'https-certificate-gone': {
    status: 409,
    id: [
      'Sertifikat tidak ada lagi',
      'Sertifikat yang hendak dipakai server {name} sudah dihapus.',
      'Berikan lagi sertifikat beserta kuncinya.',
    ],
    en: [
      'The certificate is gone',
      'A certificate that server {name} was to use was removed.',
      'Give it again with its key.',
    ],
  },
  'https-not-served': {
    status: 409,
    id: [
      'Sertifikat belum disajikan',
      'Pengunjung {name} tidak diberi sertifikat yang dimaksud, melainkan {shown}.',
      'Ulangi; bila terulang, lihat catatan wadah gerbang.',
    ],
    en: [
      'The certificate is not served',
      'A visitor of {name} is not shown the certificate that is meant, but {shown}.',
      'Try again; if it repeats, read the log of the gateway.',
    ],
  },
  'https-not-recorded': {
    status: 409,
    id: ['Pengaturan HTTPS belum tercatat', 'Pengaturan HTTPS server {name} belum tercatat.', 'Ulangi.'],
    en: ['HTTPS is not recorded', 'The way of HTTPS of server {name} is not recorded.', 'Try again.'],
  },
  'gateway-not-as-told': {
    status: 409,
    id: [
      'Gerbang belum sesuai',
      'Gerbang server {server} masih berbeda dari yang diminta: {faults}.',
      'Ulangi; bila terulang, lihat catatan wadah gerbang.',
    ],
    en: [
      'The gateway is not as told',
      'The gateway of server {server} still differs from what is asked: {faults}.',
      'Try again; if it repeats, read the log of the gateway.',
    ],
  },
  'gateway-port-taken': {
    status: 409,
    id: [
      'Port sudah dipakai program lain',
      '{ports} di server itu tidak dapat dibuka ({reason}); gerbang lama tetap melayani.',
      'Hentikan program yang memakainya (sering Apache atau nginx bawaan server), lalu ulangi.',
    ],
    en: [
      'The port is used by another program',
      '{ports} cannot be opened on that server ({reason}); the old gateway goes on serving.',
      "Stop the program that uses it (often the server's own Apache or nginx), then try again.",
    ],
  },
  'gateway-tls-silent': {
    status: 503,
    id: [
      'Gerbang tidak menjawab HTTPS',
      'Gerbang tidak menyelesaikan jabat tangan TLS untuk {domain}.',
      'Ulangi; bila terulang, lihat catatan wadah gerbang.',
    ],
    en: [
      'The gateway does not answer HTTPS',
      'The gateway ended no TLS handshake for {domain}.',
      'Try again; if it repeats, read the log of the gateway.',
    ],
  },
};
