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
  AND NOT EXISTS (SELECT 1 FROM run JOIN installation i ON run.subject_kind = 'desa' AND run.subject_id = i.desa_id
    WHERE i.gabungan_id = r.gabungan_id AND run.state IN ('running', 'undoing', 'broken') AND run.cleared_by IS NULL)`;

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
