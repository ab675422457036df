import type { RunSeen } from '#libs/rollouts/rollout.js';
import type { RolloutWorld, WorldRun } from './rollout-world.js';

/** What may happen to a rollout; `pick` chooses whom it happens to. */
export const HAPPENINGS = {
  start: (world, pick) => startRun(world, pick),
  well: (world, pick) => endRun(world, pick, 'done', true),
  wellAgain: (world, pick) => endRun(world, pick, 'done', true),
  wellOnceMore: (world, pick) => endRun(world, pick, 'done', true),
  /** The run says done, the site says otherwise. */
  lie: (world, pick) => endRun(world, pick, 'done', false),
  fail: (world, pick) => endRun(world, pick, 'undone', false),
  break: (world, pick) => endRun(world, pick, 'broken', false),
  /** The worker dies: another one takes the run up from the queue. */
  kill: (world, pick) => {
    const run = picked(world.openRuns, pick);
    if (run?.state === 'running') run.state = 'queued';
  },
  bell: (world) => void world.ring(),
  twoBells: (world) => void world.ring(2),
  settle: (world) => world.settle(),
  wait: (world, pick) => world.pass(pick % 120),
  jump: (world, pick) => world.pass((pick % 10) * 3600),
  pause: (world) => world.pause('asked'),
  resume: (world) => resume(world),
  hold: (world, pick) => {
    const desa = picked(world.rollout.desa, pick);
    if (desa) desa.isHeld = !desa.isHeld;
  },
  retry: (world) => retry(world),
  yes: (world) => sayYes(world),
  other: (world, pick) => {
    const desa = picked(world.rollout.desa, pick);
    if (desa && !world.openRuns.some(({ desaId }) => desaId === desa.desaId) && !world.foreign.delete(desa.desaId))
      world.foreign.add(desa.desaId);
  },
  remove: (world, pick) => {
    const desa = picked(world.rollout.desa, pick);
    if (desa?.state === 'waiting' && pick % 3 === 0) world.rollout.desa.splice(world.rollout.desa.indexOf(desa), 1);
  },
  withdraw: (world, pick) => {
    if (pick % 8 === 0) world.rollout.isReleaseWithdrawn = true;
  },
  stop: (world, pick) => {
    if (pick % 16 === 0 && ['running', 'paused'].includes(world.rollout.state)) world.rollout.state = 'stopped';
  },
} satisfies Record<string, (world: RolloutWorld, pick: number) => void>;
export type Happening = keyof typeof HAPPENINGS;

const picked = <Item>(items: readonly Item[], pick: number): Item | undefined =>
  items[pick % Math.max(1, items.length)];

export function startRun(world: RolloutWorld, pick: number): void {
  const run = picked(world.openRuns, pick);
  if (run?.state === 'queued') run.state = 'running';
}

function endRun(world: RolloutWorld, pick: number, state: RunSeen['state'], isTrue: boolean): void {
  const run = picked(world.openRuns, pick);
  if (run) end(world, run, state, isTrue);
}

export function end(world: RolloutWorld, run: WorldRun, state: RunSeen['state'], isTrue: boolean): void {
  world.pass(1);
  Object.assign(run, { state, endedAt: world.now });
  if (run.phase === 'rehearse' && isTrue)
    world.rollout.rehearsal = { verdict: 'rolling', isCodeOnly: world.plan.isCodeOnly };
  const desa = world.rollout.desa.find(({ desaId }) => desaId === run.desaId);
  if (!desa || state !== 'done') return;
  if (isTrue) world.sites.set(desa.desaId, world.rollout.version);
  Object.assign(desa, { observedVersion: world.sites.get(desa.desaId) ?? 'v2601.0.0', observedAt: world.now });
}

export function resume(world: RolloutWorld): void {
  if (world.rollout.state !== 'paused') return;
  Object.assign(world.rollout, { state: 'running', windowEndsAt: world.windowEnd() });
  Object.assign(world, { resumedAt: world.now, pausedFor: null });
}

/** A person clears what is broken and puts failed desa back into the line; phases find their way by the resume. */
export function retry(world: RolloutWorld): void {
  if (!['running', 'paused'].includes(world.rollout.state)) return;
  for (const run of world.runs) if (run.state === 'broken') run.state = 'undone';
  for (const desa of world.rollout.desa) if (desa.state === 'failed') desa.state = 'waiting';
}

export function sayYes(world: RolloutWorld): void {
  const wave = world.rollout.waves.find(({ state, settledAt }) => state === 'running' && settledAt !== null);
  if (wave) wave.releasedAt = world.now;
}

/** Nothing goes wrong any more: everything under way ends well, nobody else is in the way. */
export function calm(world: RolloutWorld): void {
  world.foreign.clear();
  for (const run of world.openRuns) end(world, run, 'done', true);
  world.pass(120);
  world.settle();
}
