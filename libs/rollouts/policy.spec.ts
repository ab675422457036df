import { policy } from '#libs/contract/rollouts.js';
import { decideClock, type ClockFacts, type ClockRelease, type ClockRollout } from './policy.js';

const wib = (text: string): Date => new Date(`${text}:00+07:00`);
/** A Tuesday, an hour into its night. */
const NIGHT = wib('2026-02-17T23:00');
const NOON = wib('2026-02-17T12:00');
const MORNING = wib('2026-02-18T04:00').toISOString();

const rules = (change: Partial<ClockFacts['rules']> = {}) => ({
  ...policy.parse({ isOn: true, needsYes: false }),
  ...change,
});
const release = (change: Partial<ClockRelease> = {}): ClockRelease => ({
  version: 'v2602.0.0',
  edition: 'umum',
  foundAt: wib('2026-02-01T08:00'),
  isWithdrawn: false,
  isPrepared: true,
  ...change,
});
const rollout = (change: Partial<ClockRollout> = {}): ClockRollout => ({
  id: 'rollout',
  version: 'v2602.0.0',
  state: 'approved',
  reason: null,
  isByClock: true,
  ...change,
});
const facts = (change: Partial<ClockFacts> = {}): ClockFacts => ({
  rules: rules(),
  gabungan: 'Purbalingga',
  running: 'v2601.0.0',
  zones: ['WIB'],
  releases: [release()],
  rollouts: [],
  predictedSeconds: 3600,
  ...change,
});
const why = (change: Partial<ClockFacts>, now = NIGHT) => {
  const answer = decideClock(facts(change), now);
  return answer.do === 'nothing' ? answer.why : answer;
};

describe('the clock', () => {
  it('opens the rollout inside the window and says until when', () =>
    expect(decideClock(facts(), NIGHT)).toEqual({
      do: 'open-rollout',
      version: 'v2602.0.0',
      windowEndsAt: new Date(MORNING),
      needsYes: false,
    }));

  it('opens it for a person to approve when the policy wants a yes', () =>
    expect(decideClock(facts({ rules: rules({ needsYes: true }) }), NIGHT)).toMatchObject({
      do: 'open-rollout',
      needsYes: true,
    }));

  it('prepares at any time of the day', () => {
    for (const now of [NOON, NIGHT])
      expect(decideClock(facts({ releases: [release({ isPrepared: false })] }), now)).toEqual({
        do: 'prepare',
        version: 'v2602.0.0',
      });
  });

  it('takes the newest release that may be rolled', () => {
    const young = release({ version: 'v2602.1.0', foundAt: wib('2026-02-16T08:00') });
    expect(why({ releases: [release(), young] })).toMatchObject({ do: 'open-rollout', version: 'v2602.0.0' });
    expect(why({ releases: [release(), { ...young, foundAt: release().foundAt }] })).toMatchObject({
      version: 'v2602.1.0',
    });
  });

  it.each<[string, Partial<ClockFacts>, Date, object]>([
    ['clock-off', { rules: rules({ isOn: false }) }, NIGHT, {}],
    ['no-desa', { zones: [] }, NIGHT, { gabungan: 'Purbalingga' }],
    ['no-release', { releases: [] }, NIGHT, { edition: 'umum' }],
    ['no-release', { releases: [release({ edition: 'premium' })] }, NIGHT, { edition: 'umum' }],
    ['no-release', { releases: [release({ isWithdrawn: true })] }, NIGHT, { edition: 'umum' }],
    [
      'too-young',
      { releases: [release({ foundAt: wib('2026-02-12T23:00') })] },
      NIGHT,
      { version: 'v2602.0.0', days: 2 },
    ],
    ['month-skipped', { rules: rules({ skipMonths: ['2026-02'] }) }, NIGHT, { month: '2026-02', version: 'v2602.0.0' }],
    [
      'month-skipped',
      {
        rules: rules({ skipMonths: ['2026-02'] }),
        running: 'v2512.0.0',
        releases: [release({ version: 'v2601.0.0' })],
      },
      NIGHT,
      { month: '2026-02', version: 'v2601.0.0' },
    ],
    ['outside-window', {}, NOON, { opensAt: wib('2026-02-17T22:00').toISOString() }],
    [
      'window-never',
      { rules: rules({ window: { from: '22:00', to: '23:00', days: [1] } }), zones: ['WIB', 'WIT'] },
      NOON,
      { zones: ['WIB', 'WIT'] },
    ],
    ['predicted-end-outside', { predictedSeconds: 5 * 3600 + 1 }, NIGHT, { minutes: 301, left: 300 }],
    ['already-rolled', { running: 'v2602.0.0' }, NIGHT, { version: 'v2602.0.0' }],
    ['already-rolled', { rollouts: [rollout({ state: 'stopped' })] }, NIGHT, { version: 'v2602.0.0' }],
    [
      'already-rolled',
      { rollouts: [rollout({ state: 'finished', isByClock: false, version: 'v2602.0.1' })] },
      NIGHT,
      { version: 'v2602.0.0' },
    ],
    ['waits-for-yes', { rollouts: [rollout({ state: 'draft' })] }, NIGHT, { version: 'v2602.0.0' }],
    [
      'rollout-open',
      { rollouts: [rollout({ state: 'running' })] },
      NIGHT,
      { version: 'v2602.0.0', state: 'running', reason: null },
    ],
    [
      'rollout-open',
      { rollouts: [rollout({ isByClock: false })] },
      NIGHT,
      { version: 'v2602.0.0', state: 'approved', reason: null },
    ],
    [
      'rollout-open',
      { rollouts: [rollout({ state: 'paused', reason: { code: 'wave-failed', data: {} } })] },
      NIGHT,
      { version: 'v2602.0.0', state: 'paused', reason: 'wave-failed' },
    ],
  ])('does nothing: %s (%#)', (code, change, now, data) => expect(why(change, now)).toEqual({ code, data }));

  it('starts at the hour at which the last of the days is over', () => {
    const found = (text: string) => why({ releases: [release({ foundAt: wib(text) })] });
    expect(found('2026-02-10T23:00')).toMatchObject({ do: 'open-rollout' });
    expect(found('2026-02-10T23:01')).toEqual({ code: 'too-young', data: { version: 'v2602.0.0', days: 1 } });
  });

  it('uses the window to its last second, and not one more', () =>
    expect(why({ predictedSeconds: 5 * 3600 })).toMatchObject({ do: 'open-rollout' }));

  it.each<[string, Partial<ClockRollout>]>([
    ['that was approved', {}],
    ['that the end of the window stopped', { state: 'paused', reason: { code: 'window-closes', data: {} } }],
  ])('goes on inside the window with its rollout %s', (_, change) => {
    const open = { rollouts: [rollout(change)] };
    expect(why(open)).toEqual({ do: 'go-on', rolloutId: 'rollout', windowEndsAt: new Date(MORNING) });
    expect(why(open, NOON)).toMatchObject({ code: 'outside-window' });
    expect(why({ ...open, predictedSeconds: 99_999 })).toMatchObject({ code: 'predicted-end-outside' });
    expect(why({ ...open, rules: rules({ skipMonths: ['2026-02'] }) })).toMatchObject({ code: 'month-skipped' });
  });

  it("a person's draft, and its own draft of an older release, bind it not", () => {
    expect(why({ rollouts: [rollout({ state: 'draft', isByClock: false })] })).toMatchObject({ do: 'open-rollout' });
    expect(why({ rollouts: [rollout({ state: 'draft', version: 'v2601.0.0' })] })).toMatchObject({
      do: 'open-rollout',
    });
  });

  it('reads the month off the wall of the desa: February has begun in WIB while it is January in UTC', () => {
    const now = wib('2026-02-01T00:30');
    const january = {
      releases: [release({ version: 'v2601.1.0', foundAt: wib('2026-01-01T00:00') })],
      running: 'v2512.0.0',
    };
    const daily = { window: { from: '22:00', to: '04:00', days: [6] } };
    expect(why({ ...january, rules: rules({ ...daily, skipMonths: ['2026-02'] }) }, now)).toMatchObject({
      code: 'month-skipped',
    });
    expect(why({ ...january, rules: rules(daily) }, now)).toMatchObject({ do: 'open-rollout' });
  });
});
