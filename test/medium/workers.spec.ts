import type { DataSource } from 'typeorm';
import { RunProcessor, type Carry } from '../../apps/worker/run.processor.js';
import { LeaseLost } from '#libs/core/errors.js';
import { until } from '#libs/core/retry.js';
import { assertStillMine } from '#libs/core/still-mine.js';
import { heardWhileMine } from '#libs/database/while-mine.js';
import { claimRun, tellWaiting, waitingRuns, whileLeased } from '#libs/runs/lease.js';
import { pgJournal } from '#libs/runs/pg-journal.js';
import { ALL, openClaimWorld, type ClaimWorld } from './claim-world.js';

let world: ClaimWorld;
let db: DataSource;
beforeAll(async () => {
  world = await openClaimWorld();
  db = world.db;
}, 120_000);
afterAll(() => world?.close());
afterEach(() => db.query(`UPDATE run SET state = 'done', ended_at = now(), leased_until = NULL, waiting = NULL`));

const claimedOf = async (ids: string[], workers = ['satu', 'dua', 'tiga']): Promise<string[]> => {
  const claims = await Promise.all(ids.flatMap((id) => workers.map((worker) => claimRun(db, id, worker))));
  return claims.flatMap((claim) => (claim ? [claim.runId] : []));
};
const expire = (id: string): Promise<unknown> =>
  db.query(`UPDATE run SET leased_until = now() - interval '1 second' WHERE id = $1`, [id]);
const waitingOf = async (id: string): Promise<string | null> => (await world.runs.show(ALL, id)).waiting;

describe('places on a server, over all workers', () => {
  it('are never more than there are, however many workers ask at the same moment; the rest says what it waits for', async () => {
    const [one, two] = [await world.addServer('penuh'), await world.addServer('sepi')];
    const [here, there] = [await world.updates(one, 12), await world.updates(two, 3)];
    const claimed = await claimedOf([...here, ...there]);
    expect(claimed.filter((id) => here.includes(id))).toHaveLength(4);
    expect(claimed.filter((id) => there.includes(id))).toHaveLength(3);
    expect(await waitingRuns(db)).toEqual([]);
    await tellWaiting(db);
    for (const id of here) expect(await waitingOf(id)).toBe(claimed.includes(id) ? null : 'places:penuh');
  });

  it('are as many as a person says, and a freed one goes to the oldest', async () => {
    const place = await world.addServer('kecil');
    await db.query('UPDATE server SET at_once = 1 WHERE id = $1', [place.serverId]);
    const [first, second, third] = (await world.updates(place, 3)) as [string, string, string];
    const claim = await claimRun(db, first, 'satu');
    expect(await claimedOf([second, third])).toEqual([]);
    await pgJournal(db, claim!).run('done');
    expect(await waitingRuns(db)).toEqual([second]);
    expect(await claimedOf([second, third])).toHaveLength(1);
  });

  it('stay with what has begun when its worker dies: it goes on at once, and nobody slips in meanwhile', async () => {
    const place = await world.addServer('mati');
    const ids = await world.updates(place, 6);
    const claimed = await claimedOf(ids);
    for (const id of claimed) await expire(id);
    expect((await waitingRuns(db)).sort()).toEqual([...claimed].sort());
    expect((await claimedOf(ids, ['lain'])).sort()).toEqual([...claimed].sort());
  });

  it('are of no use when every worker is full of runs that wait: what has begun is taken beyond that', async () => {
    const [holder, waiter, later] = (await world.updates(await world.addServer('antri'), 3)) as [
      string,
      string,
      string,
    ];
    await claimRun(db, holder, 'mati');
    const taken: string[] = [];
    let letGo: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    const carry: Carry = async ({ runId }, journal) => {
      taken.push(runId);
      if (runId === holder) letGo();
      await held;
      await journal.run('done');
    };
    const processor = new RunProcessor(db, carry, { name: 'hidup', concurrency: 1 });
    const waits = processor.take(waiter);
    await until(async () => (taken.includes(waiter) ? true : undefined), {
      ...{ timeoutSeconds: 10, late: () => new Error('it was not taken') },
    });
    await expire(holder);
    await processor.sweep();
    await waits;
    const all = async (): Promise<true | undefined> => taken.length === 3 || undefined;
    await until(all, { timeoutSeconds: 10, late: () => new Error('not all were taken') });
    expect(taken).toEqual([waiter, holder, later]);
  });

  it('are not asked of who only looks', async () => {
    const place = await world.addServer('lihat');
    await claimedOf(await world.updates(place, 4));
    const [desaId, other] = [await world.addDesa(), await world.addDesa()];
    await world.install(desaId, place, { dryRun: true });
    const looks = [
      await world.ask('update', 'desa', desaId, { dryRun: true }),
      await world.ask('check', 'desa', other),
    ];
    expect((await claimedOf(looks)).sort()).toEqual([...looks].sort());
  });

  it('hold for a first install too, whose server is only known when it is aimed: it is queued again and taken later', async () => {
    const place = await world.addServer('baru');
    const busy = await claimedOf(await world.updates(place, 4));
    const desaId = await world.addDesa();
    const id = await world.ask('install', 'desa', desaId);
    const carry: Carry = async (run, journal) => {
      await world.install(run.subjectId, place, {}, run.runId);
      await journal.run('done');
    };
    const processor = new RunProcessor(db, carry, { name: 'satu', concurrency: 4 });
    await processor.take(id);
    expect(await world.runs.show(ALL, id)).toMatchObject({
      state: 'queued',
      waiting: 'places:baru',
      problem: null,
      startedAt: null,
    });
    await processor.sweep();
    expect((await world.runs.show(ALL, id)).state).toBe('queued');
    await db.query(`UPDATE run SET state = 'done', leased_until = NULL WHERE id = $1`, [busy[0]]);
    await processor.sweep();
    const ended = async (): Promise<true | undefined> => (await world.runs.show(ALL, id)).state === 'done' || undefined;
    await until(ended, { timeoutSeconds: 20, late: () => new Error('nobody took it') });
  });
});

describe('a worker that was frozen', () => {
  it('finds every door closed once another one has its run, and its journal as before', async () => {
    const [id] = await world.updates(await world.addServer('beku'), 1);
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
    expect(await world.runs.show(ALL, id!)).toMatchObject({ state: 'running', waiting: null });
  });

  it('may still tidy after a run that it ended itself', async () => {
    const [id] = await world.updates(await world.addServer('rapi'), 1);
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
