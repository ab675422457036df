import { withLine } from './live.js';

const line = (id: number) => ({
  id,
  at: '2026-11-24T15:15:07Z',
  level: 'info' as const,
  step: null,
  line: `line ${id}`,
});

describe('live log', () => {
  it('keeps each line once and in order, however often the stream repeats it', () => {
    const lines = [1, 2, 2, 5, 3, 1].map(line).reduce(withLine, []);
    expect(lines.map(({ id }) => id)).toEqual([1, 2, 3, 5]);
  });
});
