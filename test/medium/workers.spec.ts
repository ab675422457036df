import { mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { RunProcessor, type Carry } from '../../apps/worker/run.processor.js';
import { LeaseLost } from '#libs/core/errors.js';
import { newId } from '#libs/core/ids.js';
import { until } from '#libs/core/retry.js';
import { assertStillMine } from '#libs/core/still-mine.js';
import { FLEET_FILE, joinFleet } from '#libs/database/data-folder.js';
import { openDatabase } from '#libs/database/database.js';
import { startPostgres } from '#libs/database/embedded.js';
import { heardWhileMine } from '#libs/database/while-mine.js';
import { insertInstallation } from '#libs/provisioning/choose.js';
import { claimRun, tellWaiting, waitingRuns, whileLeased } from '#libs/runs/lease.js';
import { pgJournal } from '#libs/runs/pg-journal.js';
import { RunsService } from '#libs/runs/runs.service.js';

const ALL = { kabupatenIds: 'all' as const };
const ring = new Map([['k1', Buffer.alloc(32, 9)]]);
const kabupatenId = newId();
let folder: string;
let postgres: Awaited<ReturnType<typeof startPostgres>>;
let db: DataSource;
let runs: RunsService;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'siappakai-workers-'));
  postgres = await startPostgres({ folder: join(folder, 'postgres') });
  db = await openDatabase(postgres.url);
  runs = new RunsService(db, { ring: async () => undefined });
  await db.query(
    `INSERT INTO kabupaten (id, code, name, provinsi_code, provinsi_name) VALUES ($1, '1307', 'A', '13', 'B')`,
    [kabupatenId],
  );
}, 120_000);
afterAll(async () => {
  await db?.destroy();
  await postgres?.stop();
  await rm(folder, { recursive: true, force: true });
});
afterEach(() => db.query(`UPDATE run SET state = 'done', ended_at = now(), leased_until = NULL, waiting = NULL`));

async function addServer(name: string): Promise<At> {
  const [serverId, gabunganId] = [newId(), newId()];
  await db.query(`INSERT INTO server (id, kabupaten_id, name, address) VALUES ($1, $2, $3, 'unix:/x')`, [
    serverId,
    kabupatenId,
    name,
  ]);
  await db.query(
    `INSERT INTO gabungan (id, kabupaten_id, server_id, name, edition, host, database_name, admin_user, admin_password,
       owner_user, owner_password, reader_user, reader_password) VALUES ($1, $2, $3, $4, 'umum', 'x', 'x', '', '', '', '', '', '')`,
    [gabunganId, kabupatenId, serverId, name],
  );
  return { serverId, gabunganId };
}

let count = 0;
async function addDesa(): Promise<string> {
  const [id, code] = [newId(), String(1307012000 + (count += 1))];
  await db.query(
    `INSERT INTO desa (id, kabupaten_id, code, name, kecamatan_code, kecamatan_name, domain) VALUES ($1, $2, $3, $3, '130701', 'K', $3)`,
    [id, kabupatenId, code],
  );
  return id;
}

const app = { app: 'opensid', site: { uidBase: 10_000 } } as never;
interface At {
  serverId: string;
  gabunganId: string;
}
const install = (subjectId: string, at: At, input: Record<string, unknown> = {}, runId = newId()): Promise<string> =>
  db.transaction((manager) => {
    const run = { runId, kabupatenId, subjectId, input } as never;
    return insertInstallation(manager, ring, run, app, { ...at, judged: [] });
  });

const ask = async (verb: string, desaId: string, input: Record<string, unknown> = {}): Promise<string> =>
  (
    await runs.start(ALL, {
      ...{ verb, subjectKind: 'desa', subjectId: desaId, subjectLabel: desaId, kabupatenId, app: 'opensid', input },
      askedBy: 'uji',
    })
  ).id;
/** So many updates of desa that stand on one server. */
async function updates(of: At, many: number): Promise<string[]> {
  const ids: string[] = [];
  for (let at = 0; at < many; at += 1) {
    const desaId = await addDesa();
    await install(desaId, of);
    ids.push(await ask('update', desaId));
  }
  return ids;
}
const claimedOf = async (ids: string[], workers = ['satu', 'dua', 'tiga']): Promise<string[]> => {
  const claims = await Promise.all(ids.flatMap((id) => workers.map((worker) => claimRun(db, id, worker))));
  return claims.flatMap((claim) => (claim ? [claim.runId] : []));
};
const expire = (id: string): Promise<unknown> =>
  db.query(`UPDATE run SET leased_until = now() - interval '1 second' WHERE id = $1`, [id]);
const waitingOf = async (id: string): Promise<string | null> => (await runs.show(ALL, id)).waiting;

describe('places on a server, over all workers', () => {
  it('are never more than there are, however many workers ask at the same moment; the rest says what it waits for', async () => {
    const [one, two] = [await addServer('penuh'), await addServer('sepi')];
    const [here, there] = [await updates(one, 12), await updates(two, 3)];
    const claimed = await claimedOf([...here, ...there]);
    expect(claimed.filter((id) => here.includes(id))).toHaveLength(4);
    expect(claimed.filter((id) => there.includes(id))).toHaveLength(3);
    expect(await waitingRuns(db)).toEqual([]);
    await tellWaiting(db);
    for (const id of here) expect(await waitingOf(id)).toBe(claimed.includes(id) ? null : 'places:penuh');
  });

  it('are as many as a person says, and a freed one goes to the oldest', async () => {
    const place = await addServer('kecil');
    await db.query('UPDATE server SET at_once = 1 WHERE id = $1', [place.serverId]);
    const [first, second, third] = (await updates(place, 3)) as [string, string, string];
    const claim = await claimRun(db, first, 'satu');
    expect(await claimedOf([second, third])).toEqual([]);
    await pgJournal(db, claim!).run('done');
    expect(await waitingRuns(db)).toEqual([second]);
    expect(await claimedOf([second, third])).toHaveLength(1);
  });

  it('stay with what has begun when its worker dies: it goes on at once, and nobody slips in meanwhile', async () => {
    const place = await addServer('mati');
    const ids = await updates(place, 6);
    const claimed = await claimedOf(ids);
    for (const id of claimed) await expire(id);
    expect((await waitingRuns(db)).sort()).toEqual([...claimed].sort());
    expect((await claimedOf(ids, ['lain'])).sort()).toEqual([...claimed].sort());
  });

  it('are not asked of who only looks', async () => {
    const place = await addServer('lihat');
    await claimedOf(await updates(place, 4));
    const [desaId, other] = [await addDesa(), await addDesa()];
    await install(desaId, place, { dryRun: true });
    const looks = [await ask('update', desaId, { dryRun: true }), await ask('check', other)];
    expect((await claimedOf(looks)).sort()).toEqual([...looks].sort());
  });

  it('hold for a first install too, whose server is only known when it is aimed: it is queued again and taken later', async () => {
    const place = await addServer('baru');
    const busy = await claimedOf(await updates(place, 4));
    const desaId = await addDesa();
    const id = await ask('install', desaId);
    const carry: Carry = async (run, journal) => {
      await install(run.subjectId, place, {}, run.runId);
      await journal.run('done');
    };
    const processor = new RunProcessor(db, carry, { name: 'satu', concurrency: 4 });
    await processor.take(id);
    expect(await runs.show(ALL, id)).toMatchObject({
      state: 'queued',
      waiting: 'places:baru',
      problem: null,
      startedAt: null,
    });
    await processor.sweep();
    expect((await runs.show(ALL, id)).state).toBe('queued');
    await db.query(`UPDATE run SET state = 'done', leased_until = NULL WHERE id = $1`, [busy[0]]);
    await processor.sweep();
    const ended = async (): Promise<true | undefined> => (await runs.show(ALL, id)).state === 'done' || undefined;
    await until(ended, { timeoutSeconds: 20, late: () => new Error('nobody took it') });
  });
});

describe('a worker that was frozen', () => {
  it('finds every door closed once another one has its run, and its journal as before', async () => {
    const [id] = await updates(await addServer('beku'), 1);
    const claim = (await claimRun(db, id!, 'satu', 2))!;
    const heard = heardWhileMine(db);
    const work = whileLeased(db, claim, async () => {
      await heard.query('SELECT 1');
      assertStillMine();
      await expire(id!);
      await claimRun(db, id!, 'dua');
      // Its next renewal tells.
      const told = async (): Promise<unknown> =>
        Promise.resolve()
          .then(assertStillMine)
          .catch((error: unknown) => error);
      const lost = await until(told, { timeoutSeconds: 10, late: () => new Error('it was never told') });
      expect(lost).toBeInstanceOf(LeaseLost);
      await heard.query(`UPDATE run SET waiting = 'from the grave' WHERE id = $1`, [id]);
    });
    await expect(work).rejects.toThrow(LeaseLost);
    await expect(pgJournal(db, claim).run('done')).rejects.toThrow(LeaseLost);
    expect(await runs.show(ALL, id!)).toMatchObject({ state: 'running', waiting: null });
  });

  it('may still tidy after a run that it ended itself', async () => {
    const [id] = await updates(await addServer('rapi'), 1);
    const claim = (await claimRun(db, id!, 'satu', 2))!;
    await whileLeased(db, claim, async () => {
      await pgJournal(db, claim).run('done');
      await new Promise((wake) => setTimeout(wake, 3000));
      assertStillMine();
    });
  });

  it('keeps nothing locked for longer than a minute: its session is ended by PostgreSQL', async () => {
    const [shown] = (await db.query(
      `SELECT current_setting('idle_in_transaction_session_timeout') AS idle, current_setting('tcp_keepalives_idle') AS keep`,
    )) as object[];
    expect(shown).toMatchObject({ idle: '1min', keep: '15' });
  });
});

describe('a process on another machine', () => {
  const at = (name: string): string => join(folder, name);
  const other = new Map([['k1', Buffer.alloc(32, 8)]]);
  const here = async (name: string): Promise<{ dataFolder: string; keyRing: typeof ring }> => ({
    dataFolder: await mkdtemp(at(name)),
    keyRing: ring,
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
