import type { Me } from '#libs/contract/contract.js';
import type { Zone } from './format.js';
import { useMe } from './me.js';

/** Of one kabupaten; without one, the zone that all of the reader's kabupaten share, and WIB when they share none. */
export const zoneAmong = (kabupaten: Me['kabupaten'], id?: string | null): Zone => {
  const one = kabupaten.find((known) => known.id === id);
  if (one) return one.zone;
  const zones = new Set(kabupaten.map(({ zone }) => zone));
  return zones.size === 1 ? [...zones][0]! : 'WIB';
};

export const useZone = (kabupatenId?: string | null): Zone => zoneAmong(useMe().kabupaten, kabupatenId);

/** For lists, whose rows belong to several kabupaten. */
export const useZones = (): ((kabupatenId?: string | null) => Zone) => {
  const { kabupaten } = useMe();
  return (id) => zoneAmong(kabupaten, id);
};
