import type { WantedSite } from './wanted.js';

/** Every page is proved within so many looks, a minute apart. */
const LOOKS_PER_ROUND = 10;
/** Suspects are asked in every look, so many at most: behind more than this there is one cause, not many. */
const SUSPECTS = 20;

/** Whose page is asked for in this look: those whose turn it is, the longest unasked first, and the suspects. */
export function turnsOf(sites: WantedSite[], isSuspect: (site: WantedSite) => boolean): WantedSite[] {
  const idle = sites.filter(({ isBusy }) => !isBusy);
  const byAge = idle.toSorted((a, b) => (a.askedAt?.getTime() ?? 0) - (b.askedAt?.getTime() ?? 0));
  const turn = byAge.slice(0, Math.ceil(sites.length / LOOKS_PER_ROUND));
  return [...new Set([...turn, ...byAge.filter(isSuspect).slice(0, SUSPECTS)])];
}
