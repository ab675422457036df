import { resolve } from 'node:path';
import { Gate } from '../chaos/gate.js';
import { killAtEveryBoundary, type Killed } from '../chaos/killing.js';
import { startLoosePlane, type LoosePlane } from '../chaos/plane.js';
import { worldSeen, type Place } from '../chaos/world-seen.js';
import { clearWorld } from '../demo/world.js';
import { addStandIn } from '../demo/releases.js';

const FOLDER = resolve('data/e2e-chaos');
const [SERVER, PORT, HTTP_PORT] = ['chaos', 8092, 8093];
const world = (gabungan: string, codes: string[]): Place => ({ server: SERVER, gabungan, httpPort: HTTP_PORT, codes });
const CALM = world('tenang', ['1307012001', '1307012002']);
const KILLED = world('kacau', ['1307012003', '1307012004']);
/** So many kills; then the rest of the life goes on in peace. `npm run test:chaos` asks for more, and goes the way again. */
const POINTS = Number(process.env.CHAOS_POINTS ?? 100);
const SECONDS = Math.max(1500, POINTS * 12);

type Act = [verb: string, desa: number, body: (code: string) => object];
/** The whole life of two desa. The first desa of a gabungan stays: it is the protected one. */
const LIFE: Act[] = [
  ['install', 0, () => ({ version: 'v2601.0.0' })],
  ['install', 1, () => ({ version: 'v2601.0.0' })],
  ['update', 0, () => ({ version: 'v2602.0.0' })],
  ['update', 1, () => ({ version: 'v2602.0.0' })],
  ['remove', 1, (code) => ({ confirm: code })],
];
const AGAIN: Act[] = [
  ['install', 1, () => ({ version: 'v2602.0.0' })],
  ['remove', 1, (code) => ({ confirm: code })],
];
let plane: LoosePlane;
let gate: Gate;

const release = (version: string): Promise<void> => addStandIn(plane.client, resolve(FOLDER, 'archives'), version);

async function settle({ gabungan, codes }: Place): Promise<void> {
  await plane.client.finish('/gabungan', { kabupaten: '1307', server: SERVER, name: gabungan });
  for (const code of codes) await plane.client.post('/desa', { code, domain: `d${code}.chaos.test` });
}

const pathOf = ({ codes, gabungan }: Place, [verb, desa, body]: Act): [string, object] => {
  const code = codes[desa]!;
  return [`/desa/${code}/${verb}`, { ...(verb === 'install' ? { gabungan } : {}), ...body(code) }];
};

beforeAll(async () => {
  for (const { gabungan } of [CALM, KILLED]) await clearWorld(FOLDER, SERVER, gabungan);
  plane = await startLoosePlane(FOLDER, PORT);
  gate = await Gate.build(plane.db);
  plane.startWorker();
  await plane.client.post('/kabupaten', { code: '1307' });
  await plane.client.post('/servers', {
    kabupaten: '1307',
    name: SERVER,
    httpPort: HTTP_PORT,
    httpAddress: '127.0.0.1',
  });
  for (const version of ['v2601.0.0', 'v2602.0.0']) await release(version);
  for (const place of [CALM, KILLED]) await settle(place);
}, 600_000);

afterAll(async () => {
  await gate?.tearDown();
  await plane?.stop();
  for (const { gabungan } of [CALM, KILLED]) await clearWorld(FOLDER, SERVER, gabungan);
}, 120_000);

describe('a worker killed at every boundary of every step', () => {
  it(
    'goes on and ends in the world of a worker that was left alone',
    async () => {
      const kills: Killed[] = [];
      const count = (): number => kills.reduce((sum, { before, after }) => sum + before + after, 0);
      for (let at = 0; at < LIFE.length || count() < POINTS; at += 1) {
        const act = LIFE[at] ?? AGAIN[(at - LIFE.length) % AGAIN.length]!;
        await plane.client.finish(...pathOf(CALM, act));
        if (count() >= POINTS) await plane.client.finish(...pathOf(KILLED, act));
        else kills.push(await killAtEveryBoundary(plane, gate, ...pathOf(KILLED, act)));
        expect(kills.at(-1)!.run).toMatchObject({ state: 'done', problem: null });
        expect(await worldSeen(plane.db, KILLED)).toEqual(await worldSeen(plane.db, CALM));
      }
      console.log(
        kills.map(({ run, before, after }) => `${run.verb}: ${before} before, ${after} after the write`).join('\n'),
      );
      expect(count()).toBeGreaterThanOrEqual(POINTS);
    },
    SECONDS * 1000,
  );
});
