import fc from 'fast-check';
import { seeded, shuffled } from './seeded.js';
import { spread, waveSizes, type Place } from './spread.js';

const fleet = fc
  .array(fc.record({ serverId: fc.constantFrom('a', 'b', 'c'), kecamatan: fc.constantFrom('k1', 'k2', 'k3', 'k4') }), {
    maxLength: 40,
  })
  .map((places) => places.map((place, index): Place => ({ ...place, code: `33030120${10 + index}` })));
const seed = fc.integer({ min: 0, max: 2147483647 });
const codes = (places: readonly Place[]): string[] => places.map(({ code }) => code);

/** How uneven the beginning of the list is, among those groups that still had somebody to give. */
function unevenness(order: readonly Place[], length: number, keyOf: (place: Place) => string): number {
  const taken = order.slice(0, length).map(keyOf);
  const groups = [...new Set(order.map(keyOf))];
  const count = (list: readonly string[], key: string): number => list.filter((one) => one === key).length;
  const counts = groups.map((key) => ({ taken: count(taken, key), left: count(order.slice(length).map(keyOf), key) }));
  const most = Math.max(0, ...counts.map((one) => one.taken));
  const fewest = Math.min(most, ...counts.filter(({ left }) => left > 0).map((one) => one.taken));
  return most - fewest;
}

describe('the order of going', () => {
  it('takes everybody once', () =>
    fc.assert(
      fc.property(fleet, seed, (desa, number) =>
        expect(codes(spread(desa, [], number)).sort()).toEqual(codes(desa).sort()),
      ),
    ));

  it('never piles the beginning on one server', () =>
    fc.assert(
      fc.property(fleet, seed, (desa, number) => {
        const order = spread(desa, [], number);
        for (let length = 1; length <= order.length; length += 1)
          expect(unevenness(order, length, ({ serverId }) => serverId)).toBeLessThanOrEqual(1);
      }),
    ));

  it('never piles the beginning of a server on one kecamatan', () =>
    fc.assert(
      fc.property(fleet, seed, (desa, number) => {
        const order = spread(desa, [], number).filter(({ serverId }) => serverId === 'a');
        for (let length = 1; length <= order.length; length += 1)
          expect(unevenness(order, length, ({ kecamatan }) => kecamatan)).toBeLessThanOrEqual(1);
      }),
    ));

  it('puts the canary first, in the order it was named', () =>
    fc.assert(
      fc.property(fleet, seed, fc.array(fc.integer({ min: 0, max: 39 }), { maxLength: 4 }), (desa, number, picks) => {
        const canary = [...new Set(picks)].flatMap((index) => codes(desa.slice(index, index + 1)));
        expect(codes(spread(desa, [...canary, 'of another gabungan'], number)).slice(0, canary.length)).toEqual(canary);
      }),
    ));

  it('has a first wave on as many servers as there are, whoever was named as its canary', () =>
    fc.assert(
      fc.property(fleet, seed, fc.nat(), fc.boolean(), (desa, number, pick, isNamed) => {
        const canary = isNamed && desa.length > 0 ? [desa[pick % desa.length]!.code] : [];
        const servers = new Set(desa.map(({ serverId }) => serverId)).size;
        const first = spread(desa, canary, number).slice(0, servers);
        expect(new Set(first.map(({ serverId }) => serverId)).size).toBe(servers);
      }),
    ));

  it('is the same for the same seed however the rows came, and another for another', () => {
    const desa = Array.from({ length: 12 }, (_, index): Place => ({ code: `${index}`, serverId: 'a', kecamatan: 'k' }));
    fc.assert(
      fc.property(fc.shuffledSubarray(desa, { minLength: 12 }), seed, (rows, number) =>
        expect(spread(rows, [], number)).toEqual(spread(desa, [], number)),
      ),
    );
    expect(codes(spread(desa, [], 1))).not.toEqual(codes(spread(desa, [], 2)));
  });
});

describe('the generator', () => {
  it('is mulberry32: its first numbers for seed 1 are known', () => {
    const random = seeded(1);
    expect([random(), random(), random()].map((number) => number.toFixed(6))).toEqual([
      '0.627074',
      '0.002736',
      '0.527447',
    ]);
  });
  it('shuffles every item to every place about as often', () => {
    const random = seeded(7);
    const seen = [0, 0, 0, 0];
    for (let round = 0; round < 4000; round += 1) seen[shuffled([0, 1, 2, 3], random).indexOf(0)]! += 1;
    for (const count of seen) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });
});

describe('wave sizes', () => {
  const usual = [{ count: 1 }, { percent: 5 }, { percent: 25 }, { percent: 100 }];
  it.each([
    [300, 0, [1, 15, 75, 209]],
    [10, 0, [1, 1, 3, 5]],
    [3, 0, [1, 1, 1]],
    [1, 0, [1]],
    [0, 0, []],
    [10, 4, [4, 1, 3, 2]],
    [3, 9, [3]],
  ])('of %i desa with %i canary are %j', (movable, canary, sizes) =>
    expect(waveSizes(usual, movable, canary)).toEqual(sizes),
  );

  it('give the rest to the last wave, whatever it asks for', () => {
    expect(waveSizes([{ count: 2 }, { percent: 10 }], 20)).toEqual([2, 18]);
    expect(waveSizes([{ count: 2 }], 20)).toEqual([20]);
    expect(waveSizes([{ percent: 100 }, { count: 5 }], 20)).toEqual([20]);
  });
});
