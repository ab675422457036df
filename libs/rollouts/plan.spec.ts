import fc from 'fast-check';
import { rolloutPlan } from '#libs/contract/rollouts.js';
import { settingsOf } from '#test/factories/rollouts.js';
import type { PlanDesa, PlanFacts } from './plan-facts.js';
import { planHash, whatChanged } from './plan-hash.js';
import { median, planRollout } from './plan.js';

const desaOf = (index: number, change: Partial<PlanDesa> = {}): PlanDesa => ({
  desaId: `00000000-0000-4000-8000-0000000000${10 + index}`,
  code: `33030120${10 + index}`,
  name: `Desa ${index}`,
  kecamatan: `k${index % 3}`,
  serverId: `s${index % 2}`,
  server: `Server ${index % 2}`,
  from: 'v2601.0.0',
  edition: 'umum',
  isHeld: false,
  isBroken: false,
  isUnhealthy: false,
  isBusy: false,
  ...change,
});
const fleetOf = (count: number): PlanDesa[] => Array.from({ length: count }, (_, index) => desaOf(index));
const factsOf = (change: Partial<PlanFacts> = {}): PlanFacts => ({
  gabungan: { name: 'Purbalingga', edition: 'umum', version: 'v2601.0.0' },
  release: {
    app: 'opensid',
    version: 'v2602.0.0',
    edition: 'umum',
    state: 'built',
    minimumVersion: null,
    isWithdrawn: false,
  },
  isCodeOnly: false,
  isRolling: true,
  desa: fleetOf(20),
  fullServers: new Set(),
  history: { desaSeconds: [30, 10, 20], migrationSeconds: 100 },
  settings: settingsOf(),
  seed: 1,
  ...change,
});
const release = (change: Partial<PlanFacts['release']>): Partial<PlanFacts> => ({
  release: { ...factsOf().release, ...change },
});
const premium = (version = 'v2602.0.0-premium'): Partial<PlanFacts> => ({
  ...release({ version, edition: 'premium' }),
  gabungan: { name: 'Purbalingga', edition: 'premium', version: 'v2601.0.0-premium' },
});
const plan = (change: Partial<PlanFacts> = {}) => planRollout(factsOf(change));
const problems = (change: Partial<PlanFacts>) => plan(change).problems;

describe('the plan', () => {
  it('has the shape that is spoken over HTTP', () => expect(rolloutPlan.parse(plan())).toEqual(plan()));

  it('moves every desa once, in waves of the settings', () => {
    const { desa } = plan();
    expect(desa).toHaveLength(20);
    expect(desa.map(({ wave }) => wave)).toEqual([0, 1, ...Array(5).fill(2), ...Array(13).fill(3)]);
    expect(desa[0]).toMatchObject({ from: 'v2601.0.0', to: 'v2602.0.0', blockers: [], isAlready: false });
  });

  it('puts the canary into the first wave and fills it to its count', () => {
    const settings = settingsOf({ waves: [{ count: 3 }, { percent: 100 }], canary: ['3303012017', '3303012012'] });
    const first = plan({ settings }).desa.filter(({ wave }) => wave === 0);
    expect(first).toHaveLength(3);
    expect(first.map(({ code }) => code).slice(0, 2)).toEqual(['3303012017', '3303012012']);
  });

  it.each<[string, Partial<PlanDesa>, Partial<PlanFacts>]>([
    ['held', { isHeld: true }, {}],
    ['edition', { edition: 'premium' }, {}],
    ['broken', { isBroken: true }, {}],
    ['unhealthy', { isUnhealthy: true }, {}],
    ['disk', { serverId: 'full' }, { fullServers: new Set(['full']) }],
    ['busy', { isBusy: true }, {}],
  ])('does not move a desa that is blocked by %s', (blocker, change, more) => {
    const { desa } = plan({ ...more, desa: [desaOf(0, change), desaOf(1), desaOf(2)] });
    expect(desa.find(({ code }) => code === desaOf(0).code)).toMatchObject({ wave: null, blockers: [blocker] });
    expect(desa.filter(({ wave }) => wave !== null)).toHaveLength(2);
  });

  it.each<[string, Partial<PlanDesa>]>([
    ['a subscription that nobody told of', { subscriptionEndsOn: null }],
    ['a subscription that ended, to a release of umum', { subscriptionEndsOn: '2020-01-31' }],
    ['nothing placed yet', { edition: null, from: null }],
    ['a version that cannot be read', { from: 'OpenSID' }],
  ])('moves a desa with %s', (_, change) =>
    expect(plan({ desa: [desaOf(0, change)] }).desa[0]).toMatchObject({ wave: 0, blockers: [] }),
  );

  it.each([
    ['2026-02-01', 'v2602.1.0-premium', undefined],
    ['2026-02-28', 'v2602.1.0-premium', undefined],
    ['2026-01-31', 'v2602.0.0-premium', 'v2601'],
    ['2025-12-31', 'v2601.0.0-premium', 'v2512'],
    ['2026-02-28', 'v2603.0.0-premium', 'v2602'],
  ])('a subscription until %s and premium %s: newest month %s', (subscriptionEndsOn, version, newestMonth) => {
    const desa = [desaOf(0, { subscriptionEndsOn, edition: 'premium', from: 'v2512.0.0-premium' }), desaOf(1)];
    const planned = plan({ ...premium(version), desa }).desa.find(({ code }) => code === desaOf(0).code)!;
    expect([planned.blockers.includes('subscription'), planned.newestMonth]).toEqual([
      newestMonth !== undefined,
      newestMonth,
    ]);
  });

  it('tells every blocker of a desa', () =>
    expect(plan({ desa: [desaOf(0, { isBusy: true, isHeld: true })] }).desa[0]!.blockers).toEqual(['held', 'busy']));

  it('counts apart what is already there, and the waves are of the others', () => {
    const desa = [
      ...fleetOf(10),
      ...Array.from({ length: 10 }, (_, index) => desaOf(20 + index, { from: '2602.0.0', isHeld: true })),
    ];
    const planned = plan({ desa }).desa;
    expect(planned.filter(({ isAlready }) => isAlready)).toHaveLength(10);
    expect(
      planned.filter(({ isAlready, wave, blockers }) => isAlready && (wave !== null || blockers.length > 0)),
    ).toEqual([]);
    expect(planned.filter(({ wave }) => wave === 2)).toHaveLength(3);
  });
});

describe('what stops the whole plan', () => {
  it.each<[string, Partial<PlanFacts>, object]>([
    ['release-withdrawn', release({ isWithdrawn: true, state: 'withdrawn' }), { version: 'v2602.0.0' }],
    ['release-not-built', release({ state: 'added' }), { version: 'v2602.0.0' }],
    ['edition-differs', release({ edition: 'premium' }), { release: 'premium', gabungan: 'umum', name: 'Purbalingga' }],
    ['release-below-running', release({ version: 'v2512.0.0' }), { wanted: 'v2512.0.0', running: 'v2601.0.0' }],
    [
      'release-below-minimum',
      release({ minimumVersion: 'v2601.1.0' }),
      { minimum: 'v2601.1.0', running: 'v2601.0.0', wanted: 'v2602.0.0' },
    ],
  ])('is %s', (code, change, data) => expect(problems({ ...change, desa: [] })).toEqual([{ code, data }]));

  it('is nothing for a sound one, for the first version of a gabungan, and for going back with evidence', () => {
    expect(problems({})).toEqual([]);
    expect(problems({ ...release({ minimumVersion: 'v2601.0.0' }) })).toEqual([]);
    expect(
      problems({ ...release({ minimumVersion: 'v2512.0.0' }), gabungan: { ...factsOf().gabungan, version: null } }),
    ).toEqual([]);
    expect(problems({ ...release({ version: 'v2512.0.0' }), mayGoBack: true })).toEqual([]);
  });
});

describe('the prediction', () => {
  const ten = { desa: fleetOf(20), settings: settingsOf({ waves: [{ count: 2 }, { percent: 100 }], perServer: 4 }) };
  it('is the median for as many rounds as the busiest server of each wave needs, after the migration', () =>
    // 2 desa on two servers: one round; 9 a server by four: three rounds
    expect(plan(ten).predictedSeconds).toBe(100 + 20 * (1 + 3)));
  it('has no migration when only code moves', () => {
    const codeOnly = plan({ ...ten, isCodeOnly: true, history: { desaSeconds: [20], migrationSeconds: null } });
    expect(codeOnly).toMatchObject({ predictedSeconds: 80, predictedDowntimeSeconds: 0 });
  });
  it('is unknown without history', () => {
    expect(plan({ history: { desaSeconds: [], migrationSeconds: 100 } }).predictedSeconds).toBeNull();
    expect(plan({ history: { desaSeconds: [1], migrationSeconds: null } }).predictedSeconds).toBeNull();
  });
  it.each([
    [true, 0],
    [false, 180],
    [null, null],
  ])('of the downtime, when rolling is %p, is %p', (isRolling, seconds) =>
    expect(plan({ ...ten, isRolling }).predictedDowntimeSeconds).toBe(seconds),
  );
  it('takes the middle', () => {
    expect(median([])).toBeNull();
    expect(median([10, 9, 100])).toBe(10);
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });
});

describe('what is approved', () => {
  const hash = (change: Partial<PlanFacts> = {}, settings = settingsOf(), seed = 1) =>
    planHash(plan({ settings, seed, ...change }), settings, seed);
  it('has one hash, however the rows came and whatever is predicted', () => {
    expect(hash()).toMatch(/^[0-9a-f]{64}$/);
    fc.assert(
      fc.property(fc.shuffledSubarray(fleetOf(20), { minLength: 20 }), (desa) => expect(hash({ desa })).toBe(hash())),
    );
    expect(hash({ history: { desaSeconds: [999], migrationSeconds: 5 } })).toBe(hash());
    expect(hash({ isRolling: false })).toBe(hash());
    const turned = Object.fromEntries(Object.entries(settingsOf()).reverse()) as ReturnType<typeof settingsOf>;
    expect(hash({}, turned)).toBe(hash());
  });

  it.each<[string, Partial<PlanFacts>]>([
    ['a desa more', { desa: fleetOf(21) }],
    ['a desa held', { desa: [...fleetOf(19), desaOf(19, { isHeld: true })] }],
    ['a desa moved', { desa: [...fleetOf(19), desaOf(19, { server: 'Server 0', serverId: 's0' })] }],
    ['another version', release({ version: 'v2602.0.1' })],
    ['a release withdrawn', release({ isWithdrawn: true })],
    ['code only', { isCodeOnly: true }],
  ])('has another hash with %s', (_, change) => expect(hash(change)).not.toBe(hash()));

  it('has another hash under other settings and another seed', () => {
    expect(hash({}, settingsOf({ soakMinutes: 1 }))).not.toBe(hash());
    expect(hash({}, settingsOf(), 2)).not.toBe(hash());
  });
});

describe('an approval', () => {
  const changed = (change: Partial<PlanFacts>) => whatChanged(plan(), plan(change));
  const but = (change: Partial<PlanDesa>): Partial<PlanFacts> => ({ desa: [...fleetOf(19), desaOf(19, change)] });
  const last = desaOf(19).code;

  it('holds while nothing changed, and while a desa is only busy or predictions differ', () => {
    expect(changed({})).toEqual([]);
    expect(changed(but({ isBusy: true }))).toEqual([]);
    expect(changed({ history: { desaSeconds: [1], migrationSeconds: 1 } })).toEqual([]);
  });

  it.each<[string, Partial<PlanFacts>, string[]]>([
    ['desa-added', { desa: fleetOf(21) }, [desaOf(20).code]],
    ['desa-gone', { desa: fleetOf(19) }, [last]],
    ['hold-changed', but({ isHeld: true }), [last]],
    ['desa-moved', but({ server: 'Server 0', serverId: 's0' }), [last]],
    ['desa-changed', but({ from: 'v2512.0.0' }), [last]],
    ['blockers-changed', but({ isUnhealthy: true }), [last]],
    ['release-changed', release({ version: 'v2602.0.1' }), []],
    ['release-changed', release({ isWithdrawn: true }), []],
  ])('falls by %s', (code, change, desa) => expect(changed(change)).toEqual([{ code, data: { desa } }]));

  it('falls when a hold was ended', () =>
    expect(whatChanged(plan(but({ isHeld: true })), plan())).toEqual([
      { code: 'hold-changed', data: { desa: [last] } },
    ]));

  it('tells every reason', () =>
    expect(
      changed({
        desa: [...fleetOf(18), desaOf(18, { isHeld: true }), desaOf(30)],
        ...release({ state: 'failed' }),
      }).map(({ code }) => code),
    ).toEqual(['desa-added', 'desa-gone', 'hold-changed', 'release-changed']));
});
