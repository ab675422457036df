import { newId } from '#libs/core/ids.js';
import { openDatabase } from '#libs/database/database.js';
import { startPostgres } from '#libs/database/embedded.js';
import { walk } from '#libs/runs/engine.js';
import { claimRun } from '#libs/runs/lease.js';
import { pgJournal } from '#libs/runs/pg-journal.js';
import { RunsService } from '#libs/runs/runs.service.js';
import type { Step } from '#libs/runs/step.js';
import { seconds } from './measure.js';

const STEPS = 200;

/** A step that changes nothing: what remains is the engine and its journal. */
const idle = (number: number): Step<null, null, null> => ({
  name: `idle-${number}`,
  plan: async () => ({ says: ['change nothing'], before: null }),
  run: async () => {},
  verify: async () => {},
  undo: async () => {},
});

/** Milliseconds that the engine adds to a step: locks, journal and log in PostgreSQL, in a database of its own. */
export async function engineOverhead(folder: string): Promise<number> {
  const postgres = await startPostgres({ folder });
  const db = await openDatabase(postgres.url);
  try {
    const kabupatenId = newId();
    await db.query('INSERT INTO kabupaten (id, code, name, provinsi_code, provinsi_name) VALUES ($1, $2, $3, $4, $5)', [
      kabupatenId,
      '1307',
      'A',
      '13',
      'B',
    ]);
    const runs = new RunsService(db, { ring: async () => {} });
    const { id } = await runs.start(
      { kabupatenIds: 'all' },
      {
        verb: 'update',
        subjectKind: 'desa',
        subjectId: newId(),
        subjectLabel: 'bench',
        kabupatenId,
        app: 'opensid',
        input: {},
        askedBy: 'bench',
      },
    );
    const claim = await claimRun(db, id, 'bench');
    if (!claim) throw new Error('the run of the bench was not free');
    const lines = Array.from({ length: STEPS }, (_, number) => ({
      step: idle(number),
      timeoutSeconds: 60,
      holds: () => 'bench',
    }));
    const work = { recipe: { verb: 'update', lines }, target: null, tools: null, journal: pgJournal(db, claim) };
    return (1000 * (await seconds(() => walk(work)))) / STEPS;
  } finally {
    await db.destroy();
    await postgres.stop();
  }
}
