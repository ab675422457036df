import { createServer } from 'node:net';
import { carryWith } from '../../apps/worker/carry.js';
import { looksOf, LookProcessor } from '../../apps/worker/look.processor.js';
import { RunProcessor } from '../../apps/worker/run.processor.js';
import { DesaQuery } from '#libs/catalog/desa.query.js';
import { httpsWish, type HttpsWish } from '#libs/contract/https.js';
import type { RunWithSteps } from '#libs/contract/contract.js';
import { HttpsService } from '#libs/gateway/https.service.js';
import { DriftsService } from '#libs/looks/drifts.service.js';
import { RepairsService } from '#libs/looks/repairs.service.js';
import { RunsService } from '#libs/runs/runs.service.js';
import { readApps } from '#libs/templates/read-app.js';
import { certificateFile, visitHttp, visitHttps } from './https-visitor.js';
import { openWholeWorld, type WholeWorld } from './whole-world.js';

const ALL = { kabupatenIds: 'all' as const };
const wildcard = {
  certificate: certificateFile('wildcard.pem') + certificateFile('intermediate.pem'),
  key: certificateFile('wildcard.key'),
};
const KURAI = 'kurai.kab.test';

let world: WholeWorld;
let server: { id: string; name: string; httpPort: number };
let httpsPort: number;
let https: HttpsService;
let runs: RunsService;
let repairs: RepairsService;
let looks: LookProcessor;
const carried: Promise<void>[] = [];

const ended = async (): Promise<void> => void (await Promise.all(carried.splice(0)));
const settings = async () => (await world.db.query('SELECT https FROM server'))[0].https;

/** As the API does it. */
async function wish(wanted: Partial<HttpsWish> & Pick<HttpsWish, 'way'>): Promise<RunWithSteps> {
  const body = httpsWish.parse(wanted);
  const { id, kabupatenId, wanted: input } = await https.prepare(ALL, 'uji', server.name, body);
  const subject = { subjectKind: 'server' as const, subjectId: id, subjectLabel: server.name, kabupatenId };
  const asked = { https: input, ...(body.dryRun ? { dryRun: true } : {}) };
  const run = await runs.start(ALL, { verb: 'https', ...subject, input: asked, askedBy: 'uji' });
  await ended();
  return runs.show(ALL, run.id);
}

async function look(): Promise<void> {
  await world.db.query('UPDATE look SET due_at = now() WHERE server_id = $1', [server.id]);
  await looks.tick();
  await looks.settled();
}
/** Other worlds stand on this engine too: what they left is not ours. */
const drift = async () => {
  const { open } = await new DriftsService(world.db).list(ALL, server.name, 'en');
  return open.filter(({ kind, subject }) => kind !== 'container-unknown' || subject.includes(world.name));
};

beforeAll(async () => {
  world = await openWholeWorld();
  const { db, workshop } = world;
  const apps = readApps(workshop.config.templatesFolder);
  const runner = new RunProcessor(db, carryWith(workshop, apps), { name: 'test', concurrency: 2 });
  const bell = { ring: async (id: string) => void carried.push(runner.take(id)) };
  runs = new RunsService(db, bell);
  repairs = new RepairsService(db, runs);
  https = new HttpsService(db, workshop.config.keyRing);
  looks = new LookProcessor(db, looksOf(workshop, apps, bell), 'satu');
  [server] = await db.query('SELECT id, name, http_port AS "httpPort" FROM server');
  httpsPort = server.httpPort + 1;
  await db.query(`UPDATE server SET https_port = $1, https_address = '127.0.0.1'`, [httpsPort]);
}, 600_000);
afterAll(async () => {
  await world?.close();
}, 120_000);

it('a plan says that every site is away for seconds, and changes nothing', async () => {
  const { state, steps } = await wish({ way: 'internal', dryRun: true });
  expect([state, steps.flatMap(({ says }) => says)]).toEqual([
    'done',
    [
      'serve HTTPS with certificates that the gateway signs itself; browsers warn of them',
      expect.stringMatching(/^make sp-gateway-\S+ anew \(ports\): its desa are away for some seconds$/),
      'record the way of HTTPS: internal',
    ],
  ]);
  expect((await settings()).way).toBe('off');
}, 60_000);

it('a certificate that stands for no desa of the server is refused before anything is asked for', async () => {
  await expect(wish({ way: 'own', certificates: [wildcard] })).rejects.toMatchObject({ code: 'https-covers-nothing' });
  const other = { ...wildcard, key: certificateFile('desa1.key') };
  await expect(wish({ way: 'own', certificates: [other] })).rejects.toMatchObject({ code: 'certificate-key-wrong' });
  await expect(wish({ way: 'acme' })).rejects.toMatchObject({ code: 'https-email-missing' });
}, 60_000);

it('a port that is taken ends the run undone, and the gateway goes on serving', async () => {
  const holder = createServer().listen(httpsPort, '127.0.0.1');
  const { state, problem } = await wish({ way: 'internal' });
  await new Promise((resolve) => holder.close(resolve));
  expect([state, problem?.code, (await settings()).way]).toEqual(['undone', 'gateway-port-taken', 'off']);
  expect((await visitHttp(server.httpPort, { domain: world.desa[0]!.domain })).status).toBe(200);
}, 120_000);

it('is served, recorded, seen by looks, and the address of a desa is one of HTTPS', async () => {
  const { state, problem } = await wish({ way: 'internal' });
  expect([state, problem, (await settings()).way]).toEqual(['done', null, 'internal']);
  for (let tries = 0; tries < 20; tries += 1) {
    await look();
    if ((await https.show(ALL, server.name)).domains.every((one) => one.state === 'valid')) break;
  }
  const { domains } = await https.show(ALL, server.name);
  expect(domains.map((one) => [one.domain, one.state])).toEqual(world.desa.map(({ domain }) => [domain, 'valid']));
  await look();
  expect(await drift()).toEqual([]);
  const { url } = await new DesaQuery(world.db).show(ALL, world.desa[0]!.code);
  expect(url).toBe(`https://${world.desa[0]!.domain}:${httpsPort}`);
}, 180_000);

it('a given certificate is used for what it covers, its key sealed; what is left bare is told', async () => {
  await world.db.query('UPDATE desa SET domain = $1 WHERE code = $2', [KURAI, world.desa[0]!.code]);
  const run = await wish({ way: 'own', certificates: [wildcard] });
  expect([run.state, run.problem]).toEqual(['done', null]);
  expect(run.steps[0]?.says).toContain(`no certificate covers ${world.desa[1]!.domain}: HTTP stays there`);
  expect(await visitHttps(httpsPort, { domain: KURAI })).toMatchObject({ status: 200, shown: 'wildcard' });
  expect((await visitHttp(server.httpPort, { domain: world.desa[1]!.domain })).status).toBe(200);
  await look();
  await look();
  const urls = await Promise.all(world.desa.map(({ code }) => new DesaQuery(world.db).show(ALL, code)));
  expect(urls.map(({ url }) => url)).toEqual([
    `https://${KURAI}:${httpsPort}`,
    `http://${world.desa[1]!.domain}:${server.httpPort}`,
  ]);
  const missing = (await drift()).find(({ kind }) => kind === 'certificate-missing');
  expect(missing?.evidence).toMatchObject({ count: 1, domains: [world.desa[1]!.domain] });
  const secret = wildcard.key.split('\n')[1]!;
  for (const table of ['server_certificate', 'server', 'run', 'run_step', 'run_log', 'audit'])
    expect(JSON.stringify(await world.db.query(`SELECT * FROM ${table}`))).not.toContain(secret);
}, 180_000);

it('a gateway that is not as recorded is told, and repaired', async () => {
  await world.db.query('UPDATE server SET https_port = $1', [httpsPort + 1]);
  await look();
  await look();
  const found = (await drift()).find(({ kind }) => kind === 'gateway-settings')!;
  expect(found.evidence).toEqual({ settings: ['ports', 'https'] });
  const { id } = await repairs.repair(ALL, 'uji', found.id);
  await ended();
  const { state, problem } = await runs.show(ALL, id);
  expect([state, problem]).toEqual(['done', null]);
  expect((await visitHttps(httpsPort + 1, { domain: KURAI })).shown).toBe('wildcard');
}, 180_000);
