import { LeaseLost } from '#libs/core/errors.js';
import { walk } from '#libs/runs/engine.js';
import type { Work } from '#libs/runs/work.js';
import { Calls } from './calls.js';
import { MemoryJournal } from './memory-journal.js';

const clock = { now: () => new Date(0), sleep: async () => {} };

type Aim<Target, Tools> = Pick<Work<Target, Tools>, 'recipe' | 'target'> & { tools: (calls: Calls) => Tools };
export interface Carried {
  journal: MemoryJournal;
  calls: number;
}

/** Carries a run in a world in which `calls` may fail. */
export async function carried<Target, Tools>(
  { recipe, target, tools }: Aim<Target, Tools>,
  calls = new Calls(),
): Promise<Carried> {
  const journal = new MemoryJournal();
  await walk({ recipe, target, tools: tools(calls), journal, clock });
  return { journal, calls: calls.count };
}

/** The worker dies at one call to the world; the next one takes the run up from its journal. */
export async function takenUp<Target, Tools>(
  { recipe, target, tools }: Aim<Target, Tools>,
  { failAt, afterwards }: { failAt: number; afterwards: boolean },
): Promise<MemoryJournal> {
  const journal = new MemoryJournal();
  const work = { recipe, target, journal, clock };
  await walk({ ...work, tools: tools(new Calls({ failAt, afterwards, dies: true })) }).catch((error: unknown) => {
    if (!(error instanceof LeaseLost)) throw error;
  });
  if (journal.state !== 'done')
    await walk({ ...work, tools: tools(new Calls()), undoing: journal.state === 'undoing' });
  return journal;
}
