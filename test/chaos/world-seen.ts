import type { DataSource } from 'typeorm';
import * as names from '#libs/catalog/names.js';
import { connectEngine } from '#libs/servers/drivers/engine.js';
import { gatewayOn } from '#libs/gateway/drivers/caddy.js';
import type { Docker } from '#libs/servers/docker.js';

export interface Place {
  server: string;
  gabungan: string;
  httpPort: number;
  /** Desa codes of this world, in their order. */
  codes: string[];
}

/** What stands, without what is random or dated: two worlds that went the same way look the same. */
export async function worldSeen(db: DataSource, place: Place): Promise<Record<string, unknown>> {
  const docker = connectEngine('unix:/var/run/docker.sock');
  const seen = {
    containers: await containersOf(docker, place),
    volumes: (await docker.volumes({})).filter((name) => name.includes(`-${place.gabungan}-`)).sort(),
    routes: await routesOf(docker, place),
    accounts: await sql(docker, place, "SELECT User FROM mysql.user WHERE User LIKE 'sp\\_%' ORDER BY User"),
    tables: await sql(docker, place, TABLES(place)),
    rows: await rowsOf(docker, place),
    installations: await db.query(INSTALLATIONS, [place.codes]),
    locks: await db.query('SELECT resource FROM resource_lock'),
    openRuns: await db.query("SELECT id FROM run WHERE state IN ('queued', 'running', 'undoing', 'broken')"),
  };
  return named(seen, place);
}

const containersOf = async (docker: Docker, { gabungan }: Place): Promise<string[]> =>
  (await docker.containers({ 'siappakai.gabungan': gabungan }))
    .map(({ name, image, state }) => `${name} ${state} ${image.slice(0, 60)}`)
    .sort();

async function routesOf(docker: Docker, { server, httpPort, codes }: Place): Promise<string[]> {
  const gateway = gatewayOn(docker, {
    container: names.gatewayContainer(server),
    image: names.gatewayImage(),
    httpPort,
    httpAddress: '127.0.0.1',
  });
  return (await gateway.routes())
    .filter(({ site }) => codes.some((code) => site === names.site(code)))
    .map(({ domain, to }) => `${domain} -> ${to === 'maintenance' ? to : to.runtime}`)
    .sort();
}

/** As the system's own user, through the socket inside the container. */
async function sql(docker: Docker, { gabungan }: Place, text: string): Promise<string[]> {
  const { stdout, stderr, code } = await docker.exec(
    names.gabunganContainer(gabungan),
    ['mariadb', '--batch', '--skip-column-names', '--execute', text],
    { user: 'mysql' },
  );
  if (code !== 0) throw new Error(stderr);
  return stdout.split('\n').filter((line) => line !== '');
}

const TABLES = ({ gabungan }: Place): string =>
  `SELECT CONCAT(TABLE_NAME, '.', COLUMN_NAME, ' ', COLUMN_TYPE) FROM information_schema.COLUMNS
   WHERE TABLE_SCHEMA = '${names.gabunganDatabase(gabungan)}' ORDER BY 1`;

/** Rows of every table; a lost or doubled one shows. */
async function rowsOf(docker: Docker, place: Place): Promise<string[]> {
  const database = names.gabunganDatabase(place.gabungan);
  const tables = await sql(
    docker,
    place,
    `SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = '${database}' AND TABLE_TYPE = 'BASE TABLE' ORDER BY 1`,
  );
  const counts = tables.map((table) => `SELECT CONCAT('${table} ', COUNT(*)) FROM \`${database}\`.\`${table}\``);
  return sql(docker, place, counts.join(' UNION ALL '));
}

const INSTALLATIONS = `SELECT d.code, i.state, i.observed_version, i.observed_title IS NOT NULL AS titled, r.version AS placed, w.version AS wanted, i.problem
  FROM installation i JOIN desa d ON d.id = i.desa_id LEFT JOIN release r ON r.id = i.placed_release_id
  LEFT JOIN release w ON w.id = i.wanted_release_id WHERE d.code = ANY($1) ORDER BY d.code`;

function named(seen: Record<string, unknown>, { gabungan, codes }: Place): Record<string, unknown> {
  let text = JSON.stringify(seen).replaceAll(gabungan, 'GABUNGAN');
  codes.forEach((code, at) => (text = text.replaceAll(code, `DESA-${at + 1}`)));
  return JSON.parse(text) as Record<string, unknown>;
}
