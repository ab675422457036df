import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { AppError, Conflict, LeaseLost, NotFound } from '#libs/core/errors.js';
import { newId } from '#libs/core/ids.js';
import { openDatabase } from '#libs/database/database.js';
import { startPostgres } from '#libs/database/embedded.js';
import { claimRun, waitingRuns } from '#libs/runs/lease.js';
import { pgJournal } from '#libs/runs/pg-journal.js';
import { RunsService, type StartRun } from '#libs/runs/runs.service.js';

let folder: string;
let postgres: Awaited<ReturnType<typeof startPostgres>>;
let db: DataSource;
let runs: RunsService;
const rung: string[] = [];
const kabupatenId = newId();
const all = { kabupatenIds: 'all' as const };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'siappakai-runs-'));

  postgres = await startPostgres({ folder: join(folder, 'postgres') });
  db = await openDatabase(postgres.url);
  await db.query('INSERT INTO kabupaten (id, code, name, provinsi_code, provinsi_name) VALUES ($1, $2, $3, $4, $5)', [
    kabupatenId,
    '1307',
    'A',
    '13',
    'B',
  ]);
  runs = new RunsService(db, { ring: async (id) => void rung.push(id) });
}, 120_000);

afterAll(async () => {
  await db?.destroy();
  await postgres?.stop();
  await rm(folder, { recursive: true, force: true });
});

const wish = (more: Partial<StartRun> = {}): StartRun => ({
  verb: 'install',
  subjectKind: 'desa',
  subjectId: newId(),
  subjectLabel: 'Kurai',
  kabupatenId,
  app: 'opensid',
  input: {},
  askedBy: 'admin',
  ...more,
});
const expire = (id: string): Promise<unknown> =>
  db.query(`UPDATE run SET leased_until = now() - interval '1 second' WHERE id = $1`, [id]);

describe('a run', () => {
  it('is a row with its audit before the bell rings', async () => {
    const { id } = await runs.start(all, wish());
    expect(rung).toContain(id);
    const [row] = await db.query(`SELECT action FROM audit WHERE after->>'runId' = $1`, [id]);
    expect(row.action).toBe('run.install');
  });

  it('is refused while another one of the same desa is open, and while a broken one is not cleared', async () => {
    const subjectId = newId();
    const first = await runs.start(all, wish({ subjectId }));
    await expect(runs.start(all, wish({ subjectId }))).rejects.toMatchObject({
      code: 'run-open',
      data: { runId: first.id },
    });
    await db.query(`UPDATE run SET state = 'broken' WHERE id = $1`, [first.id]);
    await expect(runs.start(all, wish({ subjectId }))).rejects.toMatchObject({ code: 'run-broken' });
    await runs.clear(all, first.id, 'admin', 'container removed by hand');
    await expect(runs.start(all, wish({ subjectId }))).resolves.toMatchObject({ state: 'queued' });
  });

  it('of another kabupaten is as unknown as one that does not exist', async () => {
    const { id } = await runs.start(all, wish());
    const neighbour = { kabupatenIds: [newId()] };
    await expect(runs.show(neighbour, id)).rejects.toThrow(NotFound);
    await expect(runs.start(neighbour, wish())).rejects.toThrow(NotFound);
    expect((await runs.list(neighbour)).total).toBe(0);
  });

  it('is claimed by one of two workers that ask at the same moment', async () => {
    const { id } = await runs.start(all, wish());
    const claims = await Promise.all([claimRun(db, id, 'one'), claimRun(db, id, 'two')]);
    expect(claims.filter(Boolean)).toHaveLength(1);
  });

  it('of a dead worker is found by the sweeper, and the dead one can write nothing any more', async () => {
    const { id } = await runs.start(all, wish());
    const first = (await claimRun(db, id, 'one'))!;
    const dead = pgJournal(db, first);
    await dead.lay([{ name: 'a-step' }]);
    expect(await waitingRuns(db)).not.toContain(id);
    await expire(id);
    expect(await waitingRuns(db)).toContain(id);
    const second = (await claimRun(db, id, 'two'))!;
    await expect(dead.begin(0, { says: ['x'], before: {}, deadline: new Date() })).rejects.toThrow(LeaseLost);
    await expect(dead.run('done')).rejects.toThrow(LeaseLost);
    await dead.say('info', 'a voice from the grave');
    expect(await runs.log(all, id)).toEqual([]);
    await pgJournal(db, second).run('done');
    expect((await runs.show(all, id)).state).toBe('done');
  });

  it('keeps plan, problem and scrubbed log for people', async () => {
    const { id } = await runs.start(all, wish());
    const journal = pgJournal(db, (await claimRun(db, id, 'one'))!);
    await journal.lay([{ name: 'a-step', undoReason: 'looks only' }]);
    await journal.begin(0, { says: ['does it'], before: { was: 1 }, deadline: new Date() });
    await journal.say('info', 'updateConfigFile password - eyJpdiI6', 'a-step');
    await journal.run('undoing', new AppError('step-timeout', { step: 'a-step', seconds: 1 }));
    await journal.step(0, 'undone');
    await journal.run('undone');
    const shown = await runs.show(all, id);
    expect(shown).toMatchObject({
      state: 'undone',
      problem: { code: 'step-timeout' },
      steps: [{ says: ['does it'], undoReason: 'looks only', state: 'undone' }],
    });
    expect((await runs.log(all, id)).map(({ line }) => line)).toEqual([
      'does it',
      'updateConfigFile password - [rahasia]',
    ]);
  });

  it('holds a resource alone, and an ended run holds nothing', async () => {
    const claims = await Promise.all(
      [wish(), wish()].map(async (wanted) => claimRun(db, (await runs.start(all, wanted)).id, 'one')),
    );
    const [one, two] = claims.map((claim) => pgJournal(db, claim!));
    expect(await one!.take('gabungan:a')).toEqual({});
    expect(await one!.take('gabungan:a')).toEqual({});
    expect(await two!.take('gabungan:a')).toEqual({ heldBy: 'install Kurai' });
    await one!.run('done');
    expect(await two!.take('gabungan:a')).toEqual({});
  });

  it('that has begun cannot be cancelled', async () => {
    const { id } = await runs.start(all, wish());
    await claimRun(db, id, 'one');
    await expect(runs.cancel(all, id, 'admin')).rejects.toThrow(Conflict);
  });
});
