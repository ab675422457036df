import fc from 'fast-check';
import { HEAD_ROOM, judge, ranked, type Need, type ServerRoom } from './room.js';

const GIB = 2 ** 30;
const need: Need = { memoryBytes: 64 * 2 ** 20, diskBytes: 200 * 2 ** 20, labels: [] };
const room = (more: Partial<ServerRoom> = {}): ServerRoom => ({
  id: more.name ?? 'satu',
  name: 'satu',
  labels: [],
  drainReason: null,
  isAway: false,
  memoryBytes: 8 * GIB,
  availableMemoryBytes: 6 * GIB,
  diskBytes: 100 * GIB,
  freeDiskBytes: 60 * GIB,
  desaCount: 10,
  atOnce: 4,
  ...more,
});

describe('the place of a desa', () => {
  it('is the server with the most room over its head-room', () => {
    const rooms = [room({ name: 'sempit', availableMemoryBytes: 2 * GIB }), room({ name: 'lega' })];
    expect(ranked(rooms, need).map(({ name }) => name)).toEqual(['lega', 'sempit']);
  });

  it('is decided by whatever is scarcer, memory or disk', () => {
    const rooms = [
      room({ name: 'penuh', freeDiskBytes: 21 * GIB }),
      room({ name: 'lega', availableMemoryBytes: 3 * GIB }),
    ];
    expect(ranked(rooms, need)[0]?.name).toBe('lega');
  });

  it('goes to the server with fewer desa when both have as much room, and then by name', () => {
    const rooms = [
      room({ name: 'c', desaCount: 4 }),
      room({ name: 'b', desaCount: 9 }),
      room({ name: 'a', desaCount: 9 }),
    ];
    expect(ranked(rooms, need).map(({ name }) => name)).toEqual(['c', 'a', 'b']);
  });

  it.each([
    ['memory', room({ availableMemoryBytes: 1.6 * GIB }), 'memory'],
    ['disk', room({ freeDiskBytes: 20 * GIB }), 'disk'],
    ['the floor of a small disk', room({ diskBytes: 10 * GIB, freeDiskBytes: 5 * GIB }), 'disk'],
    ['uids', room({ desaCount: HEAD_ROOM.desaLimit }), 'desa'],
    ['a server from which nothing leads to the gabungan', room({ isOutOfReach: true }), 'way'],
    ['being drained', room({ drainReason: 'diganti' }), 'draining'],
    ['being away', room({ isAway: true }), 'away'],
  ])('refuses a server for %s', (_, given, of) => {
    expect(judge(given, need).lacks.map((lack) => lack.of)).toEqual([of]);
  });

  it('names every label that is missing', () => {
    expect(judge(room({ labels: ['ssd'] }), { ...need, labels: ['ssd', 'gedung-b', 'ups'] }).lacks).toEqual([
      { of: 'label', labels: ['gedung-b', 'ups'] },
    ]);
  });

  it('tells how much is needed and how much is to spare', () => {
    const lacks = judge(room({ availableMemoryBytes: 1.6 * GIB + 2 ** 20 }), need).lacks;
    expect(lacks).toEqual([{ of: 'memory', neededBytes: need.memoryBytes, spareBytes: 2 ** 20 }]);
  });

  it('never puts one that lacks something before one that lacks nothing', () => {
    const bytes = fc.integer({ min: 0, max: 100 }).map((gib) => gib * GIB);
    const anyRoom = fc.record({
      id: fc.uuid(),
      name: fc.uuid(),
      labels: fc.constant([]),
      drainReason: fc.constantFrom(null, 'diganti'),
      atOnce: fc.constant(4),
      isAway: fc.boolean(),
      memoryBytes: fc.option(bytes, { nil: undefined }),
      availableMemoryBytes: fc.option(bytes, { nil: undefined }),
      diskBytes: fc.option(bytes, { nil: undefined }),
      freeDiskBytes: fc.option(bytes, { nil: undefined }),
      desaCount: fc.nat(600),
    });
    fc.assert(
      fc.property(fc.array(anyRoom, { maxLength: 8 }), (rooms) => {
        const lacking = ranked(rooms, need).map(({ lacks }) => lacks.length > 0);
        expect(lacking).toEqual([...lacking].sort((one, other) => Number(one) - Number(other)));
      }),
    );
  });
});
