import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import * as names from '#libs/catalog/names.js';
import type { Desa, GabunganView, Release } from '#libs/contract/contract.js';
import type { Rehearsal } from '#libs/contract/rollouts.js';
import { openGabungan } from '#libs/gabungan/drivers/mariadb.js';
import type { Gabungan } from '#libs/gabungan/gabungan-port.js';
import { Secret } from '#libs/core/secret.js';
import { connectEngine } from '#libs/servers/drivers/engine.js';
import { compareVersions } from '#libs/releases/version.js';
import { startControlPlane, type ControlPlane } from '#test/demo/control-plane.js';
import { probe, visit } from '#test/demo/prober.js';
import { followRollout, startRollout } from '#test/demo/rollouts.js';
import { clearWorld } from '#test/demo/world.js';
import { countsOf, insertResident } from './resident.js';
import { tour } from './tour.js';

const FOLDER = resolve('data/real');
const [SERVER, GABUNGAN, PORT, SITE_PORT] = ['real', 'real', 8094, 8095];
const CODES = ['1307012001', '1307012002', '1307012003', '1307012004'] as const;
const DENIED = [
  '/desa/app_key',
  '/desa/config/database.php',
  '/catatan_rilis.md',
  '/composer.json',
  '/index.php/install',
  '/koneksi-database',
  '/index.php/koneksi_database/config',
  '/periksa',
  '/storage/logs/log.php',
  '/donjo-app/config/database.php',
  '/desa/arsip/a.pdf',
  '/desa/upload/dokumen/ktp.jpg',
  '/vendor/autoload.php',
  '/.htaccess',
];
/** A page costs the real application a fifth of a second of a core: more would measure only the queue. */
const ASKED_PER_SECOND = 0.5;
const domainOf = (code: string): string => `d${code}.real.test`;
const began = Date.now();
const tell = (text: string): void => console.log(`[${((Date.now() - began) / 1000).toFixed(1).padStart(6)} s] ${text}`);
const wrong: string[] = [];
const prove = (what: string, isSo: boolean, seen: unknown = ''): void => {
  tell(`${isSo ? 'ok  ' : 'FAIL'} ${what} ${isSo ? '' : JSON.stringify(seen)}`);
  if (!isSo) wrong.push(what);
};
const docker = connectEngine('unix:/var/run/docker.sock');

async function archives(): Promise<{ version: string; path: string }[]> {
  const at = process.argv.indexOf('--archives');
  const folder = process.argv[at + 1];
  if (at < 0 || !folder) throw new Error('say where the archives are: npm run test:real -- --archives DIR');
  const found = (await readdir(folder)).flatMap((name) => {
    const version = /^opensid-(v\d{4}\.\d+\.\d+)\.tar\.gz$/.exec(name)?.[1];
    return version ? [{ version, path: resolve(join(folder, name)) }] : [];
  });
  if (found.length < 2)
    throw new Error(`two archives named opensid-vYYMM.m.p.tar.gz are needed in ${folder}; found ${found.length}`);
  return found.sort((a, b) => compareVersions(a.version, b.version)).slice(-2);
}

async function build({ client }: ControlPlane, { version, path }: { version: string; path: string }): Promise<void> {
  tell(`building the real OpenSID ${version}`);
  await client.post<Release>('/releases', { app: 'opensid', path });
  await client.finish(`/releases/opensid/${version}/build`, {});
}

/** The database as the socket's own administrator, for looking and for the residents. */
const lookInto = (): Gabungan => {
  const admin = { user: 'mysql', password: new Secret('') };
  const container = names.gabunganContainer(GABUNGAN);
  const address = {
    name: GABUNGAN,
    container,
    host: container,
    port: 3306,
    database: names.gabunganDatabase(GABUNGAN),
    admin,
    owner: admin,
    reader: admin,
  };
  return openGabungan(address, docker);
};

async function versionAt(code: string): Promise<{ status: number; version: string; title: string }> {
  const { status, body } = await visit(SITE_PORT, domainOf(code), '/index.php/siteman');
  return {
    status,
    version: /login-footer-bottom[^]*?OpenSID<\/a>\s*v?(\d{4}\.\d+\.\d+)/.exec(body)?.[1] ?? '',
    title: /<title>\s*([^]*?)\s*<\/title>/.exec(body)?.[1] ?? '',
  };
}

async function proveSites(plane: ControlPlane, version: string): Promise<void> {
  for (const code of CODES) {
    const desa = await plane.client.get<Desa>(`/desa/${code}`);
    const seen = await versionAt(code);
    prove(
      `${desa.name} answers ${version} under its own name`,
      seen.status === 200 && `v${seen.version}` === version && seen.title.includes(desa.name),
      seen,
    );
  }
  const { invariants } = await plane.client.get<GabunganView>(`/gabungan/${GABUNGAN}`);
  prove(
    'invariants hold',
    !!invariants?.length && invariants.every(({ expected, observed }) => expected === observed),
    invariants,
  );
}

async function proveRights(gabungan: Gabungan): Promise<void> {
  const grants = await gabungan.grants(names.runtimeAccount('opensid', CODES[0]));
  prove(
    'the desa account has data rights only',
    grants.length > 0 && !grants.some((line) => /ALL PRIVILEGES|CREATE|ALTER|DROP|GRANT OPTION|INDEX/.test(line)),
    grants,
  );
}

async function proveDenied(): Promise<void> {
  const open: string[] = [];
  for (const path of DENIED) if ((await visit(SITE_PORT, domainOf(CODES[0]), path)).status !== 404) open.push(path);
  prove(`${DENIED.length} paths are denied`, open.length === 0, open);
}

async function tours(plane: ControlPlane, gabungan: Gabungan, version: string): Promise<void> {
  const rows: Record<string, unknown>[] = [];
  for (const code of CODES) {
    const { password } = await plane.client.post<{ password: string }>(`/desa/${code}/administrator`);
    const modules = await gabungan.query(
      `SELECT DISTINCT m.url FROM setting_modul m JOIN config c ON c.id = m.config_id WHERE c.kode_desa = :code AND m.aktif = 1 AND m.url <> ''`,
      { code },
    );
    const seen = await tour(
      SITE_PORT,
      domainOf(code),
      password,
      modules.map(({ url }) => String(url)),
    );
    rows.push({
      desa: code,
      'signed in': seen.isSignedIn,
      pages: seen.pages,
      statuses: JSON.stringify(seen.statuses),
      broken: seen.broken.join(' '),
      'median ms': Math.round(seen.medianMilliseconds),
    });
  }
  await new Promise((wake) => setTimeout(wake, 15_000));
  const bytes = await docker.memoryBytes(names.runtime('opensid', version, GABUNGAN));
  console.table(rows);
  tell(`runtime idle after the tours: ${(bytes / 2 ** 20).toFixed(1)} MiB for ${CODES.length} desa`);
}

/**
 * A rollout as a kabupaten starts it: rehearsed on a copy first, migrated once, then in waves. What the migration costs
 * the old release is told by the rehearsal; while desa are placed, probed and switched no request may fail.
 */
async function rollAll({ client }: ControlPlane, version: string): Promise<void> {
  const prober = probe(SITE_PORT, CODES.map(domainOf), '/index.php/siteman', ASKED_PER_SECOND);
  const settings = { waves: [{ count: 1 }, { percent: 100 }] };
  const { id } = await startRollout(client, { gabungan: GABUNGAN, version, settings });
  const ended = await followRollout(client, id, (text) => tell(`  ${text}`));
  const probed = [...(await prober.stop()).entries()];
  tellRehearsal(ended.rehearsal);
  prove('the rollout finished', ended.state === 'finished', ended.problem);
  const isWhole = probed.every(([, { failed, asked }]) => failed === 0 && asked > 0);
  tell(`requests: ${probed.map(([domain, { failed, asked }]) => `${domain} ${failed} of ${asked} failed`).join(', ')}`);
  prove('no request failed during the rollout', isWhole, probed);
}

function tellRehearsal(rehearsal: Rehearsal | null): void {
  if (!rehearsal) return prove('the migration was rehearsed', false);
  const worse = rehearsal.pages.filter(({ isWorse }) => isWorse).map(({ path }) => path);
  tell(`rehearsal: ${rehearsal.verdict}, ${rehearsal.because.code} ${JSON.stringify(rehearsal.because.data)}`);
  tell(`  migrated in ${rehearsal.migrationSeconds.toFixed(1)} s; ${rehearsal.schemaChanges.length} schema changes`);
  tell(`  ${rehearsal.pages.length} pages toured on old and new code, worse: ${worse.join(' ') || 'none'}`);
  prove('the rehearsal lost no row', rehearsal.rowsLost.length === 0, rehearsal.rowsLost);
  prove('the rehearsal toured more than a hundred pages', rehearsal.pages.length > 100, rehearsal.pages.length);
}

async function perform(plane: ControlPlane): Promise<void> {
  const [older, newer] = (await archives()) as [{ version: string; path: string }, { version: string; path: string }];
  const { client } = plane;
  await client.post('/kabupaten', { code: '1307' });
  await client.post('/servers', { kabupaten: '1307', name: SERVER, httpPort: SITE_PORT, httpAddress: '127.0.0.1' });
  await client.finish('/gabungan', { kabupaten: '1307', server: SERVER, name: GABUNGAN });
  await build(plane, older);
  for (const code of CODES) {
    await client.post('/desa', { code, domain: domainOf(code) });
    await client.finish(`/desa/${code}/install`, { version: older.version }, (step) => tell(`  ${code}: ${step}`));
  }
  await proveSites(plane, older.version);
  const gabungan = lookInto();
  for (const [number, code] of CODES.entries()) await insertResident(gabungan, code, number);
  const before = new Map(await Promise.all(CODES.map(async (code) => [code, await countsOf(gabungan, code)] as const)));
  await build(plane, newer);
  await rollAll(plane, newer.version);
  await proveSites(plane, newer.version);
  for (const code of CODES) {
    const after = await countsOf(gabungan, code);
    const lost = Object.entries(before.get(code)!).filter(([table, count]) => (after[table] ?? 0) < count);
    prove(`${code} lost no row`, lost.length === 0 && after.tweb_penduduk === 1, { lost, after });
  }
  await proveRights(gabungan);
  await proveDenied();
  await tours(plane, gabungan, newer.version);
  const leaving = CODES[3];
  await client.finish(`/desa/${leaving}/remove`, { confirm: leaving });
  prove('the removed desa left no row', (await countsOf(gabungan, leaving)).user === 0);
  prove('its neighbours still answer', (await versionAt(CODES[1])).status === 200);
  await gabungan.close();
  console.table(
    await Promise.all(
      CODES.slice(0, 3).map(async (code) => ({
        desa: code,
        ...(await versionAt(code)),
        ...(await countsOf(lookInto(), code)),
      })),
    ),
  );
}

await clearWorld(FOLDER, SERVER, GABUNGAN);
const plane = await startControlPlane(FOLDER, PORT, { DATABASE_URL: '', REDIS_URL: '' });
try {
  await perform(plane);
} catch (error) {
  wrong.push(String(error));
  console.error(error);
} finally {
  await plane.stop();
  if (!process.argv.includes('--keep')) await clearWorld(FOLDER, SERVER, GABUNGAN);
}
console.log(wrong.length === 0 ? 'the real OpenSID passes' : `the real OpenSID fails: ${wrong.join('; ')}`);
process.exit(wrong.length === 0 ? 0 : 1);
