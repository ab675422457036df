import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import * as names from '#libs/catalog/names.js';
import type { GabunganView, RunWithSteps } from '#libs/contract/contract.js';
import type { RolloutWhole } from '#libs/contract/rollouts.js';
import { inTime, until } from '#libs/core/retry.js';
import { ask, dialledAgent } from '#libs/servers/dialled-http.js';
import { startOwnEngine, type OwnEngine } from './own-engine.js';
import { startLoosePlane, type LoosePlane } from './plane.js';
import { addStandIn } from '../demo/releases.js';
import { followRollout, startRollout } from '../demo/rollouts.js';
import { worldOf } from '../e2e/worlds.js';

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
  for (const code of CODES) await client.finish(`/desa/${code}/install`, { version: 'v2601.0.0' });
}, 600_000);

afterAll(async () => {
  await plane?.stop();
  await engine?.stop();
  await rm(FOLDER, { recursive: true, force: true });
}, 180_000);

/** One that cannot be moved now does not keep the others: a person tries it again. */
const SETTINGS = { waves: [{ count: 1 }, { percent: 100 }], perServer: 4, stopAfter: { failures: 4, percent: 100 } };

/** A rollout that goes on for ever says where its runs stand. */
async function endOf(id: string): Promise<RolloutWhole> {
  const late = new Error('the rollout does not end');
  return inTime(followRollout(plane.client, id), 900_000, () => late).catch(async (error: unknown) => {
    const stuck = await plane.db.query(
      `SELECT r.verb, r.state, r.leased_by, r.leased_until, s.name, s.state AS step, s.started_at, s.problem
       FROM run r LEFT JOIN run_step s ON s.run_id = r.id AND s.state IN ('running', 'undoing', 'failed')
       WHERE r.state NOT IN ('done', 'undone', 'cancelled')`,
    );
    console.log(JSON.stringify(await plane.db.query('SELECT name, circuit FROM server')), JSON.stringify(stuck));
    throw error;
  });
}

interface Restarted {
  /** As it went on by itself. */
  seen: RolloutWhole;
  /** Endings of its updates, with the steps' own. */
  runs: RunWithSteps[];
}

/** Rolls, and restarts the engine once at least two desa of the second wave are under way. */
async function rollThrough(version: string, signal: 'SIGTERM' | 'SIGKILL'): Promise<Restarted> {
  const { client } = plane;
  const { id } = await startRollout(client, { gabungan: GABUNGAN, version, settings: SETTINGS });
  const late = (): Error => new Error('no two desa were under way at once');
  const isMoving = async (): Promise<true | undefined> => (await underWay(id)) >= 2 || undefined;
  await until(isMoving, { timeoutSeconds: 420, everyMilliseconds: 20, late });
  await engine.restart(signal, 5);
  const seen = await endOf(id);
  const runs = await Promise.all(seen.desa.map(({ runId }) => client.get<RunWithSteps>(`/runs/${runId}`)));
  console.log(
    signal,
    seen.state,
    JSON.stringify(runs.map(({ state, problem }) => [state, problem?.code, problem?.data])),
  );
  return { seen, runs };
}

/** It went on to its end; or nobody of the wave arrived, which proves nothing for the next one and waits for a person. */
async function endedAsPromised({ seen: { id, state, problem, desa } }: Restarted): Promise<void> {
  if (state === 'finished') return expect(problem).toBeNull();
  expect({ state, code: problem?.code }).toEqual({ state: 'paused', code: 'wave-failed' });
  expect(desa.filter(({ wave, state: ending }) => wave === 1 && ending === 'done')).toEqual([]);
  await plane.client.post(`/rollouts/${id}/stop`);
}

/** Everything that was placed comes back by itself, and every desa shows where its own rollout left it. */
async function untilShown({ seen }: Restarted, [from, to]: [string, string]): Promise<void> {
  const wanted = CODES.map((code) => (seen.desa.find((desa) => desa.code === code)!.state === 'done' ? to : from));
  const look = async (): Promise<true | undefined> =>
    JSON.stringify(await versions().catch(() => [])) === JSON.stringify(wanted) || undefined;
  const late = (): Error => new Error(`not every desa shows ${wanted.join(', ')}`);
  await until(look, { timeoutSeconds: 120, everyMilliseconds: 1000, late }).catch(async (error: unknown) => {
    console.log(
      await versions().catch(String),
      (await engine.docker.containers(names.labels())).map(({ name, state }) => `${name} ${state}`),
    );
    throw error;
  });
}

/** What failed is tried again by a person, and then every desa has arrived. */
async function retryFailed(version: string): Promise<void> {
  const { client } = plane;
  const { plan, ...made } = await client.post<RolloutWhole>('/rollouts', { gabungan: GABUNGAN, version });
  if (plan.desa.some(({ wave }) => wave !== null)) {
    await client.post(`/rollouts/${made.id}/approve`, { hash: made.planHash });
    await client.post(`/rollouts/${made.id}/start`);
    expect(await endOf(made.id)).toMatchObject({ state: 'finished', problem: null });
  }
  expect(await versions()).toEqual(CODES.map(() => version.slice(1)));
}

/** No lock, no open run, nothing that a run made for itself, no row lost or doubled. */
async function nothingLeft(): Promise<void> {
  const { db, client } = plane;
  expect(await db.query('SELECT resource FROM resource_lock')).toEqual([]);
  expect(await db.query("SELECT verb FROM run WHERE state IN ('queued', 'running', 'undoing', 'broken')")).toEqual([]);
  const containers = (await engine.docker.containers(names.labels())).map(({ name }) => name);
  expect(containers.filter((name) => /-copy-|-run-|-once-/.test(name))).toEqual([]);
  const { invariants } = await client.post<GabunganView>(`/gabungan/${GABUNGAN}/check`);
  expect(invariants!.filter(({ expected, observed }) => expected !== observed)).toEqual([]);
}

describe('the Docker Engine restarted while desa are moved, as an update of its package does it', () => {
  it('the rollout goes on by itself, every desa is updated or undone and serves, and nothing is lost', async () => {
    const [from, to] = ['v2601.0.0', 'v2602.0.0'];
    const restarted = await rollThrough(to, 'SIGTERM');
    for (const { state } of restarted.runs) expect(['done', 'undone']).toContain(state);
    await endedAsPromised(restarted);
    await untilShown(restarted, [from.slice(1), to.slice(1)]);
    await retryFailed(to);
    await nothingLeft();
  }, 1_800_000);
});
