import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { Conflict, InvalidInput } from '#libs/core/errors.js';
import { newId } from '#libs/core/ids.js';
import { open, seal, type KeyRing } from '#libs/core/seal.js';
import { Secret } from '#libs/core/secret.js';
import { withAdvisoryLock } from './advisory-lock.js';

export const FLEET_FILE = 'fleet-id';

interface Here {
  dataFolder: string;
  keyRing: KeyRing;
}
/** What the first process of a control plane wrote down; all others, on whatever machine, must find the same. */
interface Fleet {
  id: string;
  path: string;
  /** The id again: whoever has the right key can read it. */
  sealed: string;
}

const idIn = async (file: string): Promise<string> => (await readFile(file, 'utf8').catch(() => '')).trim();

/**
 * Archives and backups lie in the data folder and their paths in PostgreSQL, so every process needs the same folder at
 * the same path, and the same key. Throws `data-folder-foreign`, `data-folder-elsewhere`, `key-file-foreign`.
 */
export async function joinFleet(db: DataSource, here: Here): Promise<void> {
  const fleet = await withAdvisoryLock(db, 'fleet', async () => (await known(db)) ?? (await found(db, here)));
  const file = join(here.dataFolder, FLEET_FILE);
  if ((await idIn(file)) !== fleet.id)
    throw new Conflict('data-folder-foreign', { folder: here.dataFolder, file, id: fleet.id });
  if (here.dataFolder !== fleet.path)
    throw new Conflict('data-folder-elsewhere', { folder: here.dataFolder, path: fleet.path });
  if (!opens(here.keyRing, fleet)) throw new InvalidInput('key-file-foreign', {});
}

async function known(db: DataSource): Promise<Fleet | undefined> {
  const [row] = (await db.query(`SELECT value FROM setting WHERE key = 'fleet'`)) as { value: Fleet }[];
  return row?.value;
}

/** The file first: a crash between the two leaves nothing that would be refused. */
async function found(db: DataSource, { dataFolder, keyRing }: Here): Promise<Fleet> {
  const file = join(dataFolder, FLEET_FILE);
  const id = (await idIn(file)) || newId();
  await mkdir(dataFolder, { recursive: true });
  await writeFile(file, `${id}\n`);
  await chmod(file, 0o644);
  const fleet = { id, path: dataFolder, sealed: seal(keyRing, new Secret(id)) };
  await db.query(`INSERT INTO setting (key, value) VALUES ('fleet', $1)`, [JSON.stringify(fleet)]);
  return fleet;
}

function opens(ring: KeyRing, { id, sealed }: Fleet): boolean {
  try {
    return open(ring, sealed).reveal() === id;
  } catch {
    return false;
  }
}
