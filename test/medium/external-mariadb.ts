import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import * as names from '#libs/catalog/names.js';
import { randomPassword } from '#libs/core/seal.js';
import type { Secret } from '#libs/core/secret.js';
import { until } from '#libs/core/retry.js';
import type { Docker } from '#libs/servers/docker.js';

export interface ExternalMariadb {
  container: string;
  /** Reached from this machine and from its containers alike. */
  host: string;
  port: number;
  user: string;
  password: Secret;
  remove(): Promise<void>;
}

/** A MariaDB as another administrator would run it: no name, no label and no volume of ours; an account with a password. */
export async function startExternalMariadb(docker: Docker): Promise<ExternalMariadb> {
  const container = `mariadb-lain-${randomBytes(3).toString('hex')}`;
  const [user, password] = ['pengelola', randomPassword()];
  await docker.ensureNetwork(names.edgeNetwork(), { internal: false, labels: names.labels() });
  await docker.create({ name: container, image: names.mariadbImage(), networks: [{ name: names.edgeNetwork() }] });
  await docker.start(container);
  const sql = `CREATE USER '${user}'@'%' IDENTIFIED BY '${password.reveal()}'; GRANT ALL ON *.* TO '${user}'@'%' WITH GRANT OPTION;`;
  const isMade = async (): Promise<true | undefined> =>
    (await docker.exec(container, ['mariadb', '--user=mysql'], { stdin: Readable.from([sql]) })).code === 0 ||
    undefined;
  await until(isMade, { timeoutSeconds: 120, everyMilliseconds: 1000, late: () => new Error('MariaDB did not start') });
  const { addresses } = (await docker.container(container))!;
  return {
    container,
    host: addresses[names.edgeNetwork()]!,
    port: 3306,
    user,
    password,
    remove: () => docker.remove(container),
  };
}
