import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { backupOfRun, recordBackup } from '#libs/backups/backups.service.js';
import { makeBackup, restoreFolder, restoreRows } from '#libs/backups/desa-backup.js';
import type { BackupStore } from '#libs/backups/backup-folder.js';
import type { Gabungan } from '#libs/gabungan/gabungan-port.js';
import type { DesaBackups } from '#libs/provisioning/backups-port.js';
import { idOf } from '#libs/provisioning/registration.js';
import type { Tools } from '#libs/provisioning/target.js';
import type { Runtimes } from '#libs/runtimes/runtime-port.js';

interface Parts {
  db: DataSource;
  store: BackupStore;
  gabungan: Gabungan;
  runtimes: Runtimes;
}

/** Backups as steps ask for them: rows from the gabungan, folder from the runtimes, the record in PostgreSQL. */
export function desaBackups({ db, store, gabungan, runtimes }: Parts): DesaBackups {
  return {
    ofRun: (runId) => backupOfRun(db, runId),
    async make(target, kind) {
      const { app, desa, previous } = target;
      const ownId = await idOf(target, { gabungan, runtimes } as Tools);
      const spec = target.previousRuntime ?? target.runtime;
      const state = {
        app: app.app,
        desaCode: desa.code,
        version: previous?.version ?? null,
        rows: app.rows && ownId !== undefined ? { of: app.rows, ownId } : undefined,
        exportFolder: () => runtimes.exportState(spec, target.site.site),
      };
      const made = await makeBackup(store, gabungan, state, join(desa.code, `${kind}-${target.run.id}`));
      return recordBackup(db, { kabupatenId: target.kabupatenId, desaId: desa.id, runId: target.run.id, kind }, made);
    },
    restoreRows: (_target, { folder }) => restoreRows(folder, store.ring, gabungan),
    restoreFolder: (target, { folder }) =>
      restoreFolder(folder, store.ring, (tar) => runtimes.importState(target.runtime, target.site.site, tar)),
  };
}
