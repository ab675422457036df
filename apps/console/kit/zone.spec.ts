import { zoneAmong } from './zone.js';

const kabupaten = (id: string, zone: 'WIB' | 'WITA' | 'WIT') => ({ id, code: id, name: id, zone });
const [jambi, bali, biak] = [kabupaten('1571', 'WIB'), kabupaten('5103', 'WITA'), kabupaten('9106', 'WIT')];

describe('the zone in which times are told', () => {
  it.each([
    ['of the kabupaten that the thing belongs to', [jambi, biak], '9106', 'WIT'],
    ['of the reader, for what belongs to no kabupaten', [bali], undefined, 'WITA'],
    ['WIB, when the reader sees several zones', [jambi, bali], undefined, 'WIB'],
    ['WIB, when there is no kabupaten yet', [], undefined, 'WIB'],
  ] as const)('is %s', (_, known, id, zone) => expect(zoneAmong([...known], id)).toBe(zone));
});
