import { Away, Conflict, LeaseLost, Unavailable } from '#libs/core/errors.js';
import { bytesOf } from '#libs/runtimes/folder-difference.js';
import { leave, type Step } from '#libs/runs/step.js';
import { askSite, proveObservation } from '../health.js';
import type { MoveTarget, MoveTools } from '../move-target.js';

const MIB = 2 ** 20;
const ASK_SECONDS = 10;

/** Everything that would make a move fail later, and what is to be moved. */
export const checkMove: Step<MoveTarget, MoveTools, null> = {
  name: 'check-move',
  async plan(target, tools) {
    const { from, to } = target;
    await refuseTogether(tools);
    await Promise.all([tools.from.docker.ping(), tools.to.docker.ping(), tools.to.gabungan.count('SELECT 1')]);
    await checkServing(target, tools);
    const paths = await tools.carriage.unreadable();
    if (paths.length > 0) throw new Conflict('folder-unreadable', { site: from.site.site, paths: paths.slice(0, 10) });
    const bytes = bytesOf(await tools.carriage.list('old'));
    await checkDisk(target, tools, bytes);
    await checkWay(target, tools);
    const says = `move ${from.desa.name} from ${from.server.name} to ${to.server.name}, uid ${to.site.uid} there, ${mib(bytes)} MiB`;
    return { says: [to.judged.length > 0 ? `${says} (${to.judged.join(', ')})` : says], before: null };
  },
  run: async () => {},
  verify: async () => {},
  undo: leave('looks only'),
};

const mib = (bytes: number): number => Math.ceil(bytes / MIB);

async function refuseTogether({ moves }: MoveTools): Promise<void> {
  const kept = await moves.kept();
  if (kept) throw new Conflict('move-still-kept', { server: kept.server, until: kept.until.toISOString() });
  if (await moves.isRolling()) throw new Conflict('move-during-rollout', {});
}

/** Only what serves rightly now can be proved to serve rightly there. */
async function checkServing({ from }: MoveTarget, tools: MoveTools): Promise<void> {
  const to = (await tools.from.gateway.route(from.desa.domain))?.to;
  if (typeof to !== 'object' || !('runtime' in to) || to.runtime !== from.runtime.name)
    throw new Conflict('move-not-serving', { domain: from.desa.domain, server: from.server.name });
  proveObservation(from, await askSite(from, tools.from, from.runtime));
}

async function checkDisk({ to }: MoveTarget, { to: tools }: MoveTools, bytes: number): Promise<void> {
  const free = await tools.gateway.freeBytes();
  const needed = tools.minimumFreeBytes + bytes;
  if (free < needed)
    throw new Unavailable('disk-full', {
      server: to.server.name,
      freeMiB: Math.floor(free / MIB),
      neededMiB: mib(needed),
    });
}

/** Visitors who still come to the old server are passed on: its gateway must reach the new one's. Any answer will do. */
async function checkWay({ from, to, forward }: MoveTarget, { from: tools }: MoveTools): Promise<void> {
  const { host, port } = forward;
  const question = { runtime: host, port, site: 'live', gateKey: '', domain: `reach.${from.desa.domain}`, path: '/' };
  await tools.gateway.get({ ...question, timeoutSeconds: ASK_SECONDS }).catch((error: unknown) => {
    if (error instanceof LeaseLost || error instanceof Away) throw error;
    throw new Conflict('gateway-out-of-reach', {
      from: from.server.name,
      to: to.server.name,
      host,
      port,
      why: String(error).slice(0, 200),
    });
  });
}
