import type { Rollout, RolloutPlan } from '#libs/contract/rollouts.js';
import { standingOf } from './standing.js';
import { gateForPerson, partsOf, sumOf, waveAtGate } from './sums.js';
import { readWaves, wayOf, writeWaves, ways } from './wave-sizes.js';
import { settingsOf, settingsValues } from './settings-form.js';

type Wave = Rollout['waves'][number];
const none = { waiting: 0, running: 0, done: 0, failed: 0, held: 0, already: 0 };
const wave = (position: number, state: Wave['state'], counts: Partial<Wave['counts']>): Wave => ({
  position,
  state,
  startedAt: null,
  settledAt: counts.waiting || counts.running ? null : '2026-11-24T15:00:00.000Z',
  endedAt: null,
  releasedBy: null,
  startedAfterMilliseconds: null,
  counts: { ...none, ...counts },
});

describe('sizes of waves as people write them', () => {
  it.each([
    ['1, 5%, 25%, 100%', [{ count: 1 }, { percent: 5 }, { percent: 25 }, { percent: 100 }]],
    [' 3 ;50 % ', [{ count: 3 }, { percent: 50 }]],
    ['12', [{ count: 12 }]],
  ])('%j is understood', (text, waves) => expect(readWaves(text)).toEqual(waves));
  it.each(['', ',', '0', '101%', '1, x', '-1', '1.5', '5%%'])('%j is not', (text) =>
    expect(readWaves(text)).toBeNull(),
  );
  it('are written as they are read, and the offered ways are known by name', () => {
    for (const [name, text] of Object.entries(ways)) {
      expect(writeWaves(readWaves(text) ?? [])).toBe(text);
      expect(wayOf(text)).toBe(name);
    }
    expect(wayOf('2, 100%')).toBe('own');
  });
  it('settings come out of the form as they went in', () => {
    const settings = settingsOf(settingsValues({ soakMinutes: 15, stopAfter: { failures: 2, percent: 10 } }));
    expect(settingsOf(settingsValues(settings ?? {}))).toEqual(settings);
    expect(settingsOf(settingsValues())?.stopAfter).toEqual({ failures: 0 });
    for (const stopAfter of [{ failures: 3 }, { percent: 5 }, {}])
      expect(settingsOf(settingsValues({ stopAfter }))?.stopAfter).toEqual(stopAfter);
    expect(settingsOf({ ...settingsValues(), waves: 'x' })).toBeNull();
  });
});

describe('what a plan and its waves come to', () => {
  const one = { desaId: '', code: '', name: '', kecamatan: '', server: '', from: null, to: 'v2', blockers: [] };
  it('tells the blocked apart from those already there', () => {
    const desa: RolloutPlan['desa'] = [
      { ...one, wave: 0, isAlready: false },
      { ...one, wave: null, isAlready: true },
      { ...one, wave: null, isAlready: false, blockers: ['held'] },
    ];
    const parts = partsOf({ desa } as RolloutPlan);
    expect(Object.values(parts).map(({ length }) => length)).toEqual([1, 1, 1]);
  });
  it('adds the waves up', () =>
    expect(sumOf([wave(0, 'passed', { done: 2 }), wave(1, 'running', { done: 1, failed: 3 })])).toMatchObject({
      done: 3,
      failed: 3,
      waiting: 0,
    }));
  it('sees a gate only when a wave has settled, another follows, and a person has not said yes', () => {
    const waves = [wave(0, 'running', { done: 1 }), wave(1, 'waiting', { waiting: 4 })];
    const rollout = { waves, state: 'running', phase: 'waves', settings: { needsYes: true } } as never as Parameters<
      typeof gateForPerson
    >[0];
    expect(gateForPerson(rollout)?.position).toBe(0);
    expect(gateForPerson({ ...rollout, settings: { ...rollout.settings, needsYes: false } })).toBeUndefined();
    expect(gateForPerson({ ...rollout, waves: [{ ...waves[0]!, releasedBy: 'admin' }, waves[1]!] })).toBeUndefined();
    expect(waveAtGate({ ...rollout, waves: [wave(0, 'running', { running: 1 }), waves[1]!] })).toBeUndefined();
    expect(waveAtGate({ ...rollout, waves: [waves[0]!] })).toBeUndefined();
    expect(waveAtGate({ ...rollout, state: 'paused' })).toBeUndefined();
  });
});

describe('how a phase stands', () => {
  it.each([
    ['rehearse', 'running', 'migrate', false, 'done'],
    ['migrate', 'running', 'migrate', false, 'now'],
    ['waves', 'running', 'migrate', false, 'next'],
    ['migrate', 'paused', 'migrate', false, 'halted'],
    ['waves', 'stopped', 'rehearse', false, 'never'],
    ['rehearse', 'draft', 'rehearse', false, 'next'],
    ['backup', 'running', 'waves', true, 'skipped'],
    ['waves', 'finished', 'waves', false, 'done'],
  ] as const)('%s of a rollout that is %s in %s (code only: %s) is %s', (phase, state, now, isCodeOnly, standing) =>
    expect(standingOf(phase, { state, phase: now }, isCodeOnly)).toBe(standing),
  );
});
