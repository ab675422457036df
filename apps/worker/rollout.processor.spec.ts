import type { TicksService } from '#libs/rollouts/ticks.service.js';
import { RolloutProcessor } from './rollout.processor.js';

const slowTicks = () => {
  const begun: string[] = [];
  let letGo: () => void = () => {};
  const ticks = {
    tick: (id: string) =>
      new Promise<void>((resolve) => {
        begun.push(id);
        letGo = resolve;
      }),
    sweep: () => new Promise<void>((resolve) => (letGo = resolve)),
  };
  return { ticks: ticks as unknown as TicksService, begun, end: () => letGo() };
};
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('rings of one rollout', () => {
  it('that come during a tick make one more, not one each', async () => {
    const { ticks, begun, end } = slowTicks();
    const processor = new RolloutProcessor(ticks);
    const first = processor.ring('a');
    await Promise.all([processor.ring('a'), processor.ring('a'), processor.ring('a')]);
    expect(begun).toEqual(['a']);
    end();
    await turn();
    expect(begun).toEqual(['a', 'a']);
    end();
    await first;
    expect(begun).toHaveLength(2);
  });

  it('are heard again after a tick that failed', async () => {
    const processor = new RolloutProcessor({
      tick: () => Promise.reject(new Error('away')),
    } as unknown as TicksService);
    await expect(processor.ring('a')).rejects.toThrow('away');
    await expect(processor.ring('a')).rejects.toThrow('away');
  });

  it('do not double a sweep that lasts', async () => {
    const { ticks, end } = slowTicks();
    const processor = new RolloutProcessor(ticks);
    const sweeps = [processor.sweep(), processor.sweep()];
    expect(sweeps[0]).toBe(sweeps[1]);
    end();
    await Promise.all(sweeps);
  });
});
