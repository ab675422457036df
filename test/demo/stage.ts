import { resolve } from 'node:path';
import { startControlPlane, type ControlPlane } from './control-plane.js';
import { clearWorld } from './world.js';

export interface Stage {
  folder: string;
  server: string;
  gabungan: string;
}

/** They take the same ports, so that none begins beside what another one left. */
const STAGES = {
  demo: { folder: resolve('data/demo'), server: 'demo', gabungan: 'demo' },
  rollout: { folder: resolve('data/demo-rollout'), server: 'demo-rollout', gabungan: 'peluncuran' },
} satisfies Record<string, Stage>;

const PORT = Number(process.env.DEMO_PORT ?? 8080);
export const SITE_PORT = Number(process.env.DEMO_SITE_PORT ?? 8081);

const clear = ({ folder, server, gabungan }: Stage): Promise<void> => clearWorld(folder, server, gabungan);
const began = Date.now();
export const tell = (text: string): void =>
  console.log(`[${((Date.now() - began) / 1000).toFixed(1).padStart(6)} s] ${text}`);

/** Answers whether everything was as it should be. */
type Play = (plane: ControlPlane, stage: Stage) => Promise<boolean>;

/**
 * Plays a demo over a control plane of its own. It stays up until Ctrl-C, or ends by itself with `--exit`; then nothing of
 * it stays on the machine. What failed on the way is left to be looked at; the next demo clears it.
 */
export async function onStage(name: keyof typeof STAGES, play: Play): Promise<void> {
  tell('clearing what an earlier demo left');
  for (const stage of Object.values(STAGES)) await clear(stage);
  tell('control plane: embedded PostgreSQL, queue in PostgreSQL, api and worker');
  const stage = STAGES[name];
  const plane = await startControlPlane(stage.folder, PORT, { DATABASE_URL: '', REDIS_URL: '' });
  const end = async (code: number): Promise<never> => {
    tell('ending, and removing what the demo made');
    await plane.stop();
    await clear(stage);
    process.exit(code);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void end(130));
  try {
    const isGood = await play(plane, stage);
    console.log(`console: ${plane.url}   user: admin   password (shown once): ${plane.adminPassword}`);
    if (process.argv.includes('--exit')) await end(isGood ? 0 : 1);
    tell(isGood ? 'stays up until Ctrl-C' : 'something is not as it should be: see the table; stays up until Ctrl-C');
  } catch (error) {
    console.error(error);
    await plane.stop();
    process.exit(1);
  }
}
