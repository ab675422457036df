import { copySeconds, predictDowntime, type PastMove } from './downtime.js';

const MIB = 2 ** 20;
const past = (more: Partial<PastMove> = {}): PastMove => ({
  totalBytes: 100 * MIB,
  bulkBytes: 100 * MIB,
  bulkSeconds: 10,
  restBytes: MIB,
  downtimeSeconds: 4.1,
  ...more,
});

describe('the downtime of a move', () => {
  it('is not known without a history', () => {
    expect(predictDowntime([], 100 * MIB)).toBeNull();
    expect(copySeconds([], 100 * MIB)).toBeNull();
  });
  it('is what moves took beside the copy, and the bytes that change at the measured rate', () => {
    expect(predictDowntime([past()], 100 * MIB)).toBeCloseTo(4.1);
    expect(predictDowntime([past()], 1000 * MIB)).toBeCloseTo(5);
    expect(copySeconds([past()], 1000 * MIB)).toBeCloseTo(100);
  });
  it('is not led astray by one slow move', () => {
    const all = [past(), past(), past({ downtimeSeconds: 300 })];
    expect(predictDowntime(all, 100 * MIB)).toBeCloseTo(4.1);
  });
});
