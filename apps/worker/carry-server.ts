import { Away, InvalidInput, NotFound } from '#libs/core/errors.js';
import { releaseFacts } from '#libs/provisioning/aim.js';
import { enrolServer, rotateKey } from '#libs/provisioning/recipes/server.recipes.js';
import { lookAtServer, shipOnce } from '#libs/provisioning/recipes/part.recipes.js';
import type { ServerTools } from '#libs/provisioning/steps/check-server.step.js';
import { walk } from '#libs/runs/engine.js';
import type { Journal } from '#libs/runs/journal.js';
import type { ClaimedRun } from '#libs/runs/lease.js';
import { recordAway } from '#libs/servers/circuits.js';
import { readHostKey } from '#libs/servers/drivers/ssh-login.js';
import { isSsh } from '#libs/servers/ssh-address.js';
import { ensureKeyPair, findSshServer, recordShown } from '#libs/servers/ssh-server.js';
import { enrolTools, rotationTools } from './enrolment.js';
import type { Workshop } from './tools.js';

interface ServerRow {
  id: string;
  name: string;
  address: string;
  enrolledAt: Date | null;
}

/** Runs on a server itself: that it does not answer is what they find, not something to wait for. Images wait. */
export async function carryServer(workshop: Workshop, run: ClaimedRun, journal: Journal): Promise<void> {
  const [server] = (await workshop.db.query(
    'SELECT id, name, address, enrolled_at AS "enrolledAt" FROM server WHERE id = $1',
    [run.subjectId],
  )) as ServerRow[];
  if (!server) throw new NotFound('server-unknown', { name: run.subjectId });
  const how = { journal, undoing: run.state === 'undoing', dryRun: run.input.dryRun === true, awayFails: true };
  if (run.verb === 'ship') return ship(workshop, server, run, journal);
  if (run.verb === 'check')
    return walk({ recipe: lookAtServer, target: server, tools: lookTools(workshop, server), ...how });
  const ssh = await findSshServer(workshop.db, server.id);
  if (run.verb === 'rotate-key')
    return walk({ recipe: rotateKey, target: ssh, tools: rotationTools(workshop, ssh), ...how });
  if (run.verb !== 'enrol') throw new InvalidInput('verb-unknown', { verb: run.verb });
  const target = { ...ssh, mayInstall: run.input.installDocker === true };
  await walk({ recipe: enrolServer, target, tools: enrolTools(workshop, ssh, journal), ...how });
}

async function ship(workshop: Workshop, server: ServerRow, run: ClaimedRun, journal: Journal): Promise<void> {
  const release = await releaseFacts(workshop.db, String(run.input.releaseId));
  const { stock } = workshop;
  await workshop.awake(server.id);
  await walk({
    ...{ recipe: shipOnce, target: { server, release }, journal },
    tools: { images: stock.imagesOf(server.id), pruning: stock.pruningOf(server.id), say: journal.say },
    ...{ undoing: run.state === 'undoing', dryRun: run.input.dryRun === true },
    askServer: () => workshop.awake(server.id),
  });
}

function lookTools(workshop: Workshop, server: ServerRow): ServerTools {
  const { db } = workshop;
  return {
    meet: () => meet(workshop, server),
    docker: async () => {
      try {
        return await workshop.awake(server.id);
      } catch (error) {
        if (error instanceof Away) await recordAway(db, server.name, error);
        throw error;
      }
    },
    room: async () => (await workshop.server(server.id)).gateway.room(),
    record: async ({ facts, problem }) =>
      void (await db.query(
        'UPDATE server SET facts = COALESCE($2, facts), problem = $3, checked_at = now() WHERE id = $1',
        [server.id, facts ? JSON.stringify(facts) : null, problem ?? null],
      )),
  };
}

/** A server over SSH shows its host key, and gets a key pair of its own, before it has passed its check-list. */
async function meet({ db, config }: Workshop, { id, address, enrolledAt }: ServerRow): Promise<{ isReady: boolean }> {
  if (!isSsh(address)) return { isReady: true };
  const server = await findSshServer(db, id);
  await ensureKeyPair(db, config.keyRing, server);
  await recordShown(db, server, await readHostKey({ ...server, server: server.name }));
  return { isReady: enrolledAt !== null };
}
