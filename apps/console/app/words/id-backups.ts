/** Words of the backups of a gabungan, of putting them back and of what is kept. */
export const backupWords = {
  'backup.keep.newest': 'termasuk yang terbaru',
  'backup.keep.none': 'akan dihapus setelah cadangan berikutnya',
  'backup.keep.rollout': 'disimpan karena peluncuran bersandar padanya',
  'backup.keeping': '{{amount}} cadangan terbaru disimpan; yang dipakai peluncuran tidak pernah dihapus.',
  'backup.keeping.change': 'Ubah jumlahnya',
  'backup.keeping.hint': 'Yang kelebihan dihapus setelah cadangan berikutnya terbukti.',
  'backup.keeping.label': 'Cadangan terbaru yang disimpan',
  'backup.keeping.wrong': 'Isi angka 1 sampai 365.',
  'backup.kind.manual': 'diminta orang',
  'backup.kind.restore': 'sebelum pemulihan',
  'backup.kind.rollout': 'untuk peluncuran',
  'backup.make': 'Cadangkan sekarang',
  'backup.none': 'Belum ada cadangan yang terbukti.',
  'backup.restore': 'Pulihkan',
  'backup.restore.do': 'Pulihkan cadangan {{time}}',
  'backup.restore.why':
    'Semua desa gabungan ini kembali ke isi cadangan; situsnya tertutup selama pertukaran. Yang sekarang disimpan di sampingnya.',
  'backup.size': '{{size}} MiB',
  'backup.title': 'Cadangan seluruh gabungan',
  'confirm.kabupaten': 'Ketik kode kabupaten {{code}}',
  'confirm.kabupaten.wrong': 'Bukan kode kabupaten ini.',
  'kept.drop': 'Lepas',
  'kept.drop.do': 'Hapus {{database}}',
  'kept.drop.why': 'Isinya hilang untuk selamanya. Cadangan dan gabungan yang berjalan tidak tersentuh.',
  'kept.none': 'Tidak ada: belum pernah dipulihkan, atau sudah dilepas.',
  'kept.since': 'disimpan {{time}}, dipulihkan {{who}}',
  'kept.title': 'Basis data lama yang disimpan',
} as const;

export type BackupKey = keyof typeof backupWords;
