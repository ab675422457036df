import Dockerode from 'dockerode';
import { createServer } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { carryWith } from '../../apps/worker/carry.js';
import { looksOf, LookProcessor } from '../../apps/worker/look.processor.js';
import { RunProcessor } from '../../apps/worker/run.processor.js';
import * as names from '#libs/catalog/names.js';
import type { Drift } from '#libs/contract/looks.js';
import { newId } from '#libs/core/ids.js';
import type { Gateway } from '#libs/gateway/gateway-port.js';
import { DriftsService } from '#libs/looks/drifts.service.js';
import { wantedOf } from '#libs/looks/pg-wanted.js';
import { RepairsService } from '#libs/looks/repairs.service.js';
import type { Wanted } from '#libs/looks/wanted.js';
import { containerOf } from '#libs/runtimes/container.js';
import { runOnce } from '#libs/runtimes/drivers/volumes.js';
import { RunsService } from '#libs/runs/runs.service.js';
import { readApps } from '#libs/templates/read-app.js';
import { openWholeWorld, type WholeWorld } from './whole-world.js';

const ALL = { kabupatenIds: 'all' as const };

let world: WholeWorld;
let serverId: string;
let wanted: Wanted;
let gateway: Gateway;
let drifts: DriftsService;
let repairs: RepairsService;
let runs: RunsService;
let looks: LookProcessor;
let carried: Promise<void>[] = [];
const secondsOfLooks: number[] = [];

beforeAll(async () => {
  world = await openWholeWorld();
  const { db, workshop } = world;
  const apps = readApps(workshop.config.templatesFolder);
  const runner = new RunProcessor(db, carryWith(workshop, apps), { name: 'test', concurrency: 4 });
  const bell = { ring: async (id: string) => void carried.push(runner.take(id)) };
  runs = new RunsService(db, bell);
  repairs = new RepairsService(db, runs);
  drifts = new DriftsService(db);
  looks = new LookProcessor(db, looksOf(workshop, apps, bell), 'satu');
  serverId = (await db.query('SELECT id FROM server'))[0].id;
  const records = { db, ring: workshop.config.keyRing, apps, minimumFreeBytes: 1 };
  wanted = await wantedOf(records, serverId);
  gateway = (await workshop.watch(serverId)).gateway;
}, 600_000);
afterAll(async () => {
  console.log(`looks took ${secondsOfLooks.map((each) => each.toFixed(2)).join(' ')} s`);
  await world?.close();
}, 120_000);

/** One look at our server, now. */
async function look(): Promise<void> {
  await world.db.query('UPDATE look SET due_at = now() WHERE server_id = $1', [serverId]);
  await looks.tick();
  await looks.settled();
  const [row] = await world.db.query('SELECT seconds, problem FROM look WHERE server_id = $1', [serverId]);
  expect(row.problem).toBeNull();
  secondsOfLooks.push(row.seconds);
}

/** Other worlds stand on this engine too: what they left is not ours. */
async function told(): Promise<Drift[]> {
  const { open } = await drifts.list(ALL, undefined, 'en');
  return open.filter(({ kind, subject }) => kind !== 'container-unknown' || subject.includes(world.name));
}
const kinds = async (): Promise<string[]> => (await told()).map(({ kind }) => kind);

async function ended(): Promise<void> {
  await Promise.all(carried);
  carried = [];
}

const runtime = () => wanted.runtimes[0]!.spec;
const runsOfClock = async (): Promise<number> =>
  Number((await world.db.query(`SELECT count(*) FROM run WHERE asked_by = 'clock'`))[0].count);

it('a world as it was installed has no drift, and every look refreshes what the sites answered', async () => {
  await look();
  await look();
  expect(await told()).toEqual([]);
  const pages = await world.db.query(
    "SELECT observed_version, observed_at > now() - interval '1 minute' AS fresh FROM installation",
  );
  expect(pages).toEqual([
    { observed_version: '2602.0.0', fresh: true },
    { observed_version: '2602.0.0', fresh: true },
  ]);
}, 120_000);

const DAMAGES: [string, string, () => Promise<unknown>, number][] = [
  ['runtime-stopped', 'a runtime is killed', () => world.docker.signal(runtime().name, 'KILL'), 1],
  ['runtime-missing', 'a runtime is removed', () => world.docker.remove(runtime().name), 2],
  ['runtime-image', 'a runtime is replaced by another image', () => replaced(), 2],
  [
    'runtime-settings',
    'somebody takes memory from a runtime',
    () => new Dockerode().getContainer(runtime().name).update({ Memory: 512 * 2 ** 20, MemorySwap: 512 * 2 ** 20 }),
    2,
  ],
  [
    'site-missing',
    'the tree of a desa is deleted',
    () => runOnce(world.docker, runtime(), ['rm', '-rf', '--', `/conf/sites/${wanted.sites[0]!.site}`]),
    2,
  ],
  ['route-missing', 'a route is removed', () => gateway.remove(wanted.sites[1]!.domain), 2],
  [
    'route-wrong',
    'a maintenance page is forgotten',
    () => gateway.put({ ...wanted.sites[1]!.route, to: 'maintenance' }),
    2,
  ],
  ['gateway-stopped', 'the gateway is stopped', () => world.docker.stop(wanted.gateway, 1), 1],
  ['gabungan-stopped', 'the database is stopped', () => world.docker.stop(wanted.gabungan[0]!.container, 20), 1],
  [
    'container-unknown',
    'a container stands there with our label',
    () => world.docker.create({ name: `sp-asing-${world.name}`, image: names.gatewayImage(), labels: names.labels() }),
    2,
  ],
];

async function replaced(): Promise<void> {
  await world.docker.remove(runtime().name);
  const spec = containerOf({ ...runtime(), image: names.gatewayImage() });
  await world.docker.create({ ...spec, entrypoint: ['sleep'], argv: ['3600'] });
  await world.docker.start(spec.name);
}

describe.each(DAMAGES)('%s: %s', (kind, _what, damage, looksUntilTold) => {
  it('is told, left alone, repaired by a run when asked, and gone', async () => {
    await damage();
    for (let count = 1; count <= looksUntilTold; count += 1) {
      expect(await kinds()).toEqual([]);
      await look();
    }
    expect(await kinds()).toEqual([kind]);
    await look();
    const [drift] = await told();
    expect([drift!.kind, drift!.repair, await runsOfClock()]).toEqual([kind, null, 0]);

    const plan = await repairs.repair(ALL, 'uji', drift!.id, true);
    await ended();
    const planned = await runs.show(ALL, plan.id);
    expect([planned.state, planned.problem, planned.steps.flatMap(({ says }) => says).length > 0]).toEqual([
      'done',
      null,
      true,
    ]);
    expect((await told())[0]!.repair).toBeNull();

    const run = await repairs.repair(ALL, 'uji', drift!.id);
    await ended();
    const { state, problem } = await runs.show(ALL, run.id);
    expect([state, problem, await world.log(run.id)]).toEqual(['done', null, expect.anything()]);
    await look();
    expect(await kinds()).toEqual([]);
    const { gone } = await drifts.list(ALL, undefined);
    const itself = gone.find(({ repair }) => repair?.runId === run.id);
    expect(itself).toMatchObject({ kind, repair: { askedBy: 'uji', state: 'done' } });
  }, 240_000);
});

describe('by itself', () => {
  it('the policy `safe` has the clock start the same run, once, and tell it', async () => {
    await drifts.setPolicy(ALL, 'uji', '13.07', { byItself: 'safe' });
    await world.docker.signal(runtime().name, 'KILL');
    await look();
    await ended();
    expect(await runsOfClock()).toBe(1);
    await look();
    expect(await kinds()).toEqual([]);
    const { gone } = await drifts.list(ALL, undefined);
    expect(gone.find(({ repair }) => repair?.askedBy === 'clock')).toMatchObject({
      kind: 'runtime-stopped',
      repair: { state: 'done' },
    });
    const audit = await world.db.query(`SELECT action FROM audit WHERE actor = 'clock'`);
    expect(audit).toEqual([{ action: 'run.repair' }]);
  }, 120_000);

  it('what is not safe waits for a person also then', async () => {
    await replaced();
    await look();
    await look();
    await ended();
    expect([await kinds(), await runsOfClock()]).toEqual([['runtime-image'], 1]);
    const { runs: begun, left } = await repairs.repairAll(ALL, 'uji');
    await ended();
    expect([begun.length, left.filter(({ drift }) => drift.subject.includes(world.name))]).toEqual([1, []]);
    await look();
    expect(await kinds()).toEqual([]);
  }, 120_000);

  it('what always comes back is given up after three times a day', async () => {
    for (let count = 0; count < 3; count += 1) {
      await gateway.remove(wanted.sites[0]!.domain);
      await look();
      await look();
      await ended();
      await look();
    }
    expect(await runsOfClock()).toBe(4);
    await gateway.remove(wanted.sites[0]!.domain);
    await look();
    await look();
    await ended();
    expect([await runsOfClock(), await kinds()]).toEqual([4, ['route-missing']]);
    await repairs.repairAll(ALL, 'uji');
    await ended();
    await look();
    expect(await kinds()).toEqual([]);
    await drifts.setPolicy(ALL, 'uji', '13.07', { byItself: 'none' });
  }, 240_000);
});

describe('more than one worker, more than one server', () => {
  it('one of two workers makes the look', async () => {
    const other = new LookProcessor(world.db, { look: async () => Promise.reject(new Error('not mine')) }, 'dua');
    await world.db.query('UPDATE look SET due_at = now()');
    await looks.tick();
    await other.tick();
    await Promise.all([looks.settled(), other.settled()]);
    const [{ problem, fence }] = await world.db.query('SELECT problem, fence::int FROM look WHERE server_id = $1', [
      serverId,
    ]);
    await looks.tick();
    const [after] = await world.db.query('SELECT fence::int FROM look WHERE server_id = $1', [serverId]);
    expect([problem, after.fence]).toEqual([null, fence]);
  });

  it('a server that hangs keeps no other from its look, is told away, and nothing else of it is judged', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'diam-'));
    const silent = createServer(() => undefined).listen(join(folder, 'sock'));
    const id = newId();
    await world.db.query(
      `INSERT INTO server (id, kabupaten_id, name, address, http_port) SELECT $1, kabupaten_id, 'diam', $2, 1 FROM server LIMIT 1`,
      [id, `unix:${join(folder, 'sock')}`],
    );
    await world.db.query('UPDATE look SET due_at = now(), looked_at = NULL');
    await looks.tick();
    const lookedAt = async () =>
      (await world.db.query('SELECT looked_at FROM look WHERE server_id = $1', [serverId]))[0].looked_at;
    for (let tries = 0; tries < 80 && !(await lookedAt()); tries += 1)
      await new Promise((done) => setTimeout(done, 100));
    const hung = await world.db.query('SELECT looked_at FROM look WHERE server_id = $1', [id]);
    expect([(await lookedAt()) !== null, hung]).toEqual([true, [{ looked_at: null }]]);
    await looks.settled();
    expect((await told()).map(({ kind, server, repairedBy }) => [kind, server, repairedBy])).toEqual([
      ['server-away', 'diam', null],
    ]);
    silent.close();
    await rm(folder, { recursive: true, force: true });
  }, 60_000);
});
