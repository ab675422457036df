import * as names from '#libs/catalog/names.js';
import type { DataSource } from 'typeorm';
import { Conflict } from '#libs/core/errors.js';
import { hostForOthers } from '#libs/servers/ssh-address.js';
import type { EnrolTools, FarGabungan } from '#libs/provisioning/enrolment/target.js';
import type { RotationTools } from '#libs/provisioning/enrolment/rotation.js';
import type { Journal } from '#libs/runs/journal.js';
import { placeLine, removeLine } from '#libs/servers/drivers/authorized-keys.js';
import { connectEngineOver } from '#libs/servers/drivers/engine.js';
import { SshLink } from '#libs/servers/drivers/ssh.js';
import { readHostKey, type SshLogin } from '#libs/servers/drivers/ssh-login.js';
import * as rows from '#libs/servers/ssh-server.js';
import { berthOver, loginOf } from './links.js';
import type { Workshop } from './tools.js';

/** A connection for one purpose; the pooled one logs in with the key in use. */
async function once<T>(login: SshLogin, act: (link: SshLink) => Promise<T>): Promise<T> {
  const link = new SshLink(login);
  try {
    return await act(link);
  } finally {
    await link.close();
  }
}

const opens = async (link: SshLink): Promise<void> => void (await link.exec(['true']));

export function enrolTools(workshop: Workshop, server: rows.SshServer, { say }: Journal): EnrolTools {
  const { db, config, links, stock } = workshop;
  const { id, name } = server;
  const link = (): Promise<SshLink> => links.of(id);
  const engine = async () => connectEngineOver(await link(), name);
  return {
    hostKeyShown: async () => {
      const shown = await readHostKey({ ...server, server: name });
      await rows.recordShown(db, server, shown);
      return shown;
    },
    // Whether the key opens the door now, not whether a connection stands that was opened before.
    logIn: async () => {
      const { privateKey: key } = await rows.keyPairOf(db, config.keyRing, server);
      await once({ ...loginOf(server), key }, opens);
    },
    hasPassword: () => rows.hasPassword(db, server),
    placeKey: async () => {
      const { publicLine } = await rows.keyPairOf(db, config.keyRing, server);
      const password = await rows.takePassword(db, config.keyRing, server);
      if (!password) throw new Conflict('ssh-password-used', { server: name });
      await once({ ...loginOf(server), password }, (opened) => placeLine(opened, publicLine));
    },
    exec: async (argv, options) => (await link()).exec(argv, options),
    logInAnew: () => links.forget(id),
    engine: async () => (await engine()).facts(),
    isOurGateway: async () => {
      const gateway = await (await engine()).container(names.gatewayContainer(name)).catch(() => undefined);
      return gateway?.state === 'running';
    },
    gabunganElsewhere: async () => gabunganElsewhere(db, id, await link()),
    tunnel: async () => (await link()).reverse(0, (socket) => void socket.destroy()),
    missingImages: async () => {
      const missing = await stock.missingOn(berthOver(await link(), name), names.serverImages());
      return missing.map(({ image }) => image);
    },
    bringImages: async () => {
      const hear = (line: string): void => void say('info', line, 'bring-images').catch(() => undefined);
      await stock.equip(id, berthOver(await link(), name), names.serverImages(), hear);
    },
    now: () => Date.now(),
    record: async (facts) =>
      void (await db.query(
        'UPDATE server SET enrolled_at = now(), facts = $2, problem = NULL, checked_at = now() WHERE id = $1',
        [id, JSON.stringify(facts)],
      )),
    isRecorded: async () => (await rows.findSshServer(db, id)).enrolledAt !== null,
    say,
  };
}

async function gabunganElsewhere(db: DataSource, serverId: string, link: SshLink): Promise<FarGabungan[]> {
  const rows = (await db.query(
    `SELECT g.name, a.name AS server, a.address, a.internal_address AS "internalAddress", w.port
     FROM gabungan g JOIN server a ON a.id = g.server_id JOIN server b ON b.kabupaten_id = g.kabupaten_id AND b.id = $1
     LEFT JOIN way_in w ON w.gabungan_id = g.id WHERE g.state = 'running' AND a.id <> b.id ORDER BY g.name`,
    [serverId],
  )) as { name: string; server: string; address: string; internalAddress: string | null; port: number | null }[];
  const asked = rows.map(async ({ name, server, address, internalAddress, port }): Promise<FarGabungan> => {
    const host = hostForOthers({ address, internalAddress });
    if (!host || !port) return { name, server, host };
    return { name, server, host, port, isReached: await link.reaches(host.replace(/^\[|\]$/g, ''), port) };
  });
  return Promise.all(asked);
}

export function rotationTools(workshop: Workshop, server: rows.SshServer): RotationTools {
  const { db, config } = workshop;
  const ring = config.keyRing;
  const asNow = async <T>(act: (link: SshLink) => Promise<T>): Promise<T> => {
    const { privateKey: key } = await rows.keyPairOf(db, ring, server);
    return once({ ...loginOf(server), key }, act);
  };
  return {
    lineNow: async () => (await rows.keyPairOf(db, ring, server)).publicLine,
    lineNext: async () => (await rows.ensureNextPair(db, ring, server)).publicLine,
    place: (line) => asNow((link) => placeLine(link, line)),
    remove: (line) => asNow((link) => removeLine(link, line)),
    prove: async (which) => {
      const { privateKey: key } = await rows.keyPairOf(db, ring, server, which);
      await once({ ...loginOf(server), key }, opens);
    },
    // What goes on over the connection that stands is not disturbed; whoever logs in next reads the new pair.
    swap: async () => {
      await rows.swapPairs(db, server);
    },
    forgetNext: () => rows.forgetNextPair(db, server),
  };
}
