import { resolve } from 'node:path';
import { startLoosePlane, type LoosePlane } from '../chaos/plane.js';
import { clearWorld } from '../demo/world.js';
import { addStandIn } from '../demo/releases.js';
import { worldOf } from './worlds.js';
import type { Run } from '#libs/contract/contract.js';
import type { Server } from '#libs/contract/servers.js';
import { until } from '#libs/core/retry.js';

const { folder: FOLDER, server: NAME, port: PORT, sitePort: HTTP_PORT } = worldOf('pgulang');
const CODE = '1307012001';
let plane: LoosePlane;

const isAt = (id: string, step: string): Promise<true> =>
  until(
    async () => {
      const rows = (await plane.db.query('SELECT 1 FROM run_step WHERE run_id = $1 AND name = $2 AND state = $3', [
        id,
        step,
        'running',
      ])) as unknown[];
      return rows.length > 0 || undefined;
    },
    { timeoutSeconds: 120, everyMilliseconds: 50, late: () => new Error(`never at ${step}`) },
  );

beforeAll(async () => {
  await clearWorld(FOLDER, NAME, NAME);
  plane = await startLoosePlane(FOLDER, PORT);
  plane.startWorker();
  const { client } = plane;
  await client.post('/kabupaten', { code: '1307' });
  await client.post('/servers', { kabupaten: '1307', name: NAME, httpPort: HTTP_PORT, httpAddress: '127.0.0.1' });
  await client.finish('/gabungan', { kabupaten: '1307', server: NAME, name: NAME });
  await addStandIn(client, resolve(FOLDER, 'archives'), 'v2601.0.0');
  await client.post('/desa', { code: CODE, domain: `d${CODE}.pgulang.test` });
}, 300_000);

afterAll(async () => {
  await plane?.stop();
  await clearWorld(FOLDER, NAME, NAME);
}, 120_000);

describe('PostgreSQL restarted in the middle of a run', () => {
  it('loses nothing: api and worker find it again and the run ends done', async () => {
    const { id } = await plane.client.post<Run>(`/desa/${CODE}/install`, { version: 'v2601.0.0' });
    await isAt(id, 'register-desa');
    await plane.restartPostgres();
    const run = await until(
      async () => {
        const seen = await plane.client.get<Run>(`/runs/${id}`).catch(() => undefined);
        return seen && ['done', 'undone', 'broken'].includes(seen.state) ? seen : undefined;
      },
      { timeoutSeconds: 180, late: () => new Error('the run never ended') },
    );
    expect(run).toMatchObject({ state: 'done', problem: null });
    // The bell too: a run asked for now is taken without the worker being started anew.
    const server = await plane.client.post<Server>(`/servers/${NAME}/check`);
    expect(server).toMatchObject({ problem: null, checkedAt: expect.any(String) as string });
  }, 300_000);
});
