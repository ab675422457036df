import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { DataSource } from 'typeorm';
import * as names from '#libs/catalog/names.js';
import { connectEngine } from '#libs/servers/drivers/engine.js';
import { gatewayOn } from '#libs/gateway/drivers/caddy.js';
import { leadsTo } from '#libs/gateway/gateway-port.js';
import type { Docker } from '#libs/servers/docker.js';

/** Leftovers rest a minute and are looked for once a minute. */
const TIDY_SECONDS = 150;

export interface Place {
  /** Data folder of the product. */
  folder: string;
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
    networks: networksOf(place),
    routes: await routesOf(docker, place),
    accounts: await sql(docker, place, "SELECT CONCAT(User, '@', Host) FROM mysql.user ORDER BY 1"),
    grants: await sql(docker, place, "SELECT CONCAT(User, ' ', Db) FROM mysql.db ORDER BY 1"),
    databases: await sql(docker, place, 'SHOW DATABASES'),
    tables: await sql(docker, place, TABLES(place)),
    rows: await rowsOf(docker, place),
    backups: backupsOf(place),
    installations: await db.query(INSTALLATIONS, [place.codes]),
    gabungan: await db.query(GABUNGAN, [place.gabungan]),
    locks: await db.query('SELECT resource FROM resource_lock'),
    openRuns: await db.query("SELECT id FROM run WHERE state IN ('queued', 'running', 'undoing', 'broken')"),
  };
  return named(seen, place);
}

/** With its throw-away copies: one that is still there is left over. */
const containersOf = async (docker: Docker, { gabungan }: Place): Promise<string[]> =>
  (await docker.containers(names.labels()))
    .filter(({ labels }) => isOf(labels['siappakai.gabungan'], gabungan))
    .map(({ name, image, state }) => `${name} ${state} ${image.slice(0, 60)}`)
    .sort();
const isOf = (label = '', name: string): boolean => label === name || label.startsWith(`${name}-`);

const networksOf = ({ gabungan }: Place): string[] =>
  execFileSync('docker', ['network', 'ls', '--format', '{{.Name}}'], { encoding: 'utf8' })
    .split('\n')
    .filter((name) => isOf(name, names.network(gabungan)))
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
    .map(({ domain, to }) => `${domain} -> ${leadsTo(to)}`)
    .sort();
}

/** Both worlds once they are the same, or as they are when what a killed worker left has had its time to be tidied away. */
export async function bothSeen(db: DataSource, killed: Place, calm: Place): Promise<[killed: object, calm: object]> {
  const late = Date.now() + TIDY_SECONDS * 1000;
  for (;;) {
    const seen: [object, object] = [await worldSeen(db, killed), await worldSeen(db, calm)];
    if (isDeepStrictEqual(...seen) || Date.now() > late) return seen;
    await new Promise((wake) => setTimeout(wake, 2000));
  }
}

/** As the system's own user, through the socket inside the container. */
export async function sql(docker: Docker, { gabungan }: Pick<Place, 'gabungan'>, text: string): Promise<string[]> {
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

/** Folders of whole backups: what a killed attempt left half-written shows. */
function backupsOf({ folder, gabungan }: Place): string[] {
  const root = join(folder, 'backups', 'gabungan', gabungan);
  return existsSync(root) ? readdirSync(root, { recursive: true }).map(String).sort() : [];
}

const INSTALLATIONS = `SELECT d.code, i.state, i.observed_version, i.observed_title IS NOT NULL AS titled, r.version AS placed, w.version AS wanted, i.problem
  FROM installation i JOIN desa d ON d.id = i.desa_id LEFT JOIN release r ON r.id = i.placed_release_id
  LEFT JOIN release w ON w.id = i.wanted_release_id WHERE d.code = ANY($1) ORDER BY d.code`;
const GABUNGAN = `SELECT g.state, g.version, (SELECT count(*)::int FROM gabungan_backup b WHERE b.gabungan_id = g.id) AS backups,
    (SELECT array_agg(r.report->>'verdict' ORDER BY r.judged_at) FROM rehearsal r WHERE r.gabungan_id = g.id) AS verdicts
  FROM gabungan g WHERE g.name = $1`;

/** Ids of runs and what stands in for them in names. */
const RUN_ID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
/** MariaDB escapes the underscores of a grant. */
const OF_RUN = /(lama|pulih)(\\*_)[0-9a-f]{8}/g;

function named(seen: Record<string, unknown>, { gabungan, codes }: Place): Record<string, unknown> {
  let text = JSON.stringify(seen).replaceAll(gabungan, 'GABUNGAN').replace(RUN_ID, 'RUN').replace(OF_RUN, '$1$2RUN');
  codes.forEach((code, at) => (text = text.replaceAll(code, `DESA-${at + 1}`)));
  return JSON.parse(text) as Record<string, unknown>;
}
