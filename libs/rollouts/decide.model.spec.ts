import fc from 'fast-check';
import { settingsOf } from '#test/factories/rollouts.js';
import { calm, HAPPENINGS, resume, retry, sayYes, type Happening } from '#test/fakes/rollout-chaos.js';
import { must, RolloutWorld, type WorldPlan } from '#test/fakes/rollout-world.js';

const settings = fc
  .record({
    soakMinutes: fc.constantFrom(0, 0, 10),
    needsYes: fc.boolean(),
    stopAfter: fc.record(
      { failures: fc.integer({ min: 0, max: 2 }), percent: fc.constantFrom(0, 20, 50, 100) },
      { requiredKeys: [] },
    ),
    perServer: fc.integer({ min: 1, max: 3 }),
    deadlineSeconds: fc.constantFrom(30, 1800),
  })
  .map(settingsOf);
const plan: fc.Arbitrary<WorldPlan> = fc.record({
  settings,
  waves: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }),
  isCodeOnly: fc.boolean(),
  windowHours: fc.constantFrom(null, null, 6),
});
const happenings = fc.array(
  fc.tuple(fc.constantFrom(...(Object.keys(HAPPENINGS) as Happening[])), fc.nat({ max: 1000 })),
  { minLength: 10, maxLength: 150 },
);

/** Where a desa may be left: updated, failed and undone, held, or waiting behind a rollout that waits for a person. */
function assertSettled({ rollout, openRuns }: RolloutWorld): void {
  const isOver = rollout.state === 'finished' || rollout.state === 'stopped';
  must(openRuns.length === 0, 'a run is left open');
  must(rollout.state !== 'running', 'it runs, and nothing moves');
  for (const { state } of rollout.desa) {
    must(state !== 'running', 'a desa is left under way');
    must(state !== 'waiting' || !isOver || rollout.state === 'stopped', 'a desa is left waiting in a finished rollout');
  }
}

/** As long as the waves could take: each round every run under way ends. */
const roundsFor = ({ plan: { waves } }: RolloutWorld): number =>
  20 + waves.reduce((sum, count) => sum + count + 3, 0) * 4;

function quieten(world: RolloutWorld, helped: () => void = () => {}): void {
  for (let round = 0; round < roundsFor(world); round += 1) {
    helped();
    sayYes(world);
    calm(world);
    world.pass(600);
  }
}

/** A person who does what the words of a pause ask for: hold nothing, retry, resume. */
function help(world: RolloutWorld): void {
  if (world.rollout.state !== 'paused') return;
  retry(world);
  resume(world);
}

/** Many failures, and persons who try again: what the stop rule is for. */
const rough: fc.Arbitrary<[Happening, number][]> = fc.array(
  fc.tuple(
    fc.constantFrom<Happening>('fail', 'well', 'well', 'settle', 'settle', 'yes', 'retry', 'resume'),
    fc.nat({ max: 1000 }),
  ),
  { minLength: 20, maxLength: 80 },
);
const roughPlan = fc
  .tuple(plan, fc.record({ failures: fc.integer({ min: 1, max: 9 }), percent: fc.constantFrom(20, 50, 100) }))
  .map(([drawn, stopAfter]): WorldPlan => ({ ...drawn, isCodeOnly: true, settings: { ...drawn.settings, stopAfter } }));

/** Nobody answers any more: what was begun long ago counts as failed. */
function assertNoneSilent(world: RolloutWorld): void {
  const { deadlineSeconds } = world.rollout.settings;
  world.pass(deadlineSeconds + 60);
  world.settle();
  const working = new Set(world.openRuns.map(({ desaId }) => desaId));
  for (const { state, desaId, startedAt } of world.rollout.desa.filter((desa) => working.has(desa.desaId)))
    must(
      state !== 'running' || world.now.getTime() - startedAt!.getTime() < deadlineSeconds * 1000,
      `${desaId} is silent for ever`,
    );
}

describe('a rollout, whatever happens to it', () => {
  it('never breaks a rule, and leaves every desa updated, undone, held or waiting for a person', () => {
    fc.assert(
      fc.property(plan, happenings, (drawn, story) => {
        const world = new RolloutWorld(drawn);
        for (const [happening, pick] of story) {
          HAPPENINGS[happening](world, pick);
          if (pick % 2 === 0) world.ring();
        }
        assertNoneSilent(world);
        quieten(world);
        assertSettled(world);
      }),
      { numRuns: 100 },
    );
  });

  it('keeps to the stop rule when much fails, and still comes to its end', () => {
    fc.assert(
      fc.property(roughPlan, rough, (drawn, story) => {
        const world = new RolloutWorld({ ...drawn, windowHours: null });
        calm(world);
        for (const [happening, pick] of story) HAPPENINGS[happening](world, pick);
        assertNoneSilent(world);
        quieten(world, () => help(world));
        must(world.rollout.state === 'finished', `it is ${world.rollout.state} (${world.pausedFor})`);
      }),
      { numRuns: 100 },
    );
  });

  it('comes to its end once nothing goes wrong any more and a person answers', () => {
    fc.assert(
      fc.property(plan, happenings, (drawn, story) => {
        const world = new RolloutWorld(drawn);
        for (const [happening, pick] of story)
          if (happening !== 'withdraw' && happening !== 'stop') HAPPENINGS[happening](world, pick);
        quieten(world, () => help(world));
        must(world.rollout.state === 'finished', `it is ${world.rollout.state} (${world.pausedFor})`);
      }),
      { numRuns: 100 },
    );
  });

  it('finishes by itself in bounded ticks when all goes well', () => {
    fc.assert(
      fc.property(plan, (drawn) => {
        const world = new RolloutWorld({
          ...drawn,
          windowHours: null,
          settings: { ...drawn.settings, needsYes: false },
        });
        const desa = world.rollout.desa.length;
        for (let round = 0; round < roundsFor(world) && world.rollout.state === 'running'; round += 1) {
          calm(world);
          world.pass(600);
        }
        must(world.rollout.state === 'finished', `it is ${world.rollout.state} (${world.pausedFor})`);
        must(
          world.rollout.desa.every(({ state }) => state === 'done'),
          'not everybody was updated',
        );
        must(world.runs.filter(({ desaId }) => desaId !== null).length === desa, 'a desa was run twice');
        must(world.ticks <= 20 + drawn.waves.length * 8 + desa * 4, `it took ${world.ticks} ticks`);
      }),
      { numRuns: 100 },
    );
  });
});
