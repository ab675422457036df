import type { ProblemTable } from './problem-table.js';

/** The Docker Engine, runtimes and the gateway. */
export const ENGINES: ProblemTable = {
  'gabungan-engine-missing': {
    status: 500,
    id: [
      'Mesin Docker tidak diberikan',
      'Gabungan {gabungan} memerlukan Docker untuk dihubungi.',
      'Laporkan pesan ini ke pengelola.',
    ],
    en: ['The engine is missing', 'Gabungan {gabungan} needs Docker to be reached.', 'Report this message.'],
  },
  'engine-refused': {
    status: 503,
    id: [
      'Docker menolak',
      'Docker menjawab {status}: {reason}.',
      'Lihat catatan pekerjaan; periksa Docker pada server.',
    ],
    en: ['Docker refused', 'Docker answered {status}: {reason}.', 'Read the log; check Docker on the server.'],
  },
  'container-exists': {
    status: 409,
    id: ['Wadah sudah ada', 'Docker: {reason}.', 'Ulangi pekerjaan.'],
    en: ['The container exists', 'Docker: {reason}.', 'Run it again.'],
  },
  'command-failed': {
    status: 409,
    id: ['Perintah di dalam wadah gagal', '{command} berakhir {code}: {says}.', 'Lihat catatan pekerjaan.'],
    en: ['A command in a container failed', '{command} ended {code}: {says}.', 'Read the log.'],
  },
  'dial-failed': {
    status: 503,
    id: ['Sambungan ke dalam wadah gagal', '{reason}', 'Ulangi; bila terulang periksa wadah itu.'],
    en: ['A connection into a container failed', '{reason}', 'Try again; if it repeats, check that container.'],
  },
  'exec-without-end': {
    status: 503,
    id: ['Perintah tidak selesai', 'Docker tidak memberi tahu akhir sebuah perintah.', 'Ulangi pekerjaan.'],
    en: ['A command had no end', 'Docker did not tell the end of a command.', 'Run it again.'],
  },
  'gate-key-unusable': {
    status: 500,
    id: ['Kunci gerbang tidak dapat dipakai', 'Kunci gerbang wadah ini rusak.', 'Laporkan pesan ini ke pengelola.'],
    en: ['The gate key is unusable', 'The gate key of this runtime is broken.', 'Report this message.'],
  },
  'gateway-refused': {
    status: 503,
    id: [
      'Gerbang menolak perubahan',
      'Jawaban {status} pada {path}: {reason}.',
      'Ulangi; bila terulang lihat catatan wadah gerbang.',
    ],
    en: [
      'The gateway refused a change',
      'Answer {status} at {path}: {reason}.',
      'Try again; if it repeats, read the log of the gateway.',
    ],
  },
  'gateway-unreachable': {
    status: 503,
    id: [
      'Gerbang tidak menjawab',
      'Wadah {container} tidak menjawab.',
      'Periksa apakah wadah gerbang berjalan dan port-nya tidak dipakai program lain.',
    ],
    en: [
      'The gateway does not answer',
      'Container {container} does not answer.',
      'Check that the gateway runs and its port is free.',
    ],
  },
  'link-in-data': {
    status: 409,
    id: [
      'Ada tautan di dalam folder desa',
      '{path} pada {site} adalah tautan.',
      'Periksa folder desa itu: aplikasinya mungkin disusupi.',
    ],
    en: [
      'There is a link in the folder of the desa',
      '{path} of {site} is a link.',
      'Look into that folder: the application may have been broken into.',
    ],
  },
  'pattern-unusable': {
    status: 500,
    id: ['Pola alamat tidak dapat dipakai', 'Pola {pattern} pada app.yaml salah.', 'Perbaiki app.yaml.'],
    en: ['A pattern is unusable', 'Pattern {pattern} of app.yaml is wrong.', 'Correct app.yaml.'],
  },
  'pool-value-unusable': {
    status: 422,
    id: [
      'Isian tidak dapat dipakai',
      'Nilai {name} memuat tanda yang tidak boleh.',
      'Perbaiki nama atau sebutan desa itu.',
    ],
    en: [
      'A value is unusable',
      'The value of {name} holds a character that may not be.',
      'Correct the name or sebutan of that desa.',
    ],
  },
  'runtime-not-live': {
    status: 503,
    id: ['Wadah aplikasi tidak hidup', 'Wadah {runtime} tidak menjawab.', 'Lihat catatan wadah itu, lalu ulangi.'],
    en: [
      'The runtime is not live',
      'Runtime {runtime} does not answer.',
      'Read the log of that runtime, then try again.',
    ],
  },
  'runtime-not-reloaded': {
    status: 503,
    id: ['Wadah tidak memuat ulang', 'Wadah {runtime} tidak memuat pengaturan baru.', 'Ulangi pekerjaan.'],
    en: ['The runtime did not reload', 'Runtime {runtime} did not take its new settings.', 'Run it again.'],
  },
  'runtime-refused-site': {
    status: 409,
    id: ['Wadah menolak situs', '{says}', 'Laporkan pesan ini; situs lain tidak terpengaruh.'],
    en: ['The runtime refused a site', '{says}', 'Report this message; other sites are not touched.'],
  },
  'site-unknown': {
    status: 404,
    id: ['Situs tidak ada', 'Situs {site} tidak ada di wadah.', 'Pasang lagi aplikasinya.'],
    en: ['No such site', 'Site {site} is not in the runtime.', 'Install the application again.'],
  },
  'site-unreachable': {
    status: 503,
    id: ['Situs tidak menjawab', '{host}{path}: {reason}.', 'Ulangi; bila terulang lihat catatan wadahnya.'],
    en: [
      'The site does not answer',
      '{host}{path}: {reason}.',
      'Try again; if it repeats, read the log of its runtime.',
    ],
  },
};
