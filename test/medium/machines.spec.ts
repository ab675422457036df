import { mkdtemp, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { OwnEngines } from '../../apps/worker/own-engines.js';
import { newId } from '#libs/core/ids.js';
import { FLEET_FILE, joinFleet } from '#libs/database/data-folder.js';
import { claimLooks } from '#libs/looks/pg-looks.js';
import { claimRun, waitingRuns } from '#libs/runs/lease.js';
import { openClaimWorld, RING, type ClaimWorld } from './claim-world.js';

let world: ClaimWorld;
let db: DataSource;
beforeAll(async () => {
  world = await openClaimWorld();
  db = world.db;
}, 120_000);
afterAll(() => world?.close());

describe('a server behind a socket', () => {
  it('is worked on by workers of its own machine alone; for the others its runs are not there', async () => {
    const place = await world.addServer('sini');
    const desaId = await world.addDesa();
    await world.install(desaId, place);
    const [update, check] = [
      await world.ask('update', 'desa', desaId),
      await world.ask('check', 'server', place.serverId),
    ];
    for (const id of [update, check]) expect(await claimRun(db, id, 'jauh', 15, [])).toBeUndefined();
    expect(await waitingRuns(db, [])).toEqual([]);
    expect(await waitingRuns(db, [place.serverId])).toEqual([update, check]);
    for (const id of [update, check]) expect(await claimRun(db, id, 'sini', 15, [place.serverId])).toBeDefined();
    expect(await claimLooks(db, 'jauh', 100, [])).toEqual([]);
    const looks = await claimLooks(db, 'sini', 100, [place.serverId]);
    expect(looks.map(({ serverId }) => serverId)).toEqual([place.serverId]);
  });

  it('belongs to the engine that was found there first; another engine behind the same path is another server', async () => {
    const { serverId: id } = await world.addServer('mesin');
    const address = 'unix:/var/run/docker.sock';
    await db.query('UPDATE server SET address = $2 WHERE id = $1', [id, address]);
    const own = new OwnEngines(db);
    expect(await own.servers()).toEqual([id]);
    await own.own({ id, name: 'mesin', address });
    expect(await own.servers()).toEqual([id]);
    await db.query(`UPDATE server SET engine = 'of another machine' WHERE id = $1`, [id]);
    expect(await own.servers()).toEqual([]);
    await expect(own.own({ id, name: 'mesin', address })).rejects.toMatchObject({ code: 'server-elsewhere' });
  });
});

describe('a process on another machine', () => {
  const at = (name: string): string => join(world.folder, name);
  const other = new Map([['k1', Buffer.alloc(32, 8)]]);
  const here = async (name: string): Promise<{ dataFolder: string; keyRing: typeof RING }> => ({
    dataFolder: await mkdtemp(at(name)),
    keyRing: RING,
  });

  it('joins with the same folder and key, whoever came first; another folder, path or key is refused', async () => {
    const first = await here('satu-');
    await Promise.all([joinFleet(db, first), joinFleet(db, first), joinFleet(db, first)]);
    const stranger = await here('dua-');
    const [row] = (await db.query(`SELECT value->>'id' AS id FROM setting WHERE key = 'fleet'`)) as { id: string }[];
    await expect(joinFleet(db, stranger)).rejects.toMatchObject({ code: 'data-folder-foreign', data: { id: row!.id } });
    await writeFile(join(stranger.dataFolder, FLEET_FILE), `${newId()}\n`);
    await expect(joinFleet(db, stranger)).rejects.toMatchObject({ code: 'data-folder-foreign' });
    await expect(joinFleet(db, { ...first, keyRing: other })).rejects.toMatchObject({ code: 'key-file-foreign' });
    const moved = at('pindah');
    await rename(first.dataFolder, moved);
    await expect(joinFleet(db, { ...first, dataFolder: moved })).rejects.toMatchObject({
      code: 'data-folder-elsewhere',
      data: { path: first.dataFolder },
    });
    await symlink(moved, first.dataFolder);
    await joinFleet(db, first);
  });
});
