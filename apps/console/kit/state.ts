import type { Installation, Release, Run, Step } from '#libs/contract/contract.js';
import type { Rollout, RolloutWhole } from '#libs/contract/rollouts.js';

/** The six looks of design/console: table, bar, timeline and page title all ask here. */
export const looks = ['good', 'busy', 'waiting', 'held', 'attention', 'broken'] as const;
export type Look = (typeof looks)[number];

export const runLook: Record<Run['state'], Look> = {
  queued: 'waiting',
  running: 'busy',
  done: 'good',
  undoing: 'busy',
  undone: 'attention',
  broken: 'broken',
  cancelled: 'held',
};

export const stepLook: Record<Step['state'], Look> = {
  waiting: 'waiting',
  running: 'busy',
  done: 'good',
  skipped: 'held',
  failed: 'broken',
  undoing: 'busy',
  undone: 'attention',
  'undo-failed': 'broken',
};

export const releaseLook: Record<Release['state'], Look> = {
  added: 'waiting',
  building: 'busy',
  built: 'good',
  failed: 'broken',
  withdrawn: 'held',
};

const installationStates: Record<Installation['state'], Look> = {
  absent: 'held',
  installing: 'busy',
  running: 'good',
  updating: 'busy',
  removing: 'busy',
  broken: 'broken',
};

/** A site that runs but answers another version than wanted, or has a problem noted, needs a look. */
export const installationLook = (installation: Installation): Look => {
  const look = installationStates[installation.state];
  return look === 'good' && (installation.problem || differs(installation)) ? 'attention' : look;
};

export const differs = (installation: Pick<Installation, 'wantedVersion' | 'observedVersion'>): boolean =>
  installation.wantedVersion !== null && installation.wantedVersion !== installation.observedVersion;

const order: Look[] = ['broken', 'attention', 'busy', 'waiting', 'held', 'good'];
/** The look of a desa is the worst of its applications; a desa without any waits for its first installation. */
export const worstLook = (found: Look[]): Look => order.find((look) => found.includes(look)) ?? 'held';

export const hasEnded = (state: Run['state']): boolean => ['done', 'undone', 'broken', 'cancelled'].includes(state);

export const rolloutLook: Record<Rollout['state'], Look> = {
  draft: 'waiting',
  approved: 'waiting',
  running: 'busy',
  paused: 'attention',
  finished: 'good',
  stopped: 'held',
};

export const waveLook: Record<Rollout['waves'][number]['state'], Look> = {
  waiting: 'waiting',
  running: 'busy',
  passed: 'good',
  failed: 'broken',
};

export type RolloutDesaState = RolloutWhole['desa'][number]['state'];
/** In the order of the bars: what is settled first, what is still to come last. */
export const rolloutDesaLook: Record<RolloutDesaState, Look> = {
  already: 'good',
  done: 'good',
  running: 'busy',
  failed: 'broken',
  held: 'held',
  waiting: 'waiting',
};

export const hasRolloutEnded = (state: Rollout['state']): boolean => state === 'finished' || state === 'stopped';
