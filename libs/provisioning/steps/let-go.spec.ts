import { walk } from '#libs/runs/engine.js';
import { MemoryJournal } from '#test/fakes/memory-journal.js';
import { letGo } from '../recipes/gabungan.recipes.js';
import { dropKept } from './drop-kept.step.js';
import { pruneBackups } from './prune-backups.step.js';

const clock = { now: () => new Date(0), sleep: async () => {} };

/** Databases beside a gabungan; `isStuck` drops none. */
const besideOf = (databases: Set<string>, isStuck = false) => ({
  has: async (name: string) => databases.has(name),
  drop: async (name: string) => void (isStuck || databases.delete(name)),
});

describe('letting a kept database go', () => {
  const target = { gabungan: { name: 'g' }, kept: 'gab_g_lama_1' };

  it('drops that one and no other, and finds it gone the second time', async () => {
    const databases = new Set(['gab_g', 'gab_g_lama_1', 'gab_g_lama_2']);
    const tools = { beside: besideOf(databases) };
    const journal = new MemoryJournal();
    await walk({ recipe: letGo, target, tools, journal, clock });
    expect([journal.state, [...databases]]).toEqual(['done', ['gab_g', 'gab_g_lama_2']]);
    expect((await dropKept.plan(target, tools)).says).toEqual([]);
  });

  it('is not done while it still stands', async () => {
    const tools = { beside: besideOf(new Set(['gab_g_lama_1']), true) };
    await expect(dropKept.verify(target, tools)).rejects.toMatchObject({ code: 'kept-stays' });
  });
});

describe('pruning backups', () => {
  const target = { gabungan: { name: 'g' } } as never;

  it('removes what newer ones have replaced, plans nothing when there is none, and catches a lie', async () => {
    let old = ['a', 'b'];
    const wholeBackups = { superseded: async () => old, prune: async () => void (old = []) };
    expect((await pruneBackups.plan(target, { wholeBackups })).says).toHaveLength(2);
    await expect(pruneBackups.verify(target, { wholeBackups })).rejects.toMatchObject({ code: 'backups-stay' });
    await pruneBackups.run(target, { wholeBackups }, null);
    await pruneBackups.verify(target, { wholeBackups });
    expect((await pruneBackups.plan(target, { wholeBackups })).says).toEqual([]);
  });
});
