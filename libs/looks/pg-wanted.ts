import type { DataSource } from 'typeorm';
import * as names from '#libs/catalog/names.js';
import { dotted } from '#libs/catalog/kode-desa.js';
import { NotFound } from '#libs/core/errors.js';
import { open, type KeyRing } from '#libs/core/seal.js';
import { Secret } from '#libs/core/secret.js';
import { httpsRowOf } from '#libs/gateway/https-records.js';
import { specOf } from '#libs/provisioning/runtime-spec.js';
import { regionValues } from '#libs/provisioning/site.js';
import type { App } from '#libs/templates/manifest.js';
import { render } from '#libs/templates/render.js';
import type { Wanted, WantedGabungan, WantedRuntime, WantedSite, WantedWay } from './wanted.js';
import { forwardsOf } from './pg-forwards.js';

export interface Records {
  db: DataSource;
  ring: KeyRing;
  apps: ReadonlyMap<string, App>;
  minimumFreeBytes: number;
}

const OPEN = `(run.state IN ('queued', 'running', 'undoing') OR run.state = 'broken' AND run.cleared_by IS NULL)
  AND NOT run.input @> '{"dryRun": true}'`;
/** Runs that only read a gabungan leave it as it is. */
const CHANGING = `('create', 'migrate', 'restore', 'repair')`;

/** What stands on a server by the records, in a few queries whatever the number of desa. */
export async function wantedOf(records: Records, serverId: string): Promise<Wanted> {
  const { db } = records;
  const [server] = (await db.query(
    `SELECT id, name, kabupaten_id AS "kabupatenId", EXISTS (SELECT 1 FROM run WHERE run.subject_kind = 'server'
       AND run.subject_id = server.id AND run.verb IN ('repair', 'https') AND ${OPEN}) AS "isBusy" FROM server WHERE id = $1`,
    [serverId],
  )) as Wanted['server'][];
  if (!server) throw new NotFound('server-unknown', { name: serverId });
  const gabungan = await gabunganOf(db, serverId);
  const ways = await waysOf(db, serverId);
  const https = await givenOf(db, serverId);
  const keys = await gateKeysOf(records, serverId);
  const { sites, runtimes } = await sitesOf(records, serverId, keys);
  const gateway = names.gatewayContainer(server.name);
  return {
    server,
    gateway,
    https,
    gabungan: gabungan.filter(({ isRunning }) => isRunning),
    ways: ways.filter(({ desaId }) => desaId !== null),
    runtimes,
    sites,
    known: new Set([
      ...[gateway, ...keys.keys(), ...runtimes.map(nameOf)],
      ...gabungan.flatMap(({ container, name }) => [container, names.wayIn(name)]),
      ...ways.map(({ container }) => container),
    ]),
    forwards: await forwardsOf(records, serverId),
    openRuns: new Set(((await db.query(`SELECT id FROM run WHERE ${OPEN}`)) as { id: string }[]).map(({ id }) => id)),
    minimumFreeBytes: records.minimumFreeBytes,
  };
}

async function givenOf(db: DataSource, serverId: string): Promise<Wanted['https']> {
  const { https } = await httpsRowOf(db, serverId);
  const given = (await db.query(
    `SELECT names, added_at AS "from", not_after AS until FROM server_certificate WHERE server_id = $1 AND id = ANY($2)`,
    [serverId, https.certificates],
  )) as Wanted['https']['given'];
  return { way: https.way, given };
}

const nameOf = ({ spec }: WantedRuntime): string => spec.name;

type GabunganRow = Omit<WantedGabungan, 'container'> & { isRunning: boolean };

const GABUNGAN = `gabungan.id, gabungan.name, gabungan.kabupaten_id AS "kabupatenId", gabungan.state = 'running' AS "isRunning",
       EXISTS (SELECT 1 FROM run WHERE run.subject_kind = 'gabungan' AND run.subject_id = gabungan.id
         AND run.verb IN ${CHANGING} AND ${OPEN}) AS "isBusy",
       EXISTS (SELECT 1 FROM rollout r WHERE r.gabungan_id = gabungan.id AND r.state IN ('running', 'paused')) AS "isMoving"`;

async function gabunganOf(db: DataSource, serverId: string): Promise<(GabunganRow & { container: string })[]> {
  const rows = (await db.query(`SELECT ${GABUNGAN} FROM gabungan WHERE server_id = $1`, [serverId])) as GabunganRow[];
  return rows.map((row) => ({ ...row, container: names.gabunganContainer(row.name) }));
}

async function waysOf(db: DataSource, serverId: string): Promise<WantedWay[]> {
  const rows = (await db.query(
    `SELECT ${GABUNGAN}, one.desa_id AS "desaId", one.app FROM way JOIN gabungan ON gabungan.id = way.gabungan_id
     LEFT JOIN LATERAL (SELECT i.desa_id, i.app FROM installation i WHERE i.server_id = way.server_id
       AND i.gabungan_id = gabungan.id AND i.placed_release_id IS NOT NULL ORDER BY i.id LIMIT 1) AS one ON true
     WHERE way.server_id = $1`,
    [serverId],
  )) as WantedWay[];
  return rows.map((row) => ({ ...row, container: names.wayDoor(row.name) }));
}

async function gateKeysOf({ db, ring }: Records, serverId: string): Promise<Map<string, Secret>> {
  const rows = (await db.query('SELECT name, gate_key AS sealed FROM runtime WHERE server_id = $1', [serverId])) as {
    name: string;
    sealed: string;
  }[];
  return new Map(rows.map(({ name, sealed }) => [name, open(ring, sealed)]));
}

interface SiteRow {
  installationId: string;
  desaId: string;
  kabupatenId: string;
  app: string;
  isolation: 'shared' | 'own';
  code: string;
  name: string;
  sebutan: string;
  domain: string;
  gabungan: string;
  version: string;
  image: string | null;
  askedAt: Date | null;
  isBusy: boolean;
  isRepaired: boolean;
}

const OF_DESA = `FROM run WHERE run.subject_kind = 'desa' AND run.subject_id = i.desa_id AND ${OPEN}`;

async function sitesOf(
  { db, apps }: Records,
  serverId: string,
  keys: ReadonlyMap<string, Secret>,
): Promise<{ sites: WantedSite[]; runtimes: WantedRuntime[] }> {
  const rows = (await db.query(
    `SELECT i.id AS "installationId", d.id AS "desaId", i.kabupaten_id AS "kabupatenId", i.app, i.isolation, d.code, d.name,
       d.sebutan, d.domain, g.name AS gabungan, l.version, l.image, i.page_asked_at AS "askedAt",
       i.state IN ('installing', 'updating', 'removing') OR EXISTS (SELECT 1 ${OF_DESA}) AS "isBusy",
       EXISTS (SELECT 1 ${OF_DESA} AND run.verb = 'repair') AS "isRepaired"
     FROM installation i JOIN desa d ON d.id = i.desa_id JOIN gabungan g ON g.id = i.gabungan_id
     JOIN release l ON l.id = i.placed_release_id WHERE i.server_id = $1 AND i.state <> 'absent' ORDER BY d.code, i.app`,
    [serverId],
  )) as SiteRow[];
  const runtimes = new Map<string, WantedRuntime>();
  const sites = rows.flatMap((row) => {
    const app = apps.get(row.app);
    if (!app) return [];
    const runtime = runtimeOf(row, app, keys);
    const known = runtimes.get(runtime.spec.name) ?? runtime;
    runtimes.set(known.spec.name, { ...known, isBusy: known.isBusy || row.isRepaired });
    return [siteOf(row, app, runtime.spec)];
  });
  return { sites, runtimes: [...runtimes.values()] };
}

function runtimeOf(row: SiteRow, app: App, keys: ReadonlyMap<string, Secret>): WantedRuntime {
  const own = row.isolation === 'own' ? names.site(row.code) : undefined;
  const key = keys.get(names.runtime(row.app, row.version, row.gabungan, own)) ?? new Secret('');
  const spec = specOf({ app, gabungan: { name: row.gabungan }, own }, row, key);
  return { spec, kabupatenId: row.kabupatenId, desaId: row.desaId, isBusy: false };
}

function siteOf(row: SiteRow, app: App, spec: WantedRuntime['spec']): WantedSite {
  const { installationId, desaId, kabupatenId, domain, gabungan, version, askedAt, isBusy } = row;
  const site = names.site(row.code);
  return {
    ...{ installationId, desaId, kabupatenId, app: row.app, domain, gabungan, version, askedAt, isBusy, site },
    label: `${dotted(row.code)} ${row.name}`,
    runtime: spec.name,
    title: render(app.health.titleIs, regionValues(row)),
    route: {
      domain,
      site,
      to: { runtime: spec.name, port: 8080, gateKey: spec.gateKey.reveal() },
      deny: app.routes.deny,
      uploadMiB: app.site.uploadMiB,
    },
  };
}
