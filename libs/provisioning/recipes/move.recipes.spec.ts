import { LeaseLost } from '#libs/core/errors.js';
import { walk } from '#libs/runs/engine.js';
import { release } from '#test/factories/target.js';
import { Calls } from '#test/fakes/calls.js';
import { carried, takenUp, type Carried } from '#test/fakes/carried.js';
import { MemoryJournal } from '#test/fakes/memory-journal.js';
import { FakeMove, moveTarget, servingOnOld, type TwoWorlds } from '#test/fakes/fake-move.js';
import type { MoveTarget, MoveTools } from '../move-target.js';
import { moveRecipes } from './move.recipes.js';

const R1 = release('v2601.0.0', 'd1');
const MOVE = moveTarget('move', R1);
const SETTLE = moveTarget('settle', R1);
const SITE = MOVE.from.site.site;
const DOMAIN = MOVE.from.desa.domain;

const clock = { now: () => new Date(0), sleep: async () => {} };

interface Around {
  tools?: (tools: MoveTools) => MoveTools;
  fake?: (fake: FakeMove) => void;
}

const aimed = (worlds: TwoWorlds, target: MoveTarget, { tools = (same) => same, fake = () => {} }: Around = {}) => ({
  recipe: moveRecipes.get(target.run.verb)!,
  target,
  tools: (calls: Calls) => {
    const made = new FakeMove(worlds, target, calls);
    fake(made);
    return tools(made.tools());
  },
});
const perform = (worlds: TwoWorlds, target: MoveTarget, calls = new Calls(), around?: Around): Promise<Carried> =>
  carried(aimed(worlds, target, around), calls);

async function moved(): Promise<TwoWorlds> {
  const worlds = servingOnOld(MOVE);
  await perform(worlds, MOVE);
  return worlds;
}

/** A neighbour lives in the runtime of both servers: neither goes. */
function amongNeighbours(): TwoWorlds {
  const worlds = servingOnOld(MOVE);
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

describe('a move that would fail', () => {
  const refused = async (around: Around, worlds = servingOnOld(MOVE)): Promise<string | undefined> => {
    const before = structuredClone(worlds);
    const { journal } = await perform(worlds, MOVE, new Calls(), around);
    expect(journal.state).toBe('undone');
    expect(worlds).toEqual(before);
    return journal.problem?.code;
  };
  const closedLines = async (around: Around): Promise<string[]> => {
    const { journal } = await perform(servingOnOld(MOVE), MOVE, new Calls(), around);
    return journal.records.filter(({ state }) => state !== 'waiting').map(({ name }) => name);
  };
  /** The site answers wrongly on the new server. */
  const faulty = (made: MoveTools): MoveTools => {
    made.to.gateway.get = async () => ({ status: 200, body: 'title=Lain;version=v2601.0.0', headers: {} });
    return made;
  };

  it('because the last one is still kept is refused', async () =>
    expect(await refused({ fake: (fake) => (fake.keptElsewhere = { server: 'x', until: new Date(0) }) })).toBe(
      'move-still-kept',
    ));
  it('because a rollout is under way is refused', async () =>
    expect(await refused({ fake: (fake) => (fake.isRolling = true) })).toBe('move-during-rollout'));
  it('because the image is not there is refused', async () => {
    const tools = (made: MoveTools): MoveTools => {
      made.to.docker.image = async () => undefined;
      return made;
    };
    expect(await refused({ tools })).toBe('image-not-there');
  });
  it('because a file cannot be read is refused with its name', async () => {
    const tools = (made: MoveTools): MoveTools => {
      made.carriage.unreadable = async () => ['desa/rahasia'];
      return made;
    };
    expect(await refused({ tools })).toBe('folder-unreadable');
  });
  it('because the new server has too little disk is refused', async () => {
    const tools = (made: MoveTools): MoveTools => ({ ...made, to: { ...made.to, minimumFreeBytes: 2 ** 40 } });
    expect(await refused({ tools })).toBe('disk-full');
  });
  it('because the old gateway does not reach the new one is refused', async () => {
    const tools = (made: MoveTools): MoveTools => {
      const asked = made.from.gateway.get;
      made.from.gateway.get = (question) =>
        question.runtime === 'dua.test' ? Promise.reject(new Error('refused')) : asked(question);
      return made;
    };
    expect(await refused({ tools })).toBe('gateway-out-of-reach');
  });
  it('because somebody else has a folder of that name there is refused', async () => {
    const worlds = servingOnOld(MOVE);
    worlds.new.folders[SITE] = 'of an earlier day';
    expect(await refused({}, worlds)).toBe('folder-in-the-way');
  });
  it('because it does not answer rightly there is undone before anybody saw a maintenance page', async () => {
    expect(await refused({ tools: faulty })).toBe('site-not-proved');
    expect(await closedLines({ tools: faulty })).not.toContain('close-site');
  });
  it('because visitors are not passed on rightly is undone, and the old place serves', async () => {
    const tools = (made: MoveTools): MoveTools => {
      const asked = made.from.gateway.get;
      made.from.gateway.get = (question) =>
        question.runtime === 'dua.test' ? Promise.resolve({ status: 502, body: '', headers: {} }) : asked(question);
      return made;
    };
    expect(await refused({ tools })).toBe('forward-not-proved');
  });
  it('at the very switch is undone, and the old place serves', async () => {
    const tools = (made: MoveTools): MoveTools => {
      made.moves.isSwitched = async () => false;
      return made;
    };
    expect(await refused({ tools })).toBe('record-missing');
  });
  it('because one byte arrived otherwise is undone, and the old place serves', async () => {
    const tools = (made: MoveTools): MoveTools => {
      const sums = made.carriage.sums;
      made.carriage.sums = async (side) => (side === 'new' ? new Map([['isi', 'x']]) : sums(side));
      return made;
    };
    expect(await refused({ tools })).toBe('copy-differs');
  });
});
