import fc from 'fast-check';
import {
  ago,
  desaSeen,
  movingDesa,
  NOW,
  provedDesa,
  rolloutSeen,
  runSeen,
  secondsFrom,
  waveSeen,
} from '#test/factories/rollouts.js';
import { decide } from './decide.js';
import type { Decision, RolloutSeen, RunSeen } from './rollout.js';

const doing = (change: Partial<RolloutSeen>): Decision[] => decide(rolloutSeen(change), NOW);
const failing = movingDesa('bad', { state: 'undone', endedAt: ago(1) });
const underWay = [provedDesa('good'), failing, desaSeen('next')];

describe('a rollout that is not running', () => {
  it.each(['draft', 'approved'] as const)('does nothing while it is %s', (state) =>
    expect(doing({ state, desa: underWay })).toEqual([]),
  );

  it.each(['paused', 'stopped', 'finished'] as const)('still takes in what was under way when it is %s', (state) =>
    expect(doing({ state, desa: underWay })).toMatchObject([
      { do: 'end-desa', desaId: 'bad', state: 'failed' },
      { do: 'end-desa', desaId: 'good', state: 'done' },
    ]),
  );

  it.each(['draft', 'approved', 'paused', 'stopped', 'finished'] as const)('begins no phase while it is %s', (state) =>
    expect(doing({ state, phase: 'rehearse', rehearsal: null })).toEqual([]),
  );
});

describe('a withdrawn release', () => {
  it.each(['rehearse', 'backup', 'migrate', 'waves'] as const)('pauses in phase %s', (phase) =>
    expect(doing({ phase, isReleaseWithdrawn: true, desa: [provedDesa('good'), desaSeen('next')] }).slice(-1)).toEqual([
      { do: 'pause', reason: { code: 'release-withdrawn', data: { version: 'v2602.0.0' } } },
    ]),
  );
  it('does not hide what has ended', () =>
    expect(doing({ isReleaseWithdrawn: true, desa: underWay }).map((one) => one.do)).toEqual([
      'end-desa',
      'end-desa',
      'pause',
    ]));
});

describe('phases', () => {
  const done = runSeen({ state: 'done', endedAt: ago(1) });
  const rolling = { verdict: 'rolling', isCodeOnly: false } as const;

  it.each<[string, Partial<RolloutSeen>, Decision[]]>([
    ['rehearse first', { phase: 'rehearse', rehearsal: null }, [{ do: 'start-phase', phase: 'rehearse' }]],
    [
      'back up after the rehearsal',
      { phase: 'rehearse', phaseRun: done, rehearsal: rolling },
      [{ do: 'enter-phase', phase: 'backup' }],
    ],
    [
      'take a rehearsal that was made before',
      { phase: 'rehearse', rehearsal: rolling },
      [{ do: 'enter-phase', phase: 'backup' }],
    ],
    ['start the backup', { phase: 'backup' }, [{ do: 'start-phase', phase: 'backup' }]],
    ['migrate after the backup', { phase: 'backup', phaseRun: done }, [{ do: 'enter-phase', phase: 'migrate' }]],
    ['start the migration', { phase: 'migrate' }, [{ do: 'start-phase', phase: 'migrate' }]],
    [
      'go to the waves after the migration',
      { phase: 'migrate', phaseRun: done },
      [{ do: 'enter-phase', phase: 'waves' }],
    ],
    [
      'skip backup and migration when the rehearsal saw code only',
      { phase: 'rehearse', phaseRun: done, rehearsal: { verdict: 'rolling', isCodeOnly: true } },
      [{ do: 'enter-phase', phase: 'waves' }],
    ],
    [
      'believe the rehearsal more than the pair of releases',
      { phase: 'rehearse', phaseRun: done, rehearsal: rolling, isCodeOnly: true },
      [{ do: 'enter-phase', phase: 'backup' }],
    ],
  ])('%s', (_, change, expected) => expect(doing(change)).toEqual(expected));

  it.each(['rehearse', 'backup', 'migrate'] as const)('wait for the run of %s, which is asked for once', (phase) => {
    for (const state of ['queued', 'running', 'undoing'] as const)
      expect(doing({ phase, phaseRun: runSeen({ state }), rehearsal: null })).toEqual([]);
  });

  it.each(['rehearse', 'backup', 'migrate'] as const)('pause with the problem of %s', (phase) => {
    const pausedBy = (run: Partial<RunSeen>) =>
      doing({ phase, phaseRun: runSeen({ endedAt: ago(1), ...run }), rehearsal: null });
    const problem = { code: 'disk-full', data: {} };
    expect(pausedBy({ state: 'undone', problem })).toEqual([{ do: 'pause', reason: problem }]);
    expect(pausedBy({ state: 'broken', problem })).toEqual([{ do: 'pause', reason: problem }]);
    expect(pausedBy({ state: 'cancelled' })).toEqual([
      { do: 'pause', reason: { code: 'phase-failed', data: { phase, state: 'cancelled' } } },
    ]);
  });

  it('pause on an unusable release and on a rehearsal without a report', () => {
    const after = (rehearsal: RolloutSeen['rehearsal']) => doing({ phase: 'rehearse', phaseRun: done, rehearsal });
    expect(after({ verdict: 'unusable', isCodeOnly: false })).toMatchObject([
      { do: 'pause', reason: { code: 'rehearsal-unusable' } },
    ]);
    expect(after(null)).toMatchObject([{ do: 'pause', reason: { code: 'rehearsal-missing' } }]);
  });

  it('do not trust an older report when this rehearsal was undone', () =>
    expect(doing({ phase: 'rehearse', phaseRun: runSeen({ state: 'undone' }), rehearsal: rolling })).toMatchObject([
      { do: 'pause' },
    ]));

  it('never migrate when the window closes before the end', () => {
    const at = (seconds: number, more: Partial<RolloutSeen> = {}) =>
      doing({ phase: 'migrate', predictedMigrationSeconds: 300, windowEndsAt: secondsFrom(NOW, seconds), ...more });
    expect(at(300)).toMatchObject([{ do: 'start-phase' }]);
    expect(at(299)).toMatchObject([{ do: 'pause', reason: { code: 'window-closes' } }]);
    const down = {
      rehearsal: { verdict: 'window', isCodeOnly: false } as const,
      desa: [desaSeen('a'), desaSeen('b', { wave: 1 })],
    };
    expect(at(420, down)).toMatchObject([{ do: 'start-phase' }]);
    expect(at(419, down)).toMatchObject([{ do: 'pause', reason: { code: 'window-closes' } }]);
  });
});

it('answers the same for the same rows in any order', () => {
  const desa = [
    ...[0, 1, 2, 3, 4, 5].map((position) => desaSeen(`w${position}`, { position, serverId: `s${position % 2}` })),
    ...[0, 1].map((position) => provedDesa(`p${position}`, { position })),
    desaSeen('later', { wave: 1 }),
  ];
  const waves = [waveSeen(1), waveSeen(0, { state: 'running', startedAt: ago(200) }), waveSeen(2)];
  const expected = doing({ desa, waves });
  expect(expected).toHaveLength(8);
  fc.assert(
    fc.property(
      fc.shuffledSubarray(desa, { minLength: desa.length }),
      fc.shuffledSubarray(waves, { minLength: 3 }),
      (rows, others) => expect(doing({ desa: rows, waves: others })).toEqual(expected),
    ),
  );
});

it('leaves what it was given as it was', () => {
  const seen = rolloutSeen({ desa: underWay });
  const before = structuredClone(seen);
  decide(seen, NOW);
  expect(seen).toEqual(before);
});
