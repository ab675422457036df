import fc from 'fast-check';
import {
  CLOSED,
  failed,
  LONGEST_PAUSE_SECONDS,
  mayProbe,
  OPENS_AFTER,
  pauseSeconds,
  PROBE_SECONDS,
  probing,
  type Circuit,
} from './circuit.js';

const NOW = new Date('2026-03-01T00:00:00Z');
const later = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1000);
const reason = { code: 'server-unreachable', data: { server: 'b' } };
const fail = (circuit: Circuit, more: { now?: Date; random?: number; isHard?: boolean } = {}): Circuit =>
  failed(circuit, { now: NOW, random: 0, reason, ...more });

describe('the circuit of a server', () => {
  it('stays closed after one failure and opens after the second, since the first', () => {
    const once = fail(CLOSED);
    expect(once.state).toBe('closed');
    const twice = fail(once, { now: later(9) });
    expect(twice).toEqual({
      state: 'open',
      failures: 2,
      since: NOW.toISOString(),
      nextAt: later(14).toISOString(),
      reason,
    });
  });

  it('opens at once for what does not pass by itself', () => {
    expect(fail(CLOSED, { isHard: true }).state).toBe('open');
  });

  it('is asked by nobody while closed, and by one at a time while open', () => {
    expect(mayProbe(CLOSED, later(1e9))).toBe(false);
    const open = fail(fail(CLOSED));
    expect(mayProbe(open, NOW)).toBe(false);
    expect(mayProbe(open, later(6))).toBe(true);
    const asked = probing(open, later(6));
    expect(mayProbe(asked, later(7))).toBe(false);
    expect(mayProbe(asked, later(6 + PROBE_SECONDS))).toBe(true);
  });

  it('opens again when the probe fails, for longer', () => {
    const again = fail(probing(fail(fail(CLOSED)), NOW));
    expect(again).toMatchObject({ state: 'open', failures: 3, nextAt: later(10).toISOString() });
  });

  it('never waits longer than the longest pause, nor less than half of what it should', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: OPENS_AFTER, max: 5000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (n, random) => {
          const [pause, whole] = [pauseSeconds(n, random), pauseSeconds(n, 0)];
          expect(pause).toBeGreaterThanOrEqual(whole / 2);
          expect(pause).toBeLessThanOrEqual(Math.min(whole, LONGEST_PAUSE_SECONDS));
          expect(pauseSeconds(n + 1, 0)).toBeGreaterThanOrEqual(whole);
        },
      ),
    );
  });
});
