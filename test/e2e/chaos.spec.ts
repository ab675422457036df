import { killAtEveryBoundary, killsOf, toldOf, type Killed } from '../chaos/killing.js';
import { openTwoWorlds, type TwoWorlds } from '../chaos/two-worlds.js';
import { bothSeen, type Place } from '../chaos/world-seen.js';
import { worldOf } from './worlds.js';

/** `npm run test:chaos` meets each boundary twice, before its write and after, and goes the way again. */
const IS_TWICE = process.env.CHAOS_POINTS !== undefined;
/** So many kills; then the rest of the life goes on in peace. With those of `chaos-gabungan.spec.ts` more than 100. */
const POINTS = Number(process.env.CHAOS_POINTS ?? 65);
const SECONDS = Math.max(3000, POINTS * 30);

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
let worlds: TwoWorlds;

const askedOf = ({ codes, gabungan }: Place, [verb, desa, body]: Act): { path: string; body: object } => {
  const code = codes[desa]!;
  return { path: `/desa/${code}/${verb}`, body: { ...(verb === 'install' ? { gabungan } : {}), ...body(code) } };
};

beforeAll(async () => {
  worlds = await openTwoWorlds(worldOf('kacau'));
  for (const version of ['v2601.0.0', 'v2602.0.0']) await worlds.release(version);
}, 600_000);

afterAll(() => worlds?.close(), 120_000);

describe('a worker killed at every boundary of every step', () => {
  it(
    'goes on and ends in the world of a worker that was left alone',
    async () => {
      const { plane, gate, calm, killed } = worlds;
      const kills: Killed[] = [];
      for (let at = 0; at < LIFE.length || killsOf(kills) < POINTS; at += 1) {
        const act = LIFE[at] ?? AGAIN[(at - LIFE.length) % AGAIN.length]!;
        const { path, body } = askedOf(killed, act);
        await plane.client.finish(askedOf(calm, act).path, askedOf(calm, act).body);
        if (killsOf(kills) >= POINTS) await plane.client.finish(path, body);
        else kills.push(await killAtEveryBoundary(plane, gate, { path, body, isTwice: IS_TWICE }));
        expect(kills.at(-1)!.run).toMatchObject({ state: 'done', problem: null });
        const [disturbed, quiet] = await bothSeen(plane.db, killed, calm);
        expect(disturbed).toEqual(quiet);
      }
      console.log(toldOf(kills));
      expect(killsOf(kills)).toBeGreaterThanOrEqual(POINTS);
    },
    SECONDS * 1000,
  );
});
