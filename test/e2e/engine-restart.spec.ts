import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import * as names from '#libs/catalog/names.js';
import type { GabunganView, RunWithSteps } from '#libs/contract/contract.js';
import type { RolloutWhole } from '#libs/contract/rollouts.js';
import { until } from '#libs/core/retry.js';
import { ask, dialledAgent } from '#libs/servers/dialled-http.js';
import { startOwnEngine, type OwnEngine } from '../chaos/own-engine.js';
import { startLoosePlane, type LoosePlane } from '../chaos/plane.js';
import { addStandIn } from '../demo/releases.js';
import { followRollout, startRollout } from '../demo/rollouts.js';
import { worldOf } from './worlds.js';

const { folder: FOLDER, server: SERVER, gabungan: GABUNGAN, port: PORT, sitePort: SITE_PORT } = worldOf('mesin');
const CODES = ['1307012001', '1307012002', '1307012003', '1307012004'];
const domainOf = (code: string): string => `d${code}.mesin.test`;
let engine: OwnEngine;
let plane: LoosePlane;

const release = (version: string): Promise<void> => addStandIn(plane.client, resolve(FOLDER, 'archives'), version);

/** As a visitor's browser gets it from the gateway; the machine itself has no way into the engine's network. */
async function versionOf(code: string): Promise<string> {
  const gateway = names.gatewayContainer(SERVER);
  const agent = dialledAgent(() => engine.docker.dial(gateway, ['socat', '-', 'TCP:127.0.0.1:8080']), 1);
  try {
    const question = { path: '/index.php/siteman', host: domainOf(code), timeoutSeconds: 30 };
    const { status, body } = await ask(agent, question);
    return /OpenSID<\/a> v?(\S+?)</.exec(body)?.[1] ?? `none (${status})`;
  } finally {
    agent.destroy();
  }
}
const versions = (): Promise<string[]> => Promise.all(CODES.map(versionOf));

/** Updates of the rollout that a worker carries right now. */
async function underWay(rolloutId: string): Promise<number> {
  const rows = (await plane.db.query(
    `SELECT 1 FROM run WHERE rollout_id = $1 AND verb = 'update' AND state = 'running'
       AND EXISTS (SELECT 1 FROM run_step WHERE run_id = run.id AND state = 'done')`,
    [rolloutId],
  )) as unknown[];
  return rows.length;
}

beforeAll(async () => {
  await rm(FOLDER, { recursive: true, force: true });
  engine = await startOwnEngine();
  plane = await startLoosePlane(FOLDER, PORT);
  const { client, db } = plane;
  await client.post('/kabupaten', { code: '1307' });
  await client.post('/servers', { kabupaten: '1307', name: SERVER, httpPort: SITE_PORT, httpAddress: '0.0.0.0' });
  await db.query('UPDATE server SET address = $2 WHERE name = $1', [SERVER, engine.address]);
  plane.startWorker();
  await client.finish('/gabungan', { kabupaten: '1307', server: SERVER, name: GABUNGAN });
  for (const version of ['v2601.0.0', 'v2602.0.0', 'v2602.0.1']) await release(version);
  for (const code of CODES) await client.post('/desa', { code, domain: domainOf(code) });
  await Promise.all(CODES.map((code) => client.finish(`/desa/${code}/install`, { version: 'v2601.0.0' })));
}, 600_000);

afterAll(async () => {
  await plane?.stop();
  await engine?.stop();
  await rm(FOLDER, { recursive: true, force: true });
}, 180_000);

const SETTINGS = { waves: [{ count: 1 }, { percent: 100 }], perServer: 4, stopAfter: { failures: 4, percent: 100 } };

/** Rolls, and restarts the engine once at least two desa of the second wave are under way. */
async function rollThrough(version: string, signal: 'SIGTERM' | 'SIGKILL'): Promise<RolloutWhole> {
  const { client } = plane;
  const { id } = await startRollout(client, { gabungan: GABUNGAN, version, settings: SETTINGS });
  const late = (): Error => new Error('no two desa were under way at once');
  await until(async () => ((await underWay(id)) >= 2 ? true : undefined), {
    timeoutSeconds: 420,
    everyMilliseconds: 20,
    late,
  });
  await engine.restart(signal, 5);
  const seen = await followRollout(client, id);
  for (const desa of seen.desa) {
    const run = await client.get<RunWithSteps>(`/runs/${desa.runId}`);
    console.log(
      desa.code,
      desa.state,
      run.state,
      JSON.stringify(run.problem?.code),
      JSON.stringify(run.problem?.data),
      run.steps.map(({ name, state }) => `${name}=${state}`).join(' '),
    );
  }
  console.log(seen.state, seen.phase, JSON.stringify(seen.problem));
  return seen;
}

describe('the Docker Engine restarted while desa are moved', () => {
  it('ended as an update of its package does it', async () => {
    await rollThrough('v2602.0.0', 'SIGTERM');
    console.log(await versions());
    console.log((await engine.docker.containers(names.labels())).map(({ name, state }) => `${name} ${state}`));
  }, 600_000);
  it('ended as a crash does it', async () => {
    await rollThrough('v2602.0.1', 'SIGKILL');
    console.log(await versions());
    const { invariants } = await plane.client.post<GabunganView>(`/gabungan/${GABUNGAN}/check`);
    console.log(
      invariants,
      (await engine.docker.containers(names.labels())).map(({ name, state }) => `${name} ${state}`),
    );
  }, 600_000);
});
