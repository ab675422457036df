import {
  ago,
  desaSeen,
  movingDesa,
  NOW,
  provedDesa,
  rolloutSeen,
  runSeen,
  waveSeen,
} from '#test/factories/rollouts.js';
import { endingsOf } from './endings.js';
import type { DesaSeen, RolloutSeen, WaveSeen } from './rollout.js';

const ending = (desa: DesaSeen, more: Partial<RolloutSeen> = {}) =>
  endingsOf(rolloutSeen({ desa: [desa], ...more }), NOW)[0];
const inWave = (state: WaveSeen['state']): Partial<RolloutSeen> => ({
  waves: [waveSeen(0, { state, startedAt: ago(200) })],
});

describe('a desa under way', () => {
  it('is done when its run is done and its site shows the target, later than it began', () =>
    expect(ending(provedDesa('a'))).toEqual({ do: 'end-desa', desaId: 'a', state: 'done' }));

  it.each<[string, DesaSeen]>([
    ['whose run still works', movingDesa('a')],
    ['whose run still works though its site shows the target', { ...provedDesa('a'), run: runSeen() }],
    ['whose run is queued again', movingDesa('a', { state: 'queued' })],
    ['whose run undoes', movingDesa('a', { state: 'undoing' })],
    ['whose site was seen before it began', provedDesa('a', { observedAt: ago(150) })],
    ['whose site was seen at the instant it began', provedDesa('a', { observedAt: ago(100) })],
    ['whose site was never seen', provedDesa('a', { observedAt: null, observedVersion: null })],
    ['whose site shows another version', provedDesa('a', { observedVersion: 'v2601.0.0' })],
    ['whose site shows no readable version', provedDesa('a', { observedVersion: 'OpenSID' })],
  ])('%s has not ended', (_, desa) => expect(ending(desa)).toBeUndefined());

  it('is not proved by what was seen before its wave began', () =>
    expect(ending(provedDesa('a'), { waves: [waveSeen(0, { state: 'running', startedAt: ago(2) })] })).toBeUndefined());

  it('may write its version as the application does', () =>
    expect(ending(provedDesa('a', { observedVersion: '2602.0.0' }))).toMatchObject({ state: 'done' }));

  it.each(['undone', 'broken', 'cancelled'] as const)('has failed when its run is %s', (state) => {
    const problem = { code: 'site-not-proved', data: { status: 500 } };
    expect(ending(movingDesa('a', { state, problem }))).toMatchObject({ state: 'failed', problem });
    expect(ending(movingDesa('a', { state }))).toMatchObject({ problem: { code: 'desa-run-ended', data: { state } } });
  });

  it('has failed when its run was undone, whatever its site shows', () =>
    expect(ending({ ...provedDesa('a'), run: runSeen({ state: 'undone' }) })).toMatchObject({ state: 'failed' }));

  it('has failed when the site was silent for a minute after the run said done', () => {
    const silent = (seconds: number): DesaSeen =>
      movingDesa('a', { state: 'done', endedAt: ago(seconds) }, { startedAt: ago(500) });
    expect(ending(silent(59))).toBeUndefined();
    expect(ending(silent(60))).toMatchObject({ state: 'failed', signature: 'not-observed' });
  });

  it('has failed when its deadline is over', () => {
    const late = (seconds: number): DesaSeen => movingDesa('a', {}, { startedAt: ago(seconds) });
    expect(ending(late(1799))).toBeUndefined();
    expect(ending(late(1800))).toMatchObject({ state: 'failed', signature: 'deadline' });
  });

  it('that ended well is not late, however late the tick comes', () =>
    expect(
      ending(
        provedDesa('a', {
          startedAt: ago(9000),
          run: runSeen({ state: 'done', endedAt: ago(8900) }),
          observedAt: ago(8899),
        }),
        {
          waves: [waveSeen(0, { state: 'running', startedAt: ago(9500) })],
        },
      ),
    ).toMatchObject({ state: 'done' }));

  it('runs to its end when it is held meanwhile', () => {
    expect(ending(movingDesa('a', {}, { isHeld: true }))).toBeUndefined();
    expect(ending(provedDesa('a', { isHeld: true }))).toMatchObject({ state: 'done' });
  });
});

describe('a hold', () => {
  it('is looked at when the turn of the desa has come', () => {
    const held = desaSeen('a', { isHeld: true });
    expect(ending(held, inWave('waiting'))).toBeUndefined();
    expect(ending(held, inWave('running'))).toEqual({ do: 'end-desa', desaId: 'a', state: 'held' });
    expect(ending(held, { ...inWave('running'), state: 'paused' })).toMatchObject({ state: 'held' });
    expect(ending(desaSeen('a'), inWave('running'))).toBeUndefined();
  });

  it('excuses a failure until its wave has passed', () => {
    const held = desaSeen('a', { isHeld: true, state: 'failed' });
    expect(ending(held, inWave('failed'))).toMatchObject({ state: 'held' });
    expect(ending(held, inWave('running'))).toMatchObject({ state: 'held' });
    expect(ending(held, inWave('passed'))).toBeUndefined();
  });

  it('changes nothing in a rollout that is over', () => {
    for (const state of ['stopped', 'finished'] as const)
      expect(ending(desaSeen('a', { isHeld: true, state: 'failed' }), { ...inWave('failed'), state })).toBeUndefined();
  });

  it.each(['done', 'already', 'held'] as const)('does nothing to a desa that is %s', (state) =>
    expect(ending(desaSeen('a', { isHeld: true, state }), inWave('running'))).toBeUndefined(),
  );
});

it('a desa that waits to be tried again is not judged by its last run', () =>
  expect(ending(desaSeen('a', { run: runSeen({ state: 'undone', endedAt: ago(50) }) }))).toBeUndefined());
