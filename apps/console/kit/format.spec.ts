import { between, clock, dayName, dotted, duration, fullName, moment, number, titled, undotted } from './format.js';

describe('format', () => {
  it('shows a time in the zone of the desa, with the zone', () => {
    expect(moment('2026-11-24T15:15:00Z', 'WIB')).toBe('24 Nov 2026 22.15 WIB');
    expect(moment('2026-11-24T15:15:00Z', 'WIT')).toBe('25 Nov 2026 00.15 WIT');
    expect(moment('2026-11-24T15:15:00Z', 'WITA', 'en')).toBe('24 Nov 2026 23:15 WITA');
  });
  it('shows a day of the calendar', () => expect(dayName('2026-12-31')).toBe('31 Des 2026'));
  it('shows no time as a dash', () => expect(moment(null)).toBe('–'));
  it('shows the seconds of a log line', () => expect(clock('2026-11-24T15:15:07Z')).toBe('22.15.07'));
  it('writes numbers the Indonesian way', () => expect(number(1234.5)).toBe('1.234,5'));
  it.each([
    [0.2, '< 1 detik'],
    [42, '42 detik'],
    [60, '1 menit'],
    [125, '2 menit 5 detik'],
    [3660, '1 jam 1 menit'],
  ])('says %d seconds in words', (seconds, words) => expect(duration(seconds)).toBe(words));
  it('counts until now while something has not ended', () => {
    expect(between('2026-11-24T15:15:00Z', null, Date.parse('2026-11-24T15:15:09Z'))).toBe(9);
    expect(between(null, null)).toBeNull();
  });
  it('shows codes with dots and finds them without', () => {
    expect(dotted('3303012001')).toBe('33.03.01.2001');
    expect(dotted('1307')).toBe('13.07');
    expect(undotted('33.03.01.2001')).toBe('3303012001');
  });
  it('names a desa with what it is called here', () => {
    expect(fullName({ sebutan: 'nagari', name: 'Koto Baru' })).toBe('Nagari Koto Baru');
    expect(titled('KABUPATEN LIMA PULUH KOTA')).toBe('Kabupaten Lima Puluh Kota');
    expect(titled('Sumatera Barat')).toBe('Sumatera Barat');
  });
});
