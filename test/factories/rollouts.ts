import { rolloutSettings, type RolloutSettings } from '#libs/contract/rollouts.js';
import type { DesaSeen, RolloutSeen, RunSeen, WaveSeen } from '#libs/rollouts/rollout.js';

export const NOW = new Date('2026-02-10T15:00:00Z');
export const secondsFrom = (from: Date, seconds: number): Date => new Date(from.getTime() + seconds * 1000);
export const ago = (seconds: number): Date => secondsFrom(NOW, -seconds);

export const settingsOf = (change: Partial<RolloutSettings> = {}): RolloutSettings => ({
  ...rolloutSettings.parse({}),
  ...change,
});

export const runSeen = (change: Partial<RunSeen> = {}): RunSeen => ({
  id: 'run',
  state: 'running',
  createdAt: ago(100),
  endedAt: null,
  problem: null,
  ...change,
});

export const desaSeen = (desaId: string, change: Partial<DesaSeen> = {}): DesaSeen => ({
  desaId,
  wave: 0,
  position: 0,
  serverId: 'server',
  state: 'waiting',
  attempts: 0,
  startedAt: null,
  run: null,
  observedVersion: 'v2601.0.0',
  observedAt: ago(10_000),
  isHeld: false,
  hasForeignRun: false,
  ...change,
});

/** Under way since 100 seconds, or ended as `run` says. */
export const movingDesa = (desaId: string, run: Partial<RunSeen> = {}, change: Partial<DesaSeen> = {}): DesaSeen =>
  desaSeen(desaId, { state: 'running', startedAt: ago(100), run: runSeen({ id: `run-${desaId}`, ...run }), ...change });

/** Its run is done and its site shows the target. */
export const provedDesa = (desaId: string, change: Partial<DesaSeen> = {}): DesaSeen =>
  movingDesa(
    desaId,
    { state: 'done', endedAt: ago(5) },
    { observedVersion: 'v2602.0.0', observedAt: ago(4), ...change },
  );

export const waveSeen = (position: number, change: Partial<WaveSeen> = {}): WaveSeen => ({
  position,
  state: 'waiting',
  startedAt: null,
  settledAt: null,
  releasedAt: null,
  ...change,
});

export const rolloutSeen = (change: Partial<RolloutSeen> = {}): RolloutSeen => ({
  id: 'rollout',
  state: 'running',
  phase: 'waves',
  version: 'v2602.0.0',
  settings: settingsOf(),
  isCodeOnly: false,
  isReleaseWithdrawn: false,
  phaseRun: null,
  rehearsal: { verdict: 'rolling', isCodeOnly: false },
  windowEndsAt: null,
  predictedDesaSeconds: 60,
  waves: [waveSeen(0, { state: 'running', startedAt: ago(200) }), waveSeen(1)],
  desa: [],
  busyOnServer: {},
  ...change,
});
