import assert from 'node:assert/strict';
import { mkdir, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Run, RunWithSteps } from '#libs/contract/contract.js';
import { Client } from '#test/demo/client.js';
import { visit } from '#test/demo/prober.js';
import { clearWorld } from '#test/demo/world.js';
import { makeRelease } from '#test/fixtures/apps/opensid-contoh/make-release.js';
import { stackOn, type Stack } from './stack.js';

/** `npm run test:compose`: the production form with three workers; one of them is killed in the middle of its work. */
const [PORT, SITE_PORT, SERVER, GABUNGAN, WORKERS] = [8191, 8192, 'susun', 'susun', 3];
const FOLDER = resolve('data/compose');
const CODES = Array.from({ length: 6 }, (_, at) => String(1307012001 + at));
const domainOf = (code: string): string => `d${code}.susun.test`;
const began = Date.now();
const tell = (text: string): void => console.log(`[${((Date.now() - began) / 1000).toFixed(1).padStart(6)} s] ${text}`);

async function signedIn(stack: Stack): Promise<Client> {
  const client = new Client(`http://127.0.0.1:${PORT}`);
  const said = await stack.compose('logs', '--no-color', 'api');
  await client.login('admin', /admin \/ (\S+) /.exec(said)?.[1] ?? '');
  return client;
}

/** An archive comes to the api through its data volume, as an operator would put it there. */
async function addRelease(stack: Stack, client: Client, version: string): Promise<void> {
  const file = await makeRelease(version, FOLDER);
  const [api = ''] = await stack.containers('api');
  const inside = `/data/${version}.tar.gz`;
  await stack.docker('cp', file, `${api}:${inside}`);
  await client.post('/releases', { app: 'opensid', path: inside });
  await client.finish(`/releases/opensid/${version}/build`, {});
}

async function begin(client: Client, verb: string, version: string): Promise<string[]> {
  const begun = CODES.map((code) => client.post<Run>(`/desa/${code}/${verb}`, { version }));
  return (await Promise.all(begun)).map(({ id }) => id);
}

async function assertDone(client: Client, ids: string[]): Promise<void> {
  const ended = await Promise.all(ids.map((id) => client.follow(id)));
  assert.deepEqual(
    ended.map(({ state, problem }) => [state, problem]),
    ids.map(() => ['done', null]),
  );
}

/** Which containers' workers PostgreSQL has written down for these runs; a container's short id is its host name. */
async function carriers(stack: Stack, ids: string[], where = 'true'): Promise<string[]> {
  const [postgres = ''] = await stack.containers('postgres');
  const list = ids.map((id) => `'${id}'`).join(', ');
  const sql = `SELECT DISTINCT split_part(leased_by, '-', 1) FROM run WHERE id IN (${list}) AND leased_by IS NOT NULL AND ${where}`;
  const psql = ['psql', '-h', '/tmp', '-U', 'siappakai', '-d', 'siappakai', '-At', '-c', sql];
  const said = await stack.docker('exec', '--env', 'PGPASSWORD', postgres, ...psql);
  return said.split('\n').filter(Boolean);
}

async function killOneAtWork(stack: Stack, client: Client, ids: string[]): Promise<void> {
  const isMidway = ({ steps }: RunWithSteps): boolean => steps.some(({ state }) => state === 'done');
  for (;;) {
    const runs = await Promise.all(ids.map((id) => client.get<RunWithSteps>(`/runs/${id}`)));
    if (runs.some((run) => run.state === 'running' && isMidway(run))) break;
    await new Promise((wake) => setTimeout(wake, 100));
  }
  const [host] = await carriers(stack, ids, `state = 'running'`);
  const victim = (await stack.containers('worker')).find((id) => host && id.startsWith(host));
  assert.ok(victim, 'a worker is at work');
  await stack.docker('kill', victim);
}

async function story(stack: Stack): Promise<void> {
  const client = await signedIn(stack);
  tell('kabupaten, this machine as the server, a gabungan, two releases');
  await client.post('/kabupaten', { code: '1307' });
  await client.post('/servers', { kabupaten: '1307', name: SERVER, httpPort: SITE_PORT, httpAddress: '127.0.0.1' });
  await client.finish('/gabungan', { kabupaten: '1307', server: SERVER, name: GABUNGAN });
  for (const version of ['v2601.0.0', 'v2602.0.0']) await addRelease(stack, client, version);
  for (const code of CODES) await client.post('/desa', { code, domain: domainOf(code) });
  const installs = await begin(client, 'install', 'v2601.0.0');
  await assertDone(client, installs);
  const shared = await carriers(stack, installs);
  tell(`${CODES.length} desa installed by ${shared.length} workers`);
  assert.ok(shared.length > 1, 'more than one worker took some');
  const updates = await begin(client, 'update', 'v2602.0.0');
  await killOneAtWork(stack, client, updates);
  tell('a worker was killed in the middle; the others go on');
  await assertDone(client, updates);
  for (const code of CODES) {
    const { body } = await visit(SITE_PORT, domainOf(code), '/index.php/siteman');
    assert.match(body, /2602\.0\.0/, code);
  }
  tell('every desa shows v2602.0.0');
}

async function main(): Promise<void> {
  const stack = await stackOn(PORT);
  const down = async (): Promise<void> => {
    await stack.compose('down', '--volumes', '--timeout', '5');
    await clearWorld(FOLDER, SERVER, GABUNGAN);
  };
  await down();
  await mkdir(FOLDER, { recursive: true });
  try {
    await stack.compose('up', '--detach', '--scale', `worker=${WORKERS}`);
    await stack.untilHealthy(3 + WORKERS);
    tell(`PostgreSQL, Redis, api and ${WORKERS} workers are healthy`);
    await story(stack);
    console.log('1 passed, 0 failed');
  } catch (error) {
    console.log(await stack.compose('logs', '--no-color', '--tail', '40', 'worker'));
    throw error;
  } finally {
    await down();
    await rm(FOLDER, { recursive: true, force: true });
  }
}

await main();
