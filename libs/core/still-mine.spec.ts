import { LeaseLost } from './errors.js';
import { assertStillMine, outsideOfLease, whileHeld } from './still-mine.js';

const rest = (): Promise<void> => new Promise((wake) => setTimeout(wake, 1));

describe('a door to the outside', () => {
  it('lets pass who holds a lease, and who works without one', async () => {
    assertStillMine();
    await whileHeld({ runId: 'a', until: Date.now() + 60_000 }, async () => {
      await rest();
      assertStillMine();
    });
  });

  it('is closed to whoever wakes up after the end of his lease, however deep in his work; not to others', async () => {
    const held = { runId: 'a', until: Date.now() + 60_000 };
    const work = whileHeld(held, async () => {
      await rest();
      await Promise.all([rest().then(assertStillMine)]);
    });
    held.until = 0;
    await expect(work).rejects.toThrow(LeaseLost);
    await whileHeld({ runId: 'b', until: Date.now() + 60_000 }, async () => assertStillMine());
  });

  it('does not ask for a lease where something is shared by many', async () => {
    await whileHeld({ runId: 'a', until: 0 }, async () => outsideOfLease(assertStillMine));
  });
});
