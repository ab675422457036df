import type { RunWithSteps } from '#libs/contract/contract.js';
import { until } from '#libs/core/retry.js';
import type { Gate } from './gate.js';
import type { LoosePlane } from './plane.js';

export interface Killed {
  run: RunWithSteps;
  /** Kills while the boundary's write was not yet committed, and after it, while the step was acting. */
  before: number;
  after: number;
}

const ENDED = ['done', 'undone', 'broken', 'cancelled'];
const STEP_SECONDS = 180;
const RESUME_SECONDS = 30;

export const killsOf = (killed: readonly Killed[]): number =>
  killed.reduce((sum, { before, after }) => sum + before + after, 0);
export const toldOf = (killed: readonly Killed[]): string =>
  killed.map(({ run, before, after }) => `${run.verb}: ${before} before, ${after} after the write`).join('\n');

interface Asked {
  path: string;
  body: unknown;
  /** At each boundary before its write and after it; else once at each, by turns. */
  isTwice?: boolean;
}

/** Carries one run to its end and kills the worker at each boundary on the way. */
export async function killAtEveryBoundary(
  plane: LoosePlane,
  gate: Gate,
  { path, body, isTwice }: Asked,
): Promise<Killed> {
  await gate.close();
  const { id } = await plane.client.post<{ id: string }>(path, body);
  const killed = await killThrough(plane, gate, id, isTwice);
  await gate.open();
  return killed;
}

/** The same for the runs of a rollout on its gabungan, one after the other as the rollout asks for them; then it goes on in peace. */
export async function killThroughPhases(
  plane: LoosePlane,
  gate: Gate,
  {
    rolloutId,
    verbs,
    begin,
    isTwice,
  }: Pick<Asked, 'isTwice'> & {
    rolloutId: string;
    verbs: readonly string[];
    begin: () => Promise<unknown>;
  },
): Promise<Killed[]> {
  await gate.close();
  await begin();
  const killed: Killed[] = [];
  for (const verb of verbs) killed.push(await killThrough(plane, gate, await runOf(plane, rolloutId, verb), isTwice));
  await gate.open();
  return killed;
}

async function killThrough(plane: LoosePlane, gate: Gate, id: string, isTwice = true): Promise<Killed> {
  const seen = { before: 0, after: 0 };
  for (let at = 0; (await nextBoundary(plane, gate, id)) === 'boundary'; at += 1) {
    const isBefore = at % 2 === 0;
    if (isTwice || isBefore) {
      await kill(plane, gate, id);
      seen.before += 1;
      if ((await nextBoundary(plane, gate, id)) === 'ended') break;
    }
    await gate.letOnePass();
    if (!isTwice && isBefore) continue;
    // A different moment of the step each time.
    await new Promise((wake) => setTimeout(wake, (seen.after * 37) % 160));
    if (ENDED.includes(await stateOf(plane, id))) break;
    await kill(plane, gate, id);
    seen.after += 1;
  }
  return { run: await plane.client.follow(id), ...seen };
}

const runOf = ({ db }: LoosePlane, rolloutId: string, verb: string): Promise<string> =>
  until(
    async () => {
      const rows = (await db.query('SELECT id FROM run WHERE rollout_id = $1 AND verb = $2', [rolloutId, verb])) as {
        id: string;
      }[];
      return rows[0]?.id;
    },
    { timeoutSeconds: STEP_SECONDS, everyMilliseconds: 50, late: () => new Error(`the rollout began no ${verb}`) },
  );

const stateOf = async ({ db }: LoosePlane, id: string): Promise<string> =>
  ((await db.query('SELECT state FROM run WHERE id = $1', [id])) as { state: string }[])[0]!.state;

/** Until the run's worker waits at a boundary, or the run has ended: then another run's may wait there already. */
const nextBoundary = (plane: LoosePlane, gate: Gate, id: string): Promise<'boundary' | 'ended'> =>
  until(
    async () => {
      const isWaiting = await gate.isAnyWaiting();
      if (ENDED.includes(await stateOf(plane, id))) return 'ended';
      return isWaiting ? 'boundary' : undefined;
    },
    { timeoutSeconds: STEP_SECONDS, everyMilliseconds: 20, late: () => new Error(`run ${id} came to no boundary`) },
  );

/** The next worker must have the run within half a minute. */
async function kill(plane: LoosePlane, gate: Gate, id: string): Promise<void> {
  const [{ fence }] = (await plane.db.query('SELECT fence FROM run WHERE id = $1', [id])) as [{ fence: string }];
  await plane.killWorker();
  await gate.dropWaiting();
  plane.startWorker();
  const isTaken = async (): Promise<true | undefined> => {
    const [row] = (await plane.db.query('SELECT fence, state FROM run WHERE id = $1', [id])) as [
      { fence: string; state: string },
    ];
    // The claim of a queued run is itself a boundary: its write waits.
    return row.fence !== fence || row.state === 'queued' || ENDED.includes(row.state) ? true : undefined;
  };
  await until(isTaken, {
    timeoutSeconds: RESUME_SECONDS,
    everyMilliseconds: 50,
    late: () => new Error(`run ${id} was not taken up again within ${RESUME_SECONDS} s`),
  });
}
