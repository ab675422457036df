import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import * as names from '#libs/catalog/names.js';
import { newId } from '#libs/core/ids.js';
import { openDatabase } from '#libs/database/database.js';
import { startPostgres, type EmbeddedPostgres } from '#libs/database/embedded.js';
import type { Gateway } from '#libs/gateway/gateway-port.js';
import { sweepCommands, sweepOneOffs, sweepRuntimes } from '#libs/provisioning/leftovers.js';
import { runtimesOn } from '#libs/runtimes/drivers/runtimes.js';
import { connectEngine } from '#libs/servers/drivers/engine.js';

const docker = connectEngine('unix:/var/run/docker.sock');
const runtimes = runtimesOn(docker, {} as Gateway);
const GABUNGAN = `sisa-${randomBytes(3).toString('hex')}`;
const CODE = '1307012001';
const [kabupatenId, serverId, gabunganId, desaId] = [newId(), newId(), newId(), newId()];
const versions = ['v2601.0.0', 'v2602.0.0'] as const;
const releases: Record<string, string> = { 'v2601.0.0': newId(), 'v2602.0.0': newId() };
const runtimeOf = (version: string, own?: string): string => names.runtime('opensid', version, GABUNGAN, own);
let folder: string;
let postgres: EmbeddedPostgres;
let db: DataSource;

const put = (table: string, row: Record<string, unknown>): Promise<unknown> => {
  const keys = Object.keys(row);
  const places = keys.map((_, at) => `$${at + 1}`).join(', ');
  return db.query(`INSERT INTO ${table} (${keys.join(', ')}) VALUES (${places})`, Object.values(row));
};
const stand = async (name: string, labels: Record<string, string> = {}): Promise<void> => {
  const volume = names.runtimeConfigVolume(name);
  await docker.ensureVolume(volume, names.labels());
  const mounts = [{ volume, path: '/conf' }];
  await docker.create({ name, image: names.gatewayImage(), mounts, labels: names.labels(labels) });
};
const SLEEPER = { image: names.gatewayImage(), entrypoint: ['sleep'], argv: ['60'] };
const standing = async (): Promise<string[]> =>
  (await docker.containers(names.labels()))
    .map(({ name }) => name)
    .filter((name) => name.includes(GABUNGAN))
    .sort();
const SUBJECTS = { desa: desaId, gabungan: gabunganId, server: serverId };
const run = async (state: string, kind: keyof typeof SUBJECTS = 'desa'): Promise<string> => {
  const id = newId();
  const subject = { subject_kind: kind, subject_id: SUBJECTS[kind], subject_label: 'Kurai', app: 'opensid' };
  await put('run', { id, kabupaten_id: kabupatenId, verb: 'update', ...subject, state, asked_by: 'admin' });
  if (state === 'done') await db.query('UPDATE run SET ended_at = now() WHERE id = $1', [id]);
  return id;
};
const placeIn = (version: string | null): Promise<unknown> =>
  db.query('UPDATE installation SET placed_release_id = $1', [version && releases[version]]);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'siappakai-leftovers-'));
  await chmod(folder, 0o755);
  postgres = await startPostgres({ folder });
  db = await openDatabase(postgres.url);
  const of = { kabupaten_id: kabupatenId };
  await put('kabupaten', { id: kabupatenId, code: '1307', name: 'A', provinsi_code: '13', provinsi_name: 'B' });
  await put('server', { id: serverId, ...of, name: 'sisa', address: 'unix:/var/run/docker.sock' });
  const accounts = { admin_user: 'a', admin_password: '', owner_user: 'o', owner_password: '' };
  const reader = { reader_user: 'r', reader_password: '' };
  const at = { host: 'h', database_name: 'd', edition: 'umum', server_id: serverId };
  await put('gabungan', { id: gabunganId, ...of, name: GABUNGAN, ...at, ...accounts, ...reader });
  const kecamatan = { kecamatan_code: '130701', kecamatan_name: 'C' };
  await put('desa', { id: desaId, ...of, code: CODE, name: 'Kurai', domain: 'a.test', ...kecamatan });
  for (const version of versions) {
    const archive = { sha256: 'x', source: 'x', archive_path: 'x', php: '8.2', state: 'built' };
    await put('release', { id: releases[version], app: 'opensid', version, edition: 'umum', ...archive });
  }
  const lives = { desa_id: desaId, app: 'opensid', server_id: serverId, gabungan_id: gabunganId };
  await put('installation', { id: newId(), ...of, ...lives, state: 'running', uid: 30000, runtime_password: '' });
}, 120_000);
afterAll(async () => {
  for (const name of await standing()) await runtimes.remove(name, names.runtimeConfigVolume(name));
  await db?.destroy();
  await postgres?.stop();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

beforeEach(async () => {
  await db.query('DELETE FROM run');
  await db.query('DELETE FROM runtime');
  for (const version of versions) {
    const name = runtimeOf(version);
    const at = { kabupaten_id: kabupatenId, server_id: serverId, gabungan_id: gabunganId };
    await put('runtime', { id: newId(), ...at, release_id: releases[version], name, gate_key: '' });
    await runtimes.remove(name, names.runtimeConfigVolume(name));
    await stand(name);
  }
}, 60_000);

describe('what a killed worker left', () => {
  it('is swept when nobody lives in it: container, settings and row; where a desa lives it stays', async () => {
    await placeIn('v2602.0.0');
    await run('done');
    expect(await sweepRuntimes(db, serverId, runtimes)).toEqual([runtimeOf('v2601.0.0')]);
    expect(await standing()).toEqual([runtimeOf('v2602.0.0')]);
    expect(await db.query('SELECT name FROM runtime')).toEqual([{ name: runtimeOf('v2602.0.0') }]);
    expect(await docker.volumes({})).not.toContain(names.runtimeConfigVolume(runtimeOf('v2601.0.0')));
    expect(await sweepRuntimes(db, serverId, runtimes)).toEqual([]);
  }, 60_000);

  it.each([
    ['running', 'desa'],
    ['undoing', 'desa'],
    ['broken', 'desa'],
    ['running', 'gabungan'],
    ['running', 'server'],
  ] as const)('stays while a run that may look into it is %s: on its %s', async (state, kind) => {
    await placeIn('v2602.0.0');
    await run(state, kind);
    expect(await sweepRuntimes(db, serverId, runtimes)).toEqual([]);
    expect(await standing()).toHaveLength(2);
  });

  it('a desa with a runtime of its own keeps no shared one', async () => {
    await placeIn('v2602.0.0');
    await db.query("UPDATE installation SET isolation = 'own'");
    expect(await sweepRuntimes(db, serverId, runtimes)).toEqual(versions.map((version) => runtimeOf(version)));
    await db.query("UPDATE installation SET isolation = 'shared'");
  }, 60_000);

  it('a one-off of an ended run is swept; one of a run under way, or of another control plane, stays', async () => {
    const [ended, open] = [await run('done'), await run('running')];
    const oneOff = (id: string): string => names.oneOff(runtimeOf('v2602.0.0'), id.slice(-8));
    for (const id of [ended, open, newId()]) await stand(oneOff(id), { 'siappakai.run': id });
    await stand(`${oneOff(ended)}-files`, { 'siappakai.run': ended });
    expect(await sweepOneOffs(db, docker, runtimes)).toEqual([oneOff(ended)]);
    const left = await standing();
    expect(left).toContain(oneOff(open));
    expect(left).toHaveLength(4);
    expect(left.filter((name) => name.startsWith(oneOff(ended)))).toEqual([]);
  }, 60_000);

  it('a container that played one command is swept when it has rested a minute; one that runs, or has just ended, stays', async () => {
    const labels = { 'siappakai.kind': 'once' };
    const [resting, running] = [`${runtimeOf('v2602.0.0')}-once-1-1`, `${runtimeOf('v2602.0.0')}-once-1-2`];
    await stand(resting, labels);
    await docker.create({ ...SLEEPER, name: running, labels: names.labels(labels) });
    await docker.start(running);
    const soon = (seconds: number): Date => new Date(Date.now() + seconds * 1000);
    expect(await sweepCommands(docker, soon(30))).not.toContain(resting);
    expect((await sweepCommands(docker, soon(90))).filter((name) => name.includes(GABUNGAN))).toEqual([resting]);
    expect(await standing()).toContain(running);
  }, 60_000);
});
