import { HEAD_ROOM, NEED, ranked, type HeadRoom, type Judged, type ServerRoom } from './room.js';

/** Where each goes; `left` are those for which no server is left, with how the servers were judged by then. */
export interface Spread {
  servers: string[];
  left: number;
  judged: Judged[];
}

const withOneMore = (room: ServerRoom): ServerRoom => ({
  ...room,
  desaCount: room.desaCount + 1,
  ...(room.availableMemoryBytes === undefined
    ? {}
    : { availableMemoryBytes: room.availableMemoryBytes - NEED.memoryBytes }),
  ...(room.freeDiskBytes === undefined ? {} : { freeDiskBytes: room.freeDiskBytes - NEED.diskBytes }),
});

/** So many desa over these servers, one after the other, each where most is left by then; pure. */
export function spreadOver(rooms: readonly ServerRoom[], count: number, head: HeadRoom = HEAD_ROOM): Spread {
  let known = [...rooms];
  const servers: string[] = [];
  while (servers.length < count) {
    const judged = ranked(known, { ...NEED, labels: [] }, head);
    const [best] = judged;
    if (!best || best.lacks.length > 0) return { servers, left: count - servers.length, judged };
    servers.push(best.name);
    known = known.map((room) => (room.id === best.id ? withOneMore(room) : room));
  }
  return { servers, left: 0, judged: [] };
}
