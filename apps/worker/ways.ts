import type { DataSource } from 'typeorm';
import * as names from '#libs/catalog/names.js';
import { AppError } from '#libs/core/errors.js';
import type { KeyRing } from '#libs/core/seal.js';
import { withAdvisoryLock } from '#libs/database/advisory-lock.js';
import { ensureWayDoor, ensureWayIn, isWayDoor, isWayIn, proveWay, removeWayEnd } from '#libs/gabungan/drivers/way.js';
import { ensureWay, findWay, forgetWay, isWayUsed, nextWayPort, wayEndsOf, type WayEnds } from '#libs/gabungan/ways.js';
import type { Way } from '#libs/provisioning/way-port.js';
import type { Docker } from '#libs/servers/docker.js';

export interface WayParts {
  db: DataSource;
  ring: KeyRing;
  gabunganId: string;
  gabungan: string;
  fromId: string;
  /** Of the server with the door. */
  docker: Docker;
  /** Of the gabungan's. */
  far: Docker;
}

const PORTS_TRIED = 20;

/** One way of one gabungan; whoever changes it holds it over all workers, so that nobody writes an older list. */
export function wayOver(parts: WayParts): Way {
  const { db, ring, gabunganId, gabungan, fromId, docker, far } = parts;
  const door = names.wayDoor(gabungan);
  const ends = (): Promise<WayEnds> => wayEndsOf(db, gabunganId, fromId);
  const held = <T>(work: () => Promise<T>): Promise<T> => withAdvisoryLock(db, `way ${gabunganId}`, work);
  return {
    async says() {
      const { from, server, host } = await ends();
      return `${door} on ${from.name} to ${server.name} (${host})`;
    },
    isThere: async () => (await docker.container(door)) !== undefined,
    async isSo() {
      const way = await findWay(db, ring, await ends());
      return way !== undefined && (await isWayIn(far, way.wayIn)) && (await isWayDoor(docker, way.door));
    },
    open: async () => held(async () => open(parts, await ends())),
    async prove() {
      const { from, server, host } = await ends();
      const port = (await findWay(db, ring, await ends()))?.wayIn.port ?? 0;
      await proveWay(docker, { gabungan, to: { host, port } }, { from: from.name, server: server.name });
    },
    isUsed: (exceptRunId) => isWayUsed(db, { gabunganId, fromId }, exceptRunId),
    close: () => held(() => close(parts)),
  };
}

/** Ways of one server that nobody uses any more are closed, those whose papers are due get new ones. */
export async function sweepWays(
  db: DataSource,
  fromId: string,
  partsOf: (way: { gabunganId: string; gabungan: string }) => Promise<WayParts>,
): Promise<void> {
  const rows = (await db.query(
    `SELECT g.id AS "gabunganId", g.name AS gabungan FROM way JOIN gabungan g ON g.id = way.gabungan_id WHERE way.server_id = $1`,
    [fromId],
  )) as { gabunganId: string; gabungan: string }[];
  for (const row of rows) {
    const parts = await partsOf(row);
    await withAdvisoryLock(db, `way ${row.gabunganId}`, async () => {
      if (!(await isWayUsed(db, { ...row, fromId }, ''))) return close(parts);
      const ends = await wayEndsOf(db, row.gabunganId, fromId);
      if (!(await findWay(db, parts.ring, ends))) await open(parts, ends);
    });
  }
}

async function open({ db, ring, docker, far }: WayParts, ends: WayEnds): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const { wayIn, door } = await ensureWay(db, ring, ends);
    try {
      await ensureWayIn(far, wayIn);
      return await ensureWayDoor(docker, door);
    } catch (error) {
      const isTaken = error instanceof AppError && error.code === 'way-port-taken';
      if (!isTaken || tries >= PORTS_TRIED || !(await nextWayPort(db, ends))) throw error;
    }
  }
}

/** The door first: what it carries ends with it. */
async function close({ db, ring, gabunganId, gabungan, fromId, docker, far }: WayParts): Promise<void> {
  await removeWayEnd(docker, names.wayDoor(gabungan));
  const left = await forgetWay(db, ring, { gabunganId, gabungan, fromId });
  if (left) await ensureWayIn(far, left);
  else await removeWayEnd(far, names.wayIn(gabungan));
}
