import type { BackupKey } from './id-backups.js';

/** Words of the backups of a gabungan, of putting them back and of what is kept. */
export const backupWords: Record<BackupKey, string> = {
  'backup.keep.newest': 'among the newest',
  'backup.keep.none': 'goes after the next backup',
  'backup.keep.rollout': 'kept because a rollout stands on it',
  'backup.keeping': 'The newest {{amount}} backups are kept; one that a rollout stands on never goes.',
  'backup.keeping.change': 'Change how many',
  'backup.keeping.hint': 'What is too many goes after the next backup is proved.',
  'backup.keeping.label': 'Newest backups that are kept',
  'backup.keeping.wrong': 'Write a number from 1 to 365.',
  'backup.kind.manual': 'asked for by a person',
  'backup.kind.restore': 'before a restore',
  'backup.kind.rollout': 'for a rollout',
  'backup.make': 'Back up now',
  'backup.none': 'There is no proved backup yet.',
  'backup.restore': 'Restore',
  'backup.restore.do': 'Restore the backup of {{time}}',
  'backup.restore.why':
    'Every desa of this gabungan goes back to what the backup holds; their sites are closed during the exchange. What stands now is kept beside it.',
  'backup.size': '{{size}} MiB',
  'backup.title': 'Backups of the whole gabungan',
  'confirm.kabupaten': 'Type the code of the kabupaten, {{code}}',
  'confirm.kabupaten.wrong': 'This is not the code of this kabupaten.',
  'kept.drop': 'Let go',
  'kept.drop.do': 'Drop {{database}}',
  'kept.drop.why': 'What is in it is gone for good. Backups and the gabungan that runs are not touched.',
  'kept.none': 'None: never restored, or already let go.',
  'kept.since': 'kept {{time}}, restored by {{who}}',
  'kept.title': 'Old databases that are kept',
};
