import type { DataSource } from 'typeorm';
import * as names from '#libs/catalog/names.js';
import type { Docker } from '#libs/servers/docker.js';
import type { Runtimes } from '#libs/runtimes/runtime-port.js';

type Ended = Pick<Runtimes, 'remove'>;
interface Free {
  id: string;
  name: string;
}

/** Nobody lives in it, and no run under way could be moving somebody in or looking into it. */
const FREE = `r.server_id = $1
  AND NOT EXISTS (SELECT 1 FROM installation i JOIN release l ON l.id = r.release_id
    WHERE i.server_id = r.server_id AND i.gabungan_id = r.gabungan_id AND i.app = l.app AND i.placed_release_id = l.id
      AND (CASE i.isolation WHEN 'own' THEN r.name LIKE '%-d' || (SELECT code FROM desa WHERE id = i.desa_id)
        ELSE r.name NOT SIMILAR TO '%-d[0-9]{10}' END))
  AND NOT EXISTS (SELECT 1 FROM run WHERE run.state IN ('running', 'undoing', 'broken') AND run.cleared_by IS NULL
    AND (run.subject_id IN (r.gabungan_id, r.server_id)
      OR run.subject_id IN (SELECT i.desa_id FROM installation i WHERE i.gabungan_id = r.gabungan_id)))`;

/**
 * Runtimes whose worker was killed between the end of its run and the tidying. Its row goes first, in a transaction that
 * lasts until its container is gone: a run that wants it meanwhile waits for it and finds none.
 */
export async function sweepRuntimes(db: DataSource, serverId: string, runtimes: Ended): Promise<string[]> {
  const free = (await db.query(`SELECT r.id, r.name FROM runtime r WHERE ${FREE} ORDER BY r.name`, [
    serverId,
  ])) as Free[];
  const swept: string[] = [];
  for (const { id, name } of free)
    await db.transaction(async (manager) => {
      const [, gone] = (await manager.query(`DELETE FROM runtime r WHERE r.id = $2 AND ${FREE}`, [serverId, id])) as [
        unknown,
        number,
      ];
      if (gone === 0) return;
      await runtimes.remove(name, names.runtimeConfigVolume(name));
      swept.push(name);
    });
  return swept;
}

/** Longer than any worker takes from making such a container to starting it, and from its end to removing it. */
const RESTS_SECONDS = 60;

/** Containers that played one command for a worker which was killed meanwhile: nobody comes back for them. */
export async function sweepCommands(docker: Docker, now = new Date()): Promise<string[]> {
  const swept: string[] = [];
  for (const { name, restsSince } of await docker.containers(names.labels({ 'siappakai.kind': 'once' }))) {
    if (!restsSince || now.getTime() - restsSince.getTime() < RESTS_SECONDS * 1000) continue;
    await docker.remove(name);
    swept.push(name);
  }
  return swept;
}

/** One-off runtimes of runs of ours that have ended. Another control plane on the same server has its own. */
export async function sweepOneOffs(db: DataSource, docker: Docker, runtimes: Ended): Promise<string[]> {
  const found = (await docker.containers(names.labels())).filter(({ labels }) => labels['siappakai.run']);
  const ended = (await db.query(`SELECT id::text FROM run WHERE id::text = ANY($1) AND ended_at IS NOT NULL`, [
    found.map(({ labels }) => labels['siappakai.run']),
  ])) as { id: string }[];
  const left = found.filter(({ labels }) => ended.some(({ id }) => id === labels['siappakai.run']));
  // The container through which its files were written stands beside it under its name.
  const runtimesLeft = [...new Set(left.map(({ name }) => name.replace(/-files$/, '')))];
  for (const name of runtimesLeft) await runtimes.remove(name, names.runtimeConfigVolume(name));
  return runtimesLeft;
}
