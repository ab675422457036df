import { createHmac } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { isAbsolute, join, relative } from 'node:path';
import type { DataSource } from 'typeorm';
import type { BackupStore } from '#libs/backups/backup-folder.js';
import { makeWholeBackup, type WithCopy } from '#libs/backups/gabungan-backup.js';
import { recordWholeBackup, wholeBackupFor } from '#libs/backups/gabungan-backups.service.js';
import { prune, supersededOf } from '#libs/backups/keeping.js';
import type { KeyRing } from '#libs/core/seal.js';
import { Secret } from '#libs/core/secret.js';
import { copyAddressOf, removeCopy, startCopy } from '#libs/gabungan/drivers/copy.js';
import { openGabungan } from '#libs/gabungan/drivers/mariadb.js';
import type { Gabungan, GabunganAddress } from '#libs/gabungan/gabungan-port.js';
import type { Gateway } from '#libs/gateway/gateway-port.js';
import type { GabunganBackups, WholeOf } from '#libs/provisioning/gabungan-backups-port.js';
import type { Docker } from '#libs/servers/docker.js';

const HOUR = 3_600_000;

export interface BackupParts {
  db: DataSource;
  /** Of the gabungan's own server. */
  docker: Docker;
  gateway: Pick<Gateway, 'freeBytes'>;
  store: BackupStore;
  gabungan: Gabungan;
  address: GabunganAddress;
}

/** Passwords of what one run makes and removes: never stored, the same again after a crash. Letters and digits. */
export const passwordOfRun = (ring: KeyRing, runId: string, use: string): Secret => {
  const [key] = [...ring.values()];
  return new Secret(createHmac('sha256', key!).update(`${use} ${runId}`).digest('hex').slice(0, 40));
};

export const copyOf = ({ address, store }: Pick<BackupParts, 'address' | 'store'>, runId: string): GabunganAddress =>
  copyAddressOf(address, runId, passwordOfRun(store.ring, runId, 'copy'));

/** Whole backups as steps ask for them: files here, the copy on the gabungan's own server, the record in PostgreSQL. */
export function gabunganBackups(parts: BackupParts): GabunganBackups {
  const { db, store, gabungan, docker } = parts;
  const folderOf = ({ gabungan: { name }, run }: WholeOf): string => join('gabungan', name, run.id);
  const find = async (of: WholeOf, since: Date): Promise<string | undefined> =>
    (
      await wholeBackupFor(db, {
        gabunganId: of.gabungan.id,
        runId: of.run.id,
        version: of.gabungan.version,
        since,
      })
    )?.folder;
  return {
    ofRun: (of) => find(of, new Date(8.64e15)),
    recent: (of) => find(of, new Date(Date.now() - HOUR)),
    freeBytes: () => parts.gateway.freeBytes(),
    neededBytes: async () => 2 * (await gabungan.sizeBytes()),
    async make(of, kind) {
      const state = { gabungan: of.gabungan.name, version: of.gabungan.version, invariants: of.app.invariants };
      const withCopy = copyFor(parts, of);
      const made = await makeWholeBackup(store, gabungan, state, { name: folderOf(of), withCopy });
      await recordWholeBackup(
        db,
        { kabupatenId: of.kabupatenId, gabunganId: of.gabungan.id, runId: of.run.id, kind },
        made,
      );
      return made;
    },
    superseded: async ({ gabungan: { id } }) => (await supersededOf(db, id)).map(({ folder }) => folder),
    async prune({ gabungan: { id } }) {
      for (const one of await supersededOf(db, id)) await prune(db, one, (folder) => removeWithin(store.root, folder));
    },
    async clear(of) {
      await removeCopy(docker, copyOf(parts, of.run.id));
      await rm(join(store.root, `${folderOf(of)}.partial`), { recursive: true, force: true });
    },
  };
}

/** A folder that is not one of our backups is left where it is. */
async function removeWithin(root: string, folder: string): Promise<void> {
  const path = relative(root, folder);
  if (path === '' || path.startsWith('..') || isAbsolute(path)) return;
  await rm(folder, { recursive: true, force: true });
}

/** What a killed attempt left goes first: an empty server is the only one that proves anything. */
const copyFor =
  (parts: BackupParts, { run, gabungan }: WholeOf): WithCopy =>
  async (use) => {
    const { docker } = parts;
    const address = copyOf(parts, run.id);
    await removeCopy(docker, address);
    try {
      await startCopy(docker, address, gabungan);
      const copy = openGabungan(address, docker);
      try {
        return await use(copy);
      } finally {
        await copy.close();
      }
    } finally {
      await removeCopy(docker, address);
    }
  };
