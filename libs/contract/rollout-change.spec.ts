import { changeOf, withChange } from './rollout-change.js';
import type { RolloutWhole } from './rollouts.js';

const desa = (desaId: string, state: string) => ({ desaId, code: desaId, state });
const whole = (change: object = {}): RolloutWhole =>
  ({
    id: 'r',
    state: 'running',
    plan: { desa: [{ desaId: 'a' }], problems: [] },
    waves: [{ position: 0, state: 'running' }],
    problem: null,
    desa: [desa('a', 'running'), desa('b', 'waiting')],
    ...change,
  }) as unknown as RolloutWhole;

describe('the change of a rollout', () => {
  it('holds only what is different, and of the desa only those that moved', () => {
    const after = whole({ state: 'paused', desa: [desa('a', 'done'), desa('b', 'waiting')] });
    expect(changeOf(whole(), after)).toEqual({ state: 'paused', desa: [desa('a', 'done')] });
  });

  it('is nothing when nothing is different', () => expect(changeOf(whole(), whole())).toBeNull());

  it('is not told when other desa take part', () => {
    expect(changeOf(whole(), whole({ desa: [desa('a', 'done')] }))).toBeUndefined();
    expect(changeOf(whole(), whole({ desa: [desa('a', 'done'), desa('c', 'waiting')] }))).toBeUndefined();
  });

  it.each([
    ['a desa', { desa: [desa('a', 'running'), desa('b', 'failed')] }],
    ['a value that is null again', { problem: { code: 'x' } }],
    ['a new plan', { plan: { desa: [], problems: [{ code: 'y', data: {} }] } }],
    ['waves', { waves: [{ position: 0, state: 'passed' }] }],
  ])('gives the whole again: %s', (_, change) => {
    for (const [before, after] of [
      [whole(), whole(change)],
      [whole(change), whole()],
    ] as const)
      expect(withChange(before, changeOf(before, after)!)).toEqual(after);
  });
});
