import fc from 'fast-check';
import { compareVersions, formatVersion, inRange, parseVersion } from './version.js';

describe('a version', () => {
  it.each([
    ['v2410.0.0', 'v2410.0.0'],
    ['2410.0.0', 'v2410.0.0'],
    ['V2410.0.1', 'v2410.0.1'],
    [' v2410 ', 'v2410.0.0'],
    ['24.10', 'v2410.0.0'],
    ['v18.06', 'v1806.0.0'],
    ['v.20.07.1', 'v2007.1.0'],
    ['v19.12-fix', 'v1912.0.0'],
    ['v2410.0.0-umum', 'v2410.0.0'],
    ['v2508.0.0-premium', 'v2508.0.0-premium'],
    ['v2312.0.0-premium-rev01', 'v2312.0.0-premium'],
    ['2312', 'v2312.0.0'],
  ])('written %s reads as %s', (text, wanted) => expect(formatVersion(parseVersion(text))).toBe(wanted));

  it.each(['', 'latest', 'v1.2.1', 'v2413.0.0', 'v2400.0.0', 'tahap-9', '241', 'v2410.0.0; rm'])(
    'written %p is refused',
    (text) => expect(() => parseVersion(text)).toThrow('version-malformed'),
  );

  const version = fc.record({
    month: fc
      .tuple(fc.integer({ min: 0, max: 99 }), fc.integer({ min: 1, max: 12 }))
      .map(([year, month]) => year * 100 + month),
    minor: fc.integer({ min: 0, max: 99 }),
    patch: fc.integer({ min: 0, max: 99 }),
    premium: fc.boolean(),
  });
  it('written and read again is the same', () =>
    fc.assert(fc.property(version, (value) => expect(parseVersion(formatVersion(value))).toEqual(value))));
  it('is ordered by numbers, totally', () =>
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        const [x, y, z] = [a, b, c].map(formatVersion) as [string, string, string];
        expect(Math.sign(compareVersions(x, y))).toBe(-Math.sign(compareVersions(y, x)) + 0);
        if (compareVersions(x, y) <= 0 && compareVersions(y, z) <= 0)
          expect(compareVersions(x, z)).toBeLessThanOrEqual(0);
      }),
    ));
  it('9 comes before 10', () => expect(compareVersions('v2410.9.0', 'v2410.10.0')).toBeLessThan(0));

  it.each([
    ['v2412.3.1', { to: 'v2412' }, true],
    ['v2501.0.0', { to: 'v2412' }, false],
    ['v2501.0.0', { from: 'v2501' }, true],
    ['v2412.9.0', { from: 'v2501' }, false],
    ['v2410.0.0', {}, true],
  ])('%s in %j: %p', (text, range, wanted) => expect(inRange(text, range)).toBe(wanted));
});
