import {
  ago,
  desaSeen,
  movingDesa,
  NOW,
  provedDesa,
  rolloutSeen,
  runSeen,
  secondsFrom,
  settingsOf,
  waveSeen,
} from '#test/factories/rollouts.js';
import { decide } from './decide.js';
import type { Decision, DesaSeen, RolloutSeen, WaveSeen } from './rollout.js';

const doing = (change: Partial<RolloutSeen>): Decision[] => decide(rolloutSeen(change), NOW);
const started = (change: Partial<RolloutSeen>): string[] =>
  doing(change).flatMap((decision) => (decision.do === 'start-desa' ? [decision.desaId] : []));
const acts = (change: Partial<RolloutSeen>): string[] => doing(change).map((decision) => decision.do);

const many = (count: number, state: DesaSeen['state'], change: Partial<DesaSeen> = {}): DesaSeen[] =>
  Array.from({ length: count }, (_, index) => desaSeen(`${state}${index}`, { state, position: index, ...change }));
const failing = (desaId: string): DesaSeen => movingDesa(desaId, { state: 'undone', endedAt: ago(1) });
const rule = (failures: number, percent: number) => ({ settings: settingsOf({ stopAfter: { failures, percent } }) });
const wave = (position: number, state: WaveSeen['state'], change: Partial<WaveSeen> = {}): WaveSeen =>
  waveSeen(position, { state, startedAt: state === 'waiting' ? null : ago(200), ...change });
const settled = { settledAt: ago(0) };

describe('starting', () => {
  it('takes as many per server as there is room for, in the order of the plan', () => {
    const desa = [...many(6, 'waiting'), desaSeen('other', { serverId: 'second', position: 9 })];
    expect(started({ desa })).toEqual(['waiting0', 'waiting1', 'waiting2', 'waiting3', 'other']);
  });

  it.each([
    [0, 4],
    [3, 1],
    [4, 0],
    [7, 0],
  ])('leaves room for the %i that others move on the server', (busy, room) =>
    expect(started({ desa: many(6, 'waiting'), busyOnServer: { server: busy } })).toHaveLength(room),
  );

  it('counts a run that missed its deadline until it has ended', () => {
    const late = desaSeen('late', { state: 'failed', run: runSeen() });
    const desa = [late, ...many(6, 'waiting')];
    expect(started({ desa, ...rule(1, 100) })).toHaveLength(3);
  });

  it('begins the next in the tick in which one has ended', () =>
    expect(acts({ desa: [provedDesa('a'), ...many(1, 'waiting')], settings: settingsOf({ perServer: 1 }) })).toEqual([
      'end-desa',
      'start-desa',
    ]));

  it.each<[string, Partial<DesaSeen>]>([
    ['something else works on', { hasForeignRun: true }],
    ['its own last run has not left', { run: runSeen() }],
    ['is held', { isHeld: true }],
    ['is of a later wave', { wave: 1 }],
  ])('never takes a desa that %s', (_, change) => expect(started({ desa: many(1, 'waiting', change) })).toEqual([]));

  it('takes a desa of an earlier wave that is tried again', () =>
    expect(
      started({
        waves: [wave(0, 'passed'), wave(1, 'running')],
        desa: many(1, 'waiting').concat(desaSeen('b', { wave: 1 })),
      }),
    ).toEqual(['waiting0', 'b']));

  it('counts a desa that others never leave as failed once nothing else moves', () => {
    const busy = (startedAt: Date) => ({
      desa: many(1, 'waiting', { hasForeignRun: true }),
      waves: [wave(0, 'running', { startedAt })],
    });
    expect(doing(busy(ago(1799)))).toEqual([]);
    expect(doing(busy(ago(1800)))[0]).toMatchObject({
      do: 'end-desa',
      state: 'failed',
      problem: { code: 'desa-busy' },
    });
    expect(doing({ ...busy(ago(1800)), desa: [...busy(NOW).desa, movingDesa('a')] })).toEqual([]);
  });
});

describe('the stop rule', () => {
  it.each([
    // failures and percent allowed; failed, done, waiting, held; stops
    [0, 0, 1, 3, 1, 0, true],
    [1, 100, 1, 3, 1, 0, false],
    [1, 100, 2, 3, 1, 0, true],
    [9, 20, 1, 3, 1, 0, false],
    [9, 19, 1, 3, 1, 0, true],
    [9, 20, 1, 3, 0, 1, true],
    [9, 0, 1, 300, 1, 0, true],
    [0, 100, 1, 300, 1, 0, true],
    [0, 0, 0, 1, 1, 5, false],
  ])('of %i failures and %i %% with %i failed, %i done, %i waiting, %i held: %#', (failures, percent, ...rest) => {
    const [failed, done, waiting, held, stops] = rest;
    const desa = [...many(failed, 'failed'), ...many(done, 'done'), ...many(waiting, 'waiting'), ...many(held, 'held')];
    const found = acts({ desa, ...rule(failures, percent) });
    expect(found.includes('fail-wave')).toBe(stops);
    expect(found.includes('pause')).toBe(stops);
    expect(found.includes('start-desa')).toBe(!stops && waiting > 0);
  });

  it('judges failures before successes', () =>
    expect(acts({ desa: [provedDesa('a'), provedDesa('b'), failing('c')] })).toEqual([
      'end-desa',
      'end-desa',
      'end-desa',
      'fail-wave',
      'pause',
    ]));

  it('says which wave and how much', () =>
    expect(doing({ desa: [failing('c'), ...many(3, 'done')] }).at(-1)).toEqual({
      do: 'pause',
      reason: { code: 'wave-failed', data: { wave: 1, failed: 1, of: 4, allowed: ['0 desa'] } },
    }));

  it('lets a wave pass whose failures stay within it', () =>
    expect(acts({ desa: [...many(1, 'failed'), ...many(9, 'done')], ...rule(1, 10) })).toEqual(['settle-wave']));

  it('fails a wave in which nobody arrived, whatever it allows', () =>
    expect(acts({ desa: many(2, 'failed'), ...rule(5, 100) })).toEqual(['fail-wave', 'pause']));

  it('is recomputed when failures are held', () =>
    expect(acts({ desa: [...many(1, 'failed', { isHeld: true }), ...many(2, 'done')] })).toEqual([
      'end-desa',
      'settle-wave',
    ]));
});

describe('a failed wave', () => {
  const waves = [wave(0, 'failed'), wave(1, 'waiting')];
  it('keeps the rollout paused until its failures are held or tried again', () =>
    expect(acts({ waves, desa: [...many(1, 'failed'), ...many(2, 'waiting')] })).toEqual(['pause']));
  it('is begun anew when they are tried again', () =>
    expect(doing({ waves, desa: many(2, 'waiting') })).toEqual([{ do: 'start-wave', wave: 0 }]));
});

describe('the gate', () => {
  const done = many(2, 'done');
  const at = (change: Partial<WaveSeen>, settings = settingsOf()) =>
    acts({ desa: done, settings, waves: [wave(0, 'running', change), wave(1, 'waiting')] });
  const soak = settingsOf({ soakMinutes: 10 });
  const yes = settingsOf({ needsYes: true });
  const soakAndYes = settingsOf({ soakMinutes: 10, needsYes: true });

  it.each<[string, Partial<WaveSeen>, ReturnType<typeof settingsOf>, string[]]>([
    ['opens when the wave has settled', settled, settingsOf(), ['pass-wave']],
    ['settles a wave first', {}, settingsOf(), ['settle-wave']],
    ['soaks', { settledAt: ago(599) }, soak, []],
    ['opens after the soak', { settledAt: ago(600) }, soak, ['pass-wave']],
    ['waits for a yes', { settledAt: ago(9999) }, yes, []],
    ['opens after a yes', { ...settled, releasedAt: ago(0) }, yes, ['pass-wave']],
    ['wants both: no yes', { settledAt: ago(600) }, soakAndYes, []],
    ['wants both: no soak', { settledAt: ago(599), releasedAt: ago(1) }, soakAndYes, []],
    ['wants both', { settledAt: ago(600), releasedAt: ago(1) }, soakAndYes, ['pass-wave']],
  ])('%s', (_, change, settings, expected) => expect(at(change, settings)).toEqual(expected));

  it('does not stand behind the last wave', () =>
    expect(acts({ desa: done, settings: soakAndYes, waves: [wave(0, 'running', settled)] })).toEqual(['pass-wave']));

  it('soaks anew when something of the wave ended later', () => {
    const late = desaSeen('late', { state: 'done', run: runSeen({ state: 'done', endedAt: ago(5) }) });
    const waves = [wave(0, 'running', { settledAt: ago(600) }), wave(1, 'waiting')];
    expect(acts({ desa: [late], settings: soak, waves })).toEqual(['settle-wave']);
  });

  it('stays shut while one desa is under way', () =>
    expect(
      acts({ desa: [...done, movingDesa('c')], waves: [wave(0, 'running', settled), wave(1, 'waiting')] }),
    ).toEqual([]));
});

describe('waves', () => {
  it('begin one after the other', () => {
    const waves = [wave(0, 'passed'), wave(1, 'waiting'), wave(2, 'waiting')];
    expect(doing({ waves, desa: [] })).toEqual([{ do: 'start-wave', wave: 1 }]);
  });
  it('end the rollout when the last has passed', () => {
    const waves = [wave(0, 'passed'), wave(1, 'passed')];
    expect(doing({ waves, desa: many(2, 'done') })).toEqual([{ do: 'finish' }]);
    expect(doing({ waves, desa: [...many(2, 'done'), movingDesa('a')] })).toEqual([]);
    expect(started({ waves, desa: many(1, 'waiting') })).toEqual(['waiting0']);
  });
  it('pass when everybody in them is held', () =>
    expect(acts({ desa: many(2, 'held'), waves: [wave(0, 'running', settled), wave(1, 'waiting')] })).toEqual([
      'pass-wave',
    ]));
});

describe('the end of the window', () => {
  const desa = many(8, 'waiting');
  const closing = (seconds: number, state: WaveSeen['state'], more: Partial<RolloutSeen> = {}) =>
    doing({ desa, waves: [wave(0, state)], windowEndsAt: secondsFrom(NOW, seconds), ...more });

  it('lets no wave begin that would end later', () => {
    expect(closing(120, 'waiting')).toEqual([{ do: 'start-wave', wave: 0 }]);
    expect(closing(119, 'waiting')).toMatchObject([{ do: 'pause', reason: { code: 'window-closes' } }]);
    expect(closing(119, 'failed')).toMatchObject([{ do: 'pause', reason: { code: 'window-closes' } }]);
  });
  it('lets no desa of a running wave begin that would end later', () => {
    expect(closing(60, 'running')).toHaveLength(4);
    expect(closing(59, 'running')).toMatchObject([{ do: 'pause', reason: { code: 'window-closes' } }]);
  });
  it('takes the deadline for a prediction while there is no history', () => {
    expect(closing(1800, 'running', { predictedDesaSeconds: null })).toHaveLength(4);
    expect(closing(1799, 'running', { predictedDesaSeconds: null })).toMatchObject([{ do: 'pause' }]);
  });
  it('stops nothing that is only waited for', () =>
    expect(doing({ desa: [movingDesa('a')], windowEndsAt: ago(1) })).toEqual([]));
});
