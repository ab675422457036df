import { randomBytes } from 'node:crypto';
import * as names from '#libs/catalog/names.js';
import { randomPassword } from '#libs/core/seal.js';
import { Secret } from '#libs/core/secret.js';
import { createGabungan } from '#libs/gabungan/drivers/create.js';
import { openGabungan } from '#libs/gabungan/drivers/mariadb.js';
import type { Gabungan, GabunganAddress } from '#libs/gabungan/gabungan-port.js';
import type { Docker } from '#libs/servers/docker.js';
import { connectEngine } from '#libs/servers/drivers/engine.js';

export interface GabunganWorld {
  docker: Docker;
  address: GabunganAddress;
  gabungan: Gabungan;
  /** The same database with another account as its owner: to try what that account may do. */
  as(user: string, password: Secret): Gabungan;
  close(): Promise<void>;
}

export const AS_OPENSID = { charset: 'utf8mb3', collation: 'utf8mb3_general_ci' };

export function anAddress(name = `uji-c-${randomBytes(3).toString('hex')}`): GabunganAddress {
  return {
    name,
    container: names.gabunganContainer(name),
    host: names.gabunganContainer(name),
    port: 3306,
    database: names.gabunganDatabase(name),
    admin: { user: 'mysql', password: new Secret('') },
    owner: { user: names.ownerAccount(name), password: randomPassword() },
    reader: { user: names.readerAccount(name), password: randomPassword() },
  };
}

/** A merged database of its own on the engine of this machine; `close` leaves nothing behind. */
export async function openGabunganWorld(): Promise<GabunganWorld> {
  const docker = connectEngine('unix:/var/run/docker.sock');
  const address = anAddress();
  const opened: Gabungan[] = [];
  const keep = (gabungan: Gabungan) => {
    opened.push(gabungan);
    return gabungan;
  };
  try {
    await createGabungan(docker, address, AS_OPENSID);
  } catch (error) {
    await removeGabungan(docker, address);
    throw error;
  }
  return {
    docker,
    address,
    gabungan: keep(openGabungan(address, docker)),
    as: (user, password) => keep(openGabungan({ ...address, owner: { user, password } }, docker)),
    async close() {
      await Promise.all(opened.map((gabungan) => gabungan.close()));
      await removeGabungan(docker, address);
    },
  };
}

export async function removeGabungan(docker: Docker, { name }: GabunganAddress): Promise<void> {
  await docker.remove(names.gabunganContainer(name));
  await docker.removeVolume(names.gabunganVolume(name));
  await docker.removeNetwork(names.network(name));
}

/** A hand-made schema of the shape that matters: desa rows, a circle of references, a child without the column, a view. */
export const SCHEMA = `
  CREATE TABLE config (id INT AUTO_INCREMENT PRIMARY KEY, app_key VARCHAR(100) NOT NULL UNIQUE, nama_desa VARCHAR(100) NOT NULL,
    kode_desa VARCHAR(10) UNIQUE);
  CREATE TABLE keluarga (id INT AUTO_INCREMENT PRIMARY KEY, config_id INT NULL, no_kk VARCHAR(16), nik_kepala INT NULL,
    FOREIGN KEY (config_id) REFERENCES config (id) ON DELETE CASCADE ON UPDATE CASCADE);
  CREATE TABLE penduduk (id INT AUTO_INCREMENT PRIMARY KEY, config_id INT NULL, nama VARCHAR(100) NOT NULL, nik VARCHAR(16),
    id_kk INT NULL, berat DECIMAL(20,10), lahir DATE, foto BLOB, aktif BIT(1), nama_besar VARCHAR(100) AS (UPPER(nama)),
    UNIQUE (config_id, nik), FOREIGN KEY (id_kk) REFERENCES keluarga (id),
    FOREIGN KEY (config_id) REFERENCES config (id) ON DELETE CASCADE ON UPDATE CASCADE);
  ALTER TABLE keluarga ADD FOREIGN KEY (nik_kepala) REFERENCES penduduk (id);
  CREATE TABLE penduduk_map (id INT PRIMARY KEY, lat VARCHAR(24), FOREIGN KEY (id) REFERENCES penduduk (id) ON DELETE CASCADE);
  CREATE TABLE agama (id INT PRIMARY KEY, nama VARCHAR(20));
  CREATE VIEW penduduk_hidup AS SELECT * FROM penduduk WHERE lahir IS NOT NULL;
`;
