import type { RolloutSettings } from '#libs/contract/rollouts.js';
import { seeded, shuffled } from './seeded.js';

/** What spreading looks at. */
export interface Place {
  code: string;
  serverId: string;
  kecamatan: string;
}

export function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

/** One of each list in turn, until all are used up. */
export function roundRobin<Item>(lists: readonly (readonly Item[])[]): Item[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, turn) => lists.flatMap((list) => list.slice(turn, turn + 1))).flat();
}

const rotated = <Item>(items: readonly Item[], by: number): Item[] => [
  ...items.slice(by % Math.max(1, items.length)),
  ...items.slice(0, by % Math.max(1, items.length)),
];

/** Canary first; within a server one kecamatan after the other, each server beginning at another one. */
function withinServer<Item extends Place>(
  items: readonly Item[],
  isCanary: (item: Item) => boolean,
  turn: number,
): Item[] {
  const kecamatan = [
    ...groupBy(
      items.filter((item) => !isCanary(item)),
      (item) => item.kecamatan,
    ).entries(),
  ];
  const inOrder = kecamatan.sort(([left], [right]) => (left < right ? -1 : 1)).map(([, list]) => list);
  return [...items.filter(isCanary), ...roundRobin(rotated(inOrder, turn))];
}

/**
 * The order in which desa go: the canary, then a seeded shuffle dealt out over servers and, within a server, over
 * kecamatan, so that the beginning of the list never piles on one. A server that gave a canary waits one turn.
 * The same desa and seed give the same order, however the rows came.
 */
export function spread<Item extends Place>(items: readonly Item[], canary: readonly string[], seed: number): Item[] {
  const isCanary = ({ code }: Item): boolean => canary.includes(code);
  const byCode = [...items].sort((left, right) => (left.code < right.code ? -1 : 1));
  const random = seeded(seed);
  const servers = groupBy(shuffled(byCode, random), ({ serverId }) => serverId);
  const names = shuffled([...servers.keys()].sort(), random);
  const lists = names.map((name, turn) => withinServer(servers.get(name)!, isCanary, turn));
  const dealt = roundRobin(lists);
  const first = canary.flatMap((code) => dealt.filter((item) => item.code === code).slice(0, 1));
  return [...first, ...dealt.filter((item) => !isCanary(item))];
}

/**
 * How many desa each wave takes. A percentage is of all movable desa of the plan, rounded up, so that 5 % means the
 * same in every wave. The first wave has room for its canary, the last takes the rest, and empty waves are left out.
 */
export function waveSizes(sizes: RolloutSettings['waves'], movable: number, canary = 0): number[] {
  let left = movable;
  const taken = sizes.map((size, index) => {
    const wanted = 'count' in size ? size.count : Math.ceil((movable * size.percent) / 100);
    const take = index === sizes.length - 1 ? left : Math.min(left, Math.max(wanted, index === 0 ? canary : 0));
    left -= take;
    return take;
  });
  return taken.filter((take) => take > 0);
}
