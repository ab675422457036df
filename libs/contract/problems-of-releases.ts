import type { ProblemTable } from './problem-table.js';

/** Releases, where they come from, and the fit of a release to what runs. */
export const RELEASES: ProblemTable = {
  'release-unknown': {
    status: 404,
    id: [
      'Rilis tidak dikenal',
      'Tidak ada rilis {version} untuk aplikasi {app}.',
      'Lihat halaman Rilis, atau tambahkan rilisnya dulu.',
    ],
    en: [
      'Unknown release',
      'There is no release {version} of {app}.',
      'Look at the page Releases, or add the release first.',
    ],
  },
  'release-not-built': {
    status: 409,
    id: ['Rilis belum disiapkan', 'Rilis {version} belum dibangun.', 'Siapkan rilis itu dulu pada halaman Rilis.'],
    en: ['The release is not built', 'Release {version} has no image yet.', 'Build it first on the page Releases.'],
  },
  'release-withdrawn': {
    status: 409,
    id: ['Rilis ditarik', 'Rilis {version} sudah ditarik.', 'Pilih rilis lain.'],
    en: ['The release is withdrawn', 'Release {version} was withdrawn.', 'Choose another release.'],
  },
  'release-below-running': {
    status: 409,
    id: [
      'Rilis lebih lama daripada yang berjalan',
      'Yang berjalan {running}, yang diminta {wanted}.',
      'Pilih rilis yang lebih baru.',
    ],
    en: ['The release is older than the running one', 'Running {running}, wanted {wanted}.', 'Choose a newer release.'],
  },
  'release-below-minimum': {
    status: 409,
    id: [
      'Versi sekarang terlalu lama untuk rilis ini',
      'Rilis {wanted} memerlukan sekurang-kurangnya {minimum}; yang berjalan {running}.',
      'Perbarui dulu ke {minimum}.',
    ],
    en: [
      'The running version is too old for this release',
      'Release {wanted} needs at least {minimum}; running is {running}.',
      'Update to {minimum} first.',
    ],
  },
  'release-not-of-gabungan': {
    status: 409,
    id: [
      'Rilis tidak sama dengan versi gabungan',
      'Gabungan {name} memakai {standing}; yang diminta {wanted}.',
      'Pasang dengan versi gabungan, atau perbarui gabungan dulu.',
    ],
    en: [
      'The release is not the one of the gabungan',
      'Gabungan {name} stands at {standing}; wanted {wanted}.',
      'Install the version of the gabungan, or update the gabungan first.',
    ],
  },
  'edition-differs': {
    status: 422,
    id: [
      'Edisi berbeda',
      'Rilis ini edisi {release}, gabungan {name} edisi {gabungan}.',
      'Pilih rilis dengan edisi yang sama.',
    ],
    en: [
      'The edition differs',
      'The release is {release}, gabungan {name} is {gabungan}.',
      'Choose a release of the same edition.',
    ],
  },
  'release-source-missing': {
    status: 422,
    id: ['Sumber rilis belum disebut', 'Sebutkan tepat satu: path berkas atau tag GitHub.', 'Isi path atau github.'],
    en: ['The source is missing', 'Name exactly one: the path of a file or a GitHub tag.', 'Give path or github.'],
  },
  'manifest-incomplete': {
    status: 422,
    id: [
      'Keterangan aplikasi belum lengkap',
      'Pada aplikasi {app} belum ada: {missing}.',
      'Lengkapi app.yaml aplikasi itu.',
    ],
    en: [
      'The description of the application is incomplete',
      'Application {app} lacks: {missing}.',
      'Complete its app.yaml.',
    ],
  },
  'manifest-invalid': {
    status: 500,
    id: ['app.yaml tidak benar', '{problems}.', 'Perbaiki berkas itu pada baris yang disebut.'],
    en: ['app.yaml is not right', '{problems}.', 'Correct the file at the lines named.'],
  },
  'template-unknown-name': {
    status: 500,
    id: [
      'Templat memakai nama yang tidak ada',
      'Templat tidak dapat diisi: {reason}.',
      'Perbaiki templat aplikasi itu.',
    ],
    en: [
      'A template uses an unknown name',
      'The template cannot be filled: {reason}.',
      'Correct the template of that application.',
    ],
  },
  'version-malformed': {
    status: 422,
    id: ['Nomor versi tidak benar', '"{version}" bukan nomor versi.', 'Tulis seperti v2601.0.0.'],
    en: ['The version is not right', '"{version}" is not a version.', 'Write it like v2601.0.0.'],
  },
  'github-tag-unknown': {
    status: 404,
    id: ['Tag tidak ada di GitHub', '{repository} tidak mempunyai rilis {tag}.', 'Periksa nama tagnya.'],
    en: ['No such tag on GitHub', '{repository} has no release {tag}.', 'Check the tag.'],
  },
  'github-rate-limited': {
    status: 429,
    id: [
      'GitHub membatasi permintaan',
      'Batas permintaan habis sampai {until}.',
      'Tunggu sampai saat itu, atau isi GITHUB_TOKEN.',
    ],
    en: ['GitHub limits the requests', 'The limit is used up until {until}.', 'Wait until then, or set GITHUB_TOKEN.'],
  },
  'github-rate-limited-unsaid': {
    status: 429,
    id: [
      'GitHub membatasi permintaan',
      'Batas permintaan habis; GitHub tidak menyebut sampai kapan.',
      'Tunggu beberapa menit lalu ulangi, atau isi GITHUB_TOKEN.',
    ],
    en: [
      'GitHub limits the requests',
      'The limit is used up; GitHub does not say until when.',
      'Wait a few minutes and try again, or set GITHUB_TOKEN.',
    ],
  },
  'github-refused': {
    status: 503,
    id: [
      'GitHub menolak permintaan',
      '{repository} {tag}: jawaban {status}.',
      'Periksa GITHUB_TOKEN: masih berlaku dan boleh membaca repositori itu.',
    ],
    en: [
      'GitHub refuses the request',
      '{repository} {tag}: answer {status}.',
      'Check GITHUB_TOKEN: that it is still valid and may read that repository.',
    ],
  },
  'github-download-cut': {
    status: 503,
    id: [
      'Unduhan dari GitHub terputus',
      '{repository} {tag} terputus setelah {mebibytes} MiB; tidak ada yang disimpan.',
      'Coba lagi, atau tambahkan rilis dari berkas.',
    ],
    en: [
      'The download from GitHub was cut',
      '{repository} {tag} was cut after {mebibytes} MiB; nothing of it is kept.',
      'Try again, or add the release from a file.',
    ],
  },
  'github-unreachable': {
    status: 503,
    id: [
      'GitHub tidak menjawab',
      'GitHub tidak dapat dihubungi.',
      'Periksa sambungan internet, atau tambahkan rilis dari berkas.',
    ],
    en: [
      'GitHub does not answer',
      'GitHub cannot be reached.',
      'Check the connection, or add the release from a file.',
    ],
  },
  'github-download-failed': {
    status: 503,
    id: [
      'Unduhan dari GitHub gagal',
      '{repository} {tag}: jawaban {status}.',
      'Coba lagi, atau tambahkan rilis dari berkas.',
    ],
    en: [
      'The download from GitHub failed',
      '{repository} {tag}: answer {status}.',
      'Try again, or add the release from a file.',
    ],
  },
};
