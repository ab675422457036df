import { AppError, Away, LeaseLost, Unavailable } from '#libs/core/errors.js';
import { clock, setKey, type Tools, type World } from '#test/fakes/keys.js';
import { MemoryJournal } from '#test/fakes/memory-journal.js';
import { walk } from './engine.js';
import type { Work } from './work.js';
import type { Recipe } from './recipe.js';
import { leave } from './step.js';

const KEYS = ['a', 'b', 'c'];
const recipe = (change: Partial<Recipe<string, Tools>['lines'][number]> = {}): Recipe<string, Tools> => ({
  verb: 'test',
  lines: KEYS.map((key) => ({ step: setKey(key), timeoutSeconds: 5, ...change })),
});
const work = (tools: Tools, journal: MemoryJournal, more: Partial<Work<string, Tools>> = {}): Work<string, Tools> => ({
  recipe: recipe(),
  target: 'new',
  tools,
  journal,
  clock,
  ...more,
});
const before = (): World =>
  new Map([
    ['a', 'old'],
    ['a2', 'old'],
    ['c', 'old'],
  ]);

describe('a run', () => {
  it('that meets no fault ends done with every promise kept', async () => {
    const journal = new MemoryJournal();
    const world = before();
    await walk(work({ world }, journal));
    expect(journal.state).toBe('done');
    expect([...world.values()]).toEqual(Array(6).fill('new'));
  });

  it('of what is already so runs nothing but still looks', async () => {
    const journal = new MemoryJournal();
    const world = before();
    await walk(work({ world }, new MemoryJournal()));
    await walk(work({ world, fault: { key: 'b', at: 'run' } }, journal));
    expect(journal.records.map(({ state }) => state)).toEqual(['skipped', 'skipped', 'skipped']);
    const lied = new MemoryJournal();
    await walk(work({ world, fault: { key: 'b', at: 'verify' } }, lied));
    expect(lied.state).toBe('undone');
  });

  for (const key of KEYS)
    for (const at of ['plan', 'run', 'half', 'verify'] as const)
      it(`that fails in ${at} of step ${key} leaves the world as before`, async () => {
        const journal = new MemoryJournal();
        const world = before();
        await walk(work({ world, fault: { key, at } }, journal));
        expect(journal.state).toBe('undone');
        expect(journal.problem?.code).toBe('told-to-fail');
        expect(world).toEqual(before());
      });

  it('killed at any write and started again ends in the same world', async () => {
    const whole = new MemoryJournal();
    await walk(work({ world: before() }, whole));
    expect(whole.writes).toBeGreaterThan(6);
    for (let at = 1; at <= whole.writes; at += 1) {
      const journal = new MemoryJournal();
      const world = before();
      journal.loseLeaseAt = at;
      await expect(walk(work({ world }, journal))).rejects.toThrow(LeaseLost);
      journal.loseLeaseAt = Infinity;
      await walk(work({ world }, journal));
      expect(journal.state).toBe('done');
      expect([...world.values()]).toEqual(Array(6).fill('new'));
    }
  });

  it('killed at any write while undoing and started again ends in the world as before', async () => {
    const whole = new MemoryJournal();
    await walk(work({ world: before(), fault: { key: 'c', at: 'half' } }, whole));
    for (let at = 1; at <= whole.writes; at += 1) {
      const journal = new MemoryJournal();
      const world = before();
      journal.loseLeaseAt = at;
      await expect(walk(work({ world, fault: { key: 'c', at: 'half' } }, journal))).rejects.toThrow(LeaseLost);
      journal.loseLeaseAt = Infinity;
      await walk(work({ world, fault: { key: 'c', at: 'half' } }, journal, { undoing: journal.state === 'undoing' }));
      expect(journal.state).toBe('undone');
      expect(world).toEqual(before());
    }
  });

  it('whose way back does not answer is waited for, though not for ever', async () => {
    const journal = new MemoryJournal();
    const world: World = new Map();
    const away = (times: number): Recipe<string, Tools> => {
      const found = recipe();
      const { undo, ...step } = setKey('a');
      const back = async (...args: Parameters<typeof undo>): Promise<void> => {
        if ((times -= 1) >= 0) throw new Unavailable('server-unreachable', {});
        await undo(...args);
      };
      found.lines[0]!.step = { ...step, undo: back };
      return found;
    };
    const fault = { key: 'c', at: 'half' as const };
    await walk(work({ world, fault }, journal, { recipe: away(20) }));
    expect(journal.state).toBe('undone');
    expect(world).toEqual(new Map());
    const never = new MemoryJournal();
    await walk(work({ world: new Map(), fault }, never, { recipe: away(Infinity) }));
    expect(never.state).toBe('broken');
  });

  it('whose undo fails three times is broken and names every reason', async () => {
    const journal = new MemoryJournal();
    const stuck = recipe();
    stuck.lines[0]!.step = { ...setKey('a'), undo: async () => Promise.reject(new AppError('stuck')) };
    await walk(work({ world: before(), fault: { key: 'b', at: 'run' } }, journal, { recipe: stuck }));
    expect(journal.state).toBe('broken');
    expect(journal.lines.filter((line) => line.startsWith('undo '))).toHaveLength(3);
  });

  it('tries again only when something outside did not answer', async () => {
    const away = { key: 'b', at: 'run' as const, error: new Unavailable('server-unreachable'), times: 1 };
    const journal = new MemoryJournal();
    await walk(work({ world: before(), fault: away }, journal, { recipe: recipe({ retries: 2 }) }));
    expect(journal.state).toBe('done');
    const wrong = new MemoryJournal();
    await walk(
      work({ world: before(), fault: { key: 'b', at: 'run', times: 1 } }, wrong, { recipe: recipe({ retries: 2 }) }),
    );
    expect(wrong.state).toBe('undone');
  });

  it('whose server goes away, whenever it does, is neither failed nor undone: taken again it ends in the same world', async () => {
    for (const key of KEYS)
      for (const at of ['plan', 'run', 'half', 'verify'] as const) {
        const journal = new MemoryJournal();
        const world = before();
        const away = { key, at, error: new Away('server-unreachable', { server: 'b' }), times: 1 };
        await expect(walk(work({ world, fault: away }, journal))).rejects.toThrow(Away);
        expect(journal.state).toBe('running');
        await walk(work({ world }, journal));
        expect(journal.state).toBe('done');
        expect([...world.values()]).toEqual(Array(6).fill('new'));
      }
  });

  it('asks the server before it believes a failure, of a step and of an undo', async () => {
    let isAway = true;
    const askServer = async (): Promise<void> => {
      if (isAway) throw new Away('server-unreachable', { server: 'b' });
    };
    const journal = new MemoryJournal();
    const broken = { world: before(), fault: { key: 'c', at: 'half' as const } };
    await expect(walk(work(broken, journal, { askServer }))).rejects.toThrow(Away);
    expect(journal.problem).toBeUndefined();
    isAway = false;
    const stuck = recipe();
    stuck.lines[0]!.step = { ...setKey('a'), undo: async () => Promise.reject(new Away('server-unreachable')) };
    await expect(walk(work(broken, journal, { askServer, recipe: stuck }))).rejects.toThrow(Away);
    expect(journal.state).toBe('undoing');
    await walk(work(broken, journal, { askServer, undoing: true }));
    expect(journal.state).toBe('undone');
    expect(broken.world).toEqual(before());
  });

  it('keeps what it holds only while its step stands half-way', async () => {
    for (const [at, held] of [
      ['plan', 0],
      ['half', 1],
    ] as const) {
      const locks = new Map<string, MemoryJournal>();
      const away = { key: 'b', at, error: new Away('server-unreachable') };
      const tools = { world: before(), fault: away };
      const holding = { recipe: recipe({ holds: () => 'gabungan:x' }) };
      await expect(walk(work(tools, new MemoryJournal(locks), holding))).rejects.toThrow(Away);
      expect(locks.size).toBe(held);
    }
  });

  it('that looks at a server finds it away and ends', async () => {
    const journal = new MemoryJournal();
    const away = { key: 'b', at: 'run' as const, error: new Away('server-unreachable') };
    await walk(work({ world: before(), fault: away }, journal, { awayFails: true }));
    expect(journal.state).toBe('undone');
  });

  it('past the point of no return goes on with a warning', async () => {
    const journal = new MemoryJournal();
    await walk(
      work({ world: before(), fault: { key: 'b', at: 'run' } }, journal, { recipe: recipe({ pastNoReturn: true }) }),
    );
    expect(journal.state).toBe('done');
    expect(journal.records[1]?.state).toBe('failed');
  });

  it('that only plans changes nothing and tells what it would do', async () => {
    const journal = new MemoryJournal();
    const world = before();
    await walk(work({ world }, journal, { dryRun: true }));
    expect(world).toEqual(before());
    expect(journal.records.map(({ says }) => says)).toEqual([['set a'], ['set b'], ['set c']]);
    expect(journal.state).toBe('done');
  });

  it('waits for a resource another run holds, says who has it, and gives it back', async () => {
    const locks = new Map<string, MemoryJournal>();
    const other = new MemoryJournal(locks);
    await other.take('gabungan:x');
    const journal = new MemoryJournal(locks);
    let naps = 0;
    const sleepy = { now: () => new Date(), sleep: async () => void ((naps += 1) === 2 && (await other.release())) };
    await walk(work({ world: before() }, journal, { recipe: recipe({ holds: () => 'gabungan:x' }), clock: sleepy }));
    expect(journal.waits).toEqual(['gabungan:x: another run']);
    expect(journal.state).toBe('done');
    expect(locks.size).toBe(0);
  });

  it('puts back what its step held only when nobody else holds it', async () => {
    const locks = new Map<string, MemoryJournal>();
    const other = new MemoryJournal(locks);
    const { lines, verb } = recipe();
    const taken = async (): Promise<void> => {
      await other.take('gabungan:x');
      throw new AppError('told-to-fail');
    };
    const [first, second] = lines.map(({ step }) => ({ step, timeoutSeconds: 5 }));
    const held = [
      { ...first!, holds: () => 'gabungan:x' },
      { ...second!, step: { ...second!.step, run: taken } },
    ];
    const journal = new MemoryJournal(locks);
    const world = before();
    const sleepy = { ...clock, sleep: async () => void (world.get('a') === 'new' && (await other.release())) };
    await walk(work({ world }, journal, { recipe: { verb, lines: held }, clock: sleepy }));
    expect(journal.waits).toEqual(['gabungan:x: another run']);
    expect([journal.state, world, locks.size]).toEqual(['undone', before(), 0]);
  });

  it('whose step has nothing to undo tells the reason', async () => {
    const journal = new MemoryJournal();
    const kept = recipe();
    kept.lines[0]!.step = { ...setKey('a'), undo: leave('images are pruned weekly') };
    await walk(work({ world: before(), fault: { key: 'b', at: 'run' } }, journal, { recipe: kept }));
    expect(journal.state).toBe('undone');
    expect(journal.lines).toContain('left: images are pruned weekly');
  });

  it('that finds everything already so waits for nobody; what looks wrong meanwhile is looked at again in turn', async () => {
    const locks = new Map<string, MemoryJournal>([['gabungan:x', new MemoryJournal()]]);
    const held = { recipe: recipe({ holds: () => 'gabungan:x' }) };
    const so = new MemoryJournal(locks);
    await walk(work({ world: new Map([...before().keys(), 'b', 'b2', 'c2'].map((key) => [key, 'new'])) }, so, held));
    expect([so.state, so.waits]).toEqual(['done', []]);

    const journal = new MemoryJournal(locks);
    const sleepy = { ...clock, sleep: async () => void locks.clear() };
    const tools = { world: before(), fault: { key: 'b', at: 'plan' as const, times: 1 } };
    await walk(work(tools, journal, { ...held, clock: sleepy }));
    expect(journal.state).toBe('done');
  });
});
