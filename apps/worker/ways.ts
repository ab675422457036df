import type { DataSource } from 'typeorm';
import * as names from '#libs/catalog/names.js';
import { AppError, Away } from '#libs/core/errors.js';
import type { KeyRing } from '#libs/core/seal.js';
import { withAdvisoryLock } from '#libs/database/advisory-lock.js';
import { ensureWayDoor, ensureWayIn, isWayDoor, isWayIn, proveWay, removeWayEnd } from '#libs/gabungan/drivers/way.js';
import { ensureWay, findWay, forgetWay, isWayUsed, nextWayPort, wayEndsOf, type WayEnds } from '#libs/gabungan/ways.js';
import type { Way } from '#libs/provisioning/way-port.js';
import type { DesaTarget } from '#libs/provisioning/target.js';
import type { Docker } from '#libs/servers/docker.js';
import type { ServerTools, Workshop } from './tools.js';

interface WayParts {
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
const lockOf = ({ gabunganId }: Pick<WayParts, 'gabunganId'>): string => `way ${gabunganId}`;

/** One way of one gabungan; whoever changes it holds it over all workers, so that nobody writes an older list. */
function wayOver(parts: WayParts): Way {
  const { db, ring, gabunganId, gabungan, fromId, docker, far } = parts;
  const door = names.wayDoor(gabungan);
  const ends = (): Promise<WayEnds> => wayEndsOf(db, gabunganId, fromId);
  const held = <T>(work: () => Promise<T>): Promise<T> => withAdvisoryLock(db, lockOf(parts), work);
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

type Of = Pick<WayParts, 'gabunganId' | 'gabungan' | 'fromId'>;

async function partsOf(workshop: Workshop, of: Of, docker: Docker): Promise<WayParts> {
  const { serverId } = await workshop.addressOf(of.gabunganId);
  const far = (await workshop.server(serverId)).docker;
  return { db: workshop.db, ring: workshop.config.keyRing, ...of, docker, far };
}

/** The server of the gabungan, and the way there when it is another one than the desa's. */
export async function wayFor(
  workshop: Workshop,
  { server, gabungan }: Pick<DesaTarget, 'server' | 'gabungan'>,
  docker: Docker,
): Promise<{ far: ServerTools; way?: Way }> {
  const isElsewhere = gabungan.serverId !== server.id;
  if (isElsewhere) await workshop.awake(gabungan.serverId);
  const far = await workshop.server(gabungan.serverId);
  if (!isElsewhere) return { far };
  const of = { gabunganId: gabungan.id, gabungan: gabungan.name, fromId: server.id };
  return { far, way: wayOver(await partsOf(workshop, of, docker)) };
}

/** From every server that answers. */
export async function waysTo(workshop: Workshop, gabunganId: string, gabungan: string): Promise<Way[]> {
  const rows = (await workshop.db.query('SELECT server_id AS id FROM way WHERE gabungan_id = $1', [gabunganId])) as {
    id: string;
  }[];
  const ways = rows.map(async ({ id: fromId }) => {
    const docker = await workshop.awake(fromId).catch(unlessAway);
    return docker && wayOver(await partsOf(workshop, { gabunganId, gabungan, fromId }, docker));
  });
  return (await Promise.all(ways)).filter((way) => way !== undefined);
}

function unlessAway(error: unknown): undefined {
  if (!(error instanceof Away)) throw error;
}

/** All ways that begin at one server. */
export async function sweepWaysOf(workshop: Workshop, fromId: string): Promise<void> {
  const { db } = workshop;
  const docker = await workshop.awake(fromId);
  const rows = (await db.query(
    `SELECT g.id AS "gabunganId", g.name AS gabungan FROM way JOIN gabungan g ON g.id = way.gabungan_id WHERE way.server_id = $1`,
    [fromId],
  )) as Omit<Of, 'fromId'>[];
  for (const row of rows) {
    const parts = await partsOf(workshop, { ...row, fromId }, docker);
    await withAdvisoryLock(db, lockOf(row), async () => {
      if (!(await isWayUsed(db, parts, ''))) return close(parts);
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
