import { LeaseLost } from '#libs/core/errors.js';
import { walk } from '#libs/runs/engine.js';
import { release } from '#test/factories/target.js';
import { Calls } from '#test/fakes/calls.js';
import { takenUp } from '#test/fakes/carried.js';
import { MemoryJournal } from '#test/fakes/memory-journal.js';
import {
  aimedMove as aimed,
  moveTarget,
  performMove as perform,
  servingOnOld,
  type TwoWorlds,
} from '#test/fakes/fake-move.js';
import type { MoveTarget, MoveTools } from '../move-target.js';

const R1 = release('v2601.0.0', 'd1');
const MOVE = moveTarget('move', R1);
const SETTLE = moveTarget('settle', R1);
const SITE = MOVE.from.site.site;
const DOMAIN = MOVE.from.desa.domain;

const clock = { now: () => new Date(0), sleep: async () => {} };

async function moved(): Promise<TwoWorlds> {
  const worlds = servingOnOld(MOVE);
  await perform(worlds, MOVE);
  return worlds;
}

/** A neighbour lives in the runtime of both servers: neither goes. */
function amongNeighbours(): TwoWorlds {
  const worlds = servingOnOld(MOVE);
  // Who lives on the new server has its way there.
  worlds.new.ways = [MOVE.to.server.name];
  for (const [world, code] of [
    [worlds.old, 'd1307012008'],
    [worlds.new, 'd1307012009'],
  ] as const) {
    (world.runtimes[R1.version] ??= []).push(code);
    world.placed[code] = R1.id;
  }
  return worlds;
}

const CASES: [string, () => Promise<TwoWorlds> | TwoWorlds, MoveTarget][] = [
  ['a move to an empty server', () => servingOnOld(MOVE), MOVE],
  ['a move between servers with neighbours', amongNeighbours, MOVE],
  ['the end of a kept day', moved, SETTLE],
];

/** Past the point of no return a failure is a warning: the old runtime stands empty until the sweeper comes. */
const withoutLeftovers = (worlds: TwoWorlds): TwoWorlds => {
  if (worlds.old.runtimes[R1.version]?.length === 0) delete worlds.old.runtimes[R1.version];
  return worlds;
};

describe.each(CASES)('%s', (_name, begin, target) => {
  it('ends done', async () => {
    const { journal } = await perform(await begin(), target);
    expect([journal.problem, journal.state]).toEqual([undefined, 'done']);
  });

  it('with any one call to the world failing ends either done or with both worlds as before', async () => {
    const { calls } = await perform(await begin(), target);
    const finished = await begin();
    await perform(finished, target);
    for (const afterwards of [false, true])
      for (let failAt = 1; failAt <= calls; failAt += 1) {
        const worlds = await begin();
        const before = structuredClone(worlds);
        const { journal } = await perform(worlds, target, new Calls({ failAt, afterwards }));
        const outcome = { failAt, afterwards, state: journal.state, worlds: withoutLeftovers(worlds) };
        const wanted = journal.state === 'done' ? withoutLeftovers(finished) : withoutLeftovers(before);
        const state = journal.state === 'done' ? 'done' : 'undone';
        // A folder that was deleted is not put back: it stands at the new place, and so it did before.
        if (target === SETTLE && state === 'undone') outcome.worlds.old.folders = wanted.old.folders;
        expect(outcome).toEqual({ failAt, afterwards, state, worlds: wanted });
      }
  });

  it('killed at any one call to the world is taken up and ends as if nothing had been', async () => {
    const finished = await begin();
    const { calls } = await perform(finished, target);
    expect(calls).toBeGreaterThan(8);
    for (const afterwards of [false, true])
      for (let failAt = 1; failAt <= calls; failAt += 1) {
        const worlds = await begin();
        const { state } = await takenUp(aimed(worlds, target), { failAt, afterwards });
        expect({ failAt, afterwards, state, worlds }).toEqual({ failAt, afterwards, state: 'done', worlds: finished });
      }
  });
});

describe('a worker that dies', () => {
  it('at any line of its journal leaves what the next one takes up, at the same step', async () => {
    const finished = await moved();
    const { journal } = await perform(servingOnOld(MOVE), MOVE);
    for (let at = 1; at <= journal.writes; at += 1) {
      const worlds = servingOnOld(MOVE);
      const torn = new MemoryJournal();
      torn.loseLeaseAt = at;
      const work = { ...aimed(worlds, MOVE), journal: torn, clock };
      await walk({ ...work, tools: work.tools(new Calls()) }).catch((error: unknown) => {
        if (!(error instanceof LeaseLost)) throw error;
      });
      torn.loseLeaseAt = Infinity;
      if (torn.state !== 'done')
        await walk({ ...work, tools: work.tools(new Calls()), undoing: torn.state === 'undoing' });
      expect({ at, state: torn.state, worlds }).toEqual({ at, state: 'done', worlds: finished });
    }
    expect(journal.writes).toBeGreaterThan(30);
  });
});

describe('a moved desa', () => {
  it('serves on the new server with what its people wrote, and the old gateway passes its visitors on', async () => {
    const worlds = await moved();
    expect(worlds.new).toMatchObject({
      folders: { [SITE]: 'written by its people' },
      runtimes: { [R1.version]: [SITE] },
      routes: { [DOMAIN]: R1.version },
      placed: { i: R1.id },
    });
    expect(worlds.old).toMatchObject({
      folders: { [SITE]: 'written by its people' },
      routes: { [DOMAIN]: 'dua.test:80' },
      placed: {},
      runtimes: {},
    });
    expect(worlds.move).toEqual({ kept: true, settled: false });
  });

  it('finds its image brought to the new server', async () => {
    const worlds = servingOnOld(MOVE);
    worlds.new.images = [];
    const { journal } = await perform(worlds, MOVE);
    expect([journal.state, worlds.new.images]).toEqual(['done', [R1.imageId]]);
  });

  it('takes along what was written between the first copy and the maintenance page', async () => {
    const worlds = servingOnOld(MOVE);
    const tools = (made: MoveTools): MoveTools => {
      const carry = made.carriage.carry;
      let isFirst = true;
      made.carriage.carry = async (entries) => {
        await carry(entries);
        if (isFirst) worlds.old.folders[SITE] = 'written meanwhile';
        isFirst = false;
      };
      return made;
    };
    await perform(worlds, MOVE, new Calls(), { tools });
    expect(worlds.new.folders[SITE]).toBe('written meanwhile');
  });

  it('has stopped writing before its files are compared', async () => {
    let isWriting = true;
    const tools = (made: MoveTools): MoveTools => {
      const { carriage, from } = made;
      const [sums, silence] = [carriage.sums, from.runtimes.silence];
      from.runtimes.silence = async (...its) => {
        isWriting = false;
        await silence(...its);
      };
      carriage.sums = async (side) => (side === 'old' && isWriting ? new Map([['isi', 'half']]) : sums(side));
      return made;
    };
    const { journal } = await perform(servingOnOld(MOVE), MOVE, new Calls(), { tools });
    expect([journal.state, isWriting]).toEqual(['done', false]);
  });

  it('leaves nothing on the old server once its day is over', async () => {
    const worlds = await moved();
    await perform(worlds, SETTLE);
    expect(worlds.old).toMatchObject({ folders: {}, routes: {}, runtimes: {} });
    expect(worlds.new.routes).toEqual({ [DOMAIN]: R1.version });
    expect(worlds.move).toEqual({ kept: false, settled: true });
  });

  it('keeps its old place as long as the new one does not answer', async () => {
    const worlds = await moved();
    worlds.new.runtimes = {};
    const { journal } = await perform(worlds, SETTLE);
    expect(journal.problem?.code).toBe('site-not-proved');
    expect(worlds.old.folders[SITE]).toBeDefined();
  });

  it('is told how long it was away, and which DNS record to change', async () => {
    const said: string[] = [];
    const tools = (made: MoveTools): MoveTools => ({ ...made, say: async (_level, line) => void said.push(line) });
    await perform(servingOnOld(MOVE), MOVE, new Calls(), { tools });
    expect(said).toContain('maintenance page for 4.0 s, predicted 3.0 s');
    expect(said).toContain(`point the DNS record of ${DOMAIN} to dua.test; s passes visitors on for a day`);
  });
});
