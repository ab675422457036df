import type { DataSource } from 'typeorm';
import type { Away } from '#libs/core/errors.js';
import { CLOSED, failed, mayProbe, probing, type Circuit } from './circuit.js';

/** Waiting does not mend them: a person must look. */
const HARD = ['host-key-changed', 'ssh-login-refused'];

/** Circuits as they stand in the rows of servers, so that all workers go by the same one. */
export async function recordAway(db: DataSource, name: string, away: Away): Promise<void> {
  const reason = { code: away.code, data: away.data };
  await change(db, name, (circuit, now) =>
    failed(circuit, { now, reason, random: Math.random(), isHard: HARD.includes(away.code) }),
  );
}

/** Writes only where something is to be forgotten. */
export async function recordAnswered(db: DataSource, name: string): Promise<void> {
  await db.query(`UPDATE server SET circuit = $2 WHERE name = $1 AND circuit->>'failures' <> '0'`, [
    name,
    JSON.stringify(CLOSED),
  ]);
}

/** Servers that this worker shall ask now; nobody else asks them meanwhile. Those on its own machine are `mine`. */
export async function takeProbes(db: DataSource, mine?: string[]): Promise<{ id: string; name: string }[]> {
  const away = (await db.query(
    `SELECT id, name FROM server WHERE circuit->>'state' <> 'closed'
       AND ($1::uuid[] IS NULL OR id = ANY ($1) OR address NOT LIKE 'unix:%') ORDER BY name`,
    [mine ?? null],
  )) as {
    id: string;
    name: string;
  }[];
  const taken: typeof away = [];
  for (const server of away) {
    const isMine = await change(db, server.name, (circuit, now) =>
      mayProbe(circuit, now) ? probing(circuit, now) : undefined,
    );
    if (isMine) taken.push(server);
  }
  return taken;
}

/** By the clock of the database, which all workers share; undefined leaves it as it is. */
const change = (
  db: DataSource,
  name: string,
  next: (circuit: Circuit, now: Date) => Circuit | undefined,
): Promise<boolean> =>
  db.transaction(async (manager) => {
    const [row] = (await manager.query('SELECT circuit, now() AS now FROM server WHERE name = $1 FOR UPDATE', [
      name,
    ])) as { circuit: Circuit; now: Date }[];
    const changed = row && next({ ...CLOSED, ...row.circuit }, row.now);
    if (!changed) return false;
    await manager.query('UPDATE server SET circuit = $2 WHERE name = $1', [name, JSON.stringify(changed)]);
    return true;
  });
