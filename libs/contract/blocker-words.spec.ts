import { blockerWords } from './blocker-words.js';
import { PROBLEMS } from './problems.js';
import { blocker } from './rollouts.js';

describe('the words of blockers', () => {
  it('are there for every blocker', () => {
    expect(blocker.options.filter((one) => !PROBLEMS[`blocker-${one}`])).toEqual([]);
  });

  it('name the newest month that a subscription pays for', () => {
    const blocked = { blockers: ['held' as const, 'subscription' as const], newestMonth: 'v2601' };
    expect(blockerWords(blocked, 'en')).toEqual([
      'This desa is kept out of rollouts.',
      'Its subscription covers releases up to v2601; this one is newer.',
    ]);
    expect(blockerWords(blocked, 'id')[1]).toContain('v2601');
  });
});
