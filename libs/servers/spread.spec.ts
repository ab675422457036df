import type { ServerRoom } from './room.js';
import { spreadOver } from './spread.js';

const GIB = 2 ** 30;
const room = (name: string, availableGib: number, more: Partial<ServerRoom> = {}): ServerRoom => ({
  ...{ id: name, name, labels: [], drainReason: null, isAway: false, desaCount: 0, atOnce: 4 },
  ...{ memoryBytes: 8 * GIB, availableMemoryBytes: availableGib * GIB, diskBytes: 100 * GIB, freeDiskBytes: 90 * GIB },
  ...more,
});

describe('desa of one server spread over the others', () => {
  it('go where most is left by then', () => {
    const { servers, left } = spreadOver([room('a', 4), room('b', 4)], 6);
    expect([servers.filter((name) => name === 'a').length, servers.length, left]).toEqual([3, 6, 0]);
  });
  it('that do not all fit are counted, with what is missing', () => {
    const { servers, left, judged } = spreadOver([room('a', 1.75), room('b', 6, { drainReason: 'ganti mesin' })], 20);
    expect([servers.length, left]).toEqual([2, 18]);
    expect(judged.map(({ name, lacks }) => [name, lacks[0]?.of])).toEqual([
      ['b', 'draining'],
      ['a', 'memory'],
    ]);
  });
  it('have nowhere to go without another server', () => {
    expect(spreadOver([], 2)).toEqual({ servers: [], left: 2, judged: [] });
  });
});
