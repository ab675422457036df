/** What a server has and carries, in bytes; what was never measured is undefined and is not counted against it. */
export interface ServerRoom {
  id: string;
  name: string;
  labels: readonly string[];
  /** Why nobody is placed there any more; null when it takes desa. */
  drainReason: string | null;
  /** Its link or engine did not answer when last looked at. */
  isAway: boolean;
  /** What is placed there could not reach what it stands on. */
  isOutOfReach?: boolean;
  memoryBytes?: number;
  availableMemoryBytes?: number;
  diskBytes?: number;
  freeDiskBytes?: number;
  desaCount: number;
  /** How many runs may be at work on it at once. */
  atOnce: number;
}

/** What is to be placed, and where it may stand. */
export interface Need {
  memoryBytes: number;
  diskBytes: number;
  /** Labels that the server must bear, all of them. */
  labels: readonly string[];
}

/** What a server keeps for itself: a share of what it has, and never less than the floor. */
export interface HeadRoom {
  share: number;
  memoryFloorBytes: number;
  diskFloorBytes: number;
  /** As many desa as one server takes; runtimes have a uid each per desa. */
  desaLimit: number;
}

export type Lack =
  | { of: 'memory' | 'disk'; neededBytes: number; spareBytes: number }
  | { of: 'desa'; limit: number }
  | { of: 'label'; labels: string[] }
  | { of: 'draining' | 'away' | 'way' };

/** How one server was judged; `left` is the smaller share of memory and disk that would be left over its head-room. */
export interface Judged {
  id: string;
  name: string;
  desaCount: number;
  left: number;
  lacks: Lack[];
}

const GIB = 2 ** 30;

/**
 * What one more desa takes until its server is looked at again: its children under a visitor, and its folder with room
 * to grow. Idle it takes 1.2 MiB (facts/platform, Density).
 */
export const NEED = { memoryBytes: 64 * 2 ** 20, diskBytes: 300 * 2 ** 20 };

/** product.md: one desa must not push its neighbours out; a fifth stays free for an update's second runtime. */
export const HEAD_ROOM: HeadRoom = {
  share: 0.2,
  memoryFloorBytes: GIB / 2,
  diskFloorBytes: 5 * GIB,
  desaLimit: 500,
};

interface Measured {
  of: 'memory' | 'disk';
  total?: number;
  free?: number;
  floor: number;
  needed: number;
}

/** What a measured thing has over its head-room; infinite when it was never measured. */
const spareOf = ({ total, free, floor }: Measured, share: number): number =>
  free === undefined ? Infinity : free - Math.max(floor, (total ?? 0) * share);

function measuresOf(room: ServerRoom, need: Need, head: HeadRoom): Measured[] {
  return [
    {
      of: 'memory',
      total: room.memoryBytes,
      free: room.availableMemoryBytes,
      floor: head.memoryFloorBytes,
      needed: need.memoryBytes,
    },
    {
      of: 'disk',
      total: room.diskBytes,
      free: room.freeDiskBytes,
      floor: head.diskFloorBytes,
      needed: need.diskBytes,
    },
  ];
}

function lacksOf(room: ServerRoom, need: Need, head: HeadRoom, measures: readonly Measured[]): Lack[] {
  const labels = need.labels.filter((label) => !room.labels.includes(label));
  const short = measures.filter((measured) => spareOf(measured, head.share) < measured.needed);
  return [
    ...(room.isAway ? [{ of: 'away' } as const] : []),
    ...(room.isOutOfReach ? [{ of: 'way' } as const] : []),
    ...(room.drainReason !== null ? [{ of: 'draining' } as const] : []),
    ...(labels.length > 0 ? [{ of: 'label', labels } as const] : []),
    ...(room.desaCount >= head.desaLimit ? [{ of: 'desa', limit: head.desaLimit } as const] : []),
    ...short.map((measured): Lack => ({
      of: measured.of,
      neededBytes: measured.needed,
      spareBytes: Math.max(0, Math.floor(spareOf(measured, head.share))),
    })),
  ];
}

export function judge(room: ServerRoom, need: Need, head: HeadRoom = HEAD_ROOM): Judged {
  const measures = measuresOf(room, need, head);
  const shares = measures.map((measured) =>
    measured.total ? (spareOf(measured, head.share) - measured.needed) / measured.total : 1,
  );
  const { id, name, desaCount } = room;
  return { id, name, desaCount, left: Math.min(...shares), lacks: lacksOf(room, need, head, measures) };
}

/**
 * The servers in the order in which they would take it: those that fit first, most room left first, then the fewest
 * desa, then the name. The first one takes it when it lacks nothing; pure, so that the same facts give the same place.
 */
export function ranked(rooms: readonly ServerRoom[], need: Need, head: HeadRoom = HEAD_ROOM): Judged[] {
  const fits = ({ lacks }: Judged): number => (lacks.length === 0 ? 0 : 1);
  return rooms
    .map((room) => judge(room, need, head))
    .sort(
      (one, other) =>
        fits(one) - fits(other) ||
        other.left - one.left ||
        one.desaCount - other.desaCount ||
        (one.name < other.name ? -1 : 1),
    );
}

const mib = (bytes: number): string => `${Math.floor(bytes / 2 ** 20)} MiB`;

function lackWords(lack: Lack): string {
  if (lack.of === 'memory' || lack.of === 'disk')
    return `${lack.of === 'memory' ? 'RAM' : 'disk'} ${mib(lack.spareBytes)} < ${mib(lack.neededBytes)}`;
  if (lack.of === 'label') return `label ${lack.labels.join(' ')}`;
  if (lack.of === 'desa') return `desa ≥ ${lack.limit}`;
  return { draining: 'drain', away: 'offline', way: 'no way to the gabungan' }[lack.of];
}

/** One server and what it lacks or has left, in signs that need no language. */
export const judgement = ({ name, left, lacks }: Judged): string =>
  `${name}: ${lacks.length > 0 ? lacks.map(lackWords).join('; ') : `${Math.round(left * 100)} % free`}`;
