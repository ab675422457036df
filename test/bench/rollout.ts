import { resolve } from 'node:path';
import { rolloutSettings, type RolloutWhole } from '#libs/contract/rollouts.js';
import { decide } from '#libs/rollouts/decide.js';
import type { DesaSeen, RolloutSeen } from '#libs/rollouts/rollout.js';
import { startControlPlane } from '#test/demo/control-plane.js';
import { addRelease, codesOf, domainIn, installFleet, versionsOf, type Fleet } from '#test/demo/fleet.js';
import { followRollout, startRollout } from '#test/demo/rollouts.js';
import { clearWorld } from '#test/demo/world.js';
import { bareLoops } from './bare.js';
import { seconds } from './measure.js';

const FOLDER = resolve('data/bench');
const [SERVER, GABUNGAN, SITE_PORT, PARALLEL] = ['bench', 'bench', 8097, 4];
const DESA = Number(process.env.BENCH_DESA ?? 100);

export type Tell = (name: string, value: number, unit: string, limit?: number) => void;

const waitingDesa = (position: number): DesaSeen => ({
  desaId: String(position),
  wave: position < 15 ? 0 : 1,
  position,
  serverId: `server-${position % 4}`,
  state: 'waiting',
  attempts: 0,
  startedAt: null,
  run: null,
  observedVersion: null,
  observedAt: null,
  isHeld: false,
  hasForeignRun: false,
});

/** Milliseconds of one decision over a rollout of 300 desa, over ten thousand ticks in which it walks on. */
async function decisionMilliseconds(): Promise<number> {
  const now = new Date('2026-11-24T15:00:00Z');
  const wave = { startedAt: null, settledAt: null, releasedAt: null };
  const seen: RolloutSeen = {
    id: 'bench',
    state: 'running',
    phase: 'waves',
    version: 'v2602.0.1',
    settings: rolloutSettings.parse({ perServer: PARALLEL }),
    isCodeOnly: true,
    isReleaseWithdrawn: false,
    phaseRun: null,
    rehearsal: { verdict: 'rolling', isCodeOnly: true },
    windowEndsAt: null,
    predictedDesaSeconds: 1,
    waves: [0, 1].map((position) => ({ position, state: 'waiting' as const, ...wave })),
    desa: Array.from({ length: 300 }, (_, position) => waitingDesa(position)),
    busyOnServer: {},
  };
  const TICKS = 10_000;
  const all = await seconds(async () => {
    for (let tick = 0; tick < TICKS; tick += 1) {
      seen.desa[tick % 300] = { ...seen.desa[tick % 300]!, state: tick % 2 ? 'done' : 'waiting' };
      decide(seen, now);
    }
  });
  return (1000 * all) / TICKS;
}

/** From the first desa of the first wave to the last of the last: a bare loop rehearses nothing. */
const secondsInWaves = ({ waves }: RolloutWhole): number =>
  (Date.parse(waves.at(-1)!.settledAt!) - Date.parse(waves[0]!.startedAt!)) / 1000;

/** A whole kabupaten on one gabungan, rolled code-only, beside bare loops of the same parallelism. */
export async function benchRollout(tell: Tell): Promise<void> {
  tell('one decision over 300 desa', await decisionMilliseconds(), 'ms per tick', 1);
  await clearWorld(FOLDER, SERVER, GABUNGAN);
  const plane = await startControlPlane(FOLDER, 8096, { DATABASE_URL: '', REDIS_URL: '' });
  try {
    const codes = await codesOf(plane.client, DESA);
    const fleet: Fleet = { plane, folder: FOLDER, server: SERVER, gabungan: GABUNGAN, sitePort: SITE_PORT, codes };
    const installing = await seconds(() => installFleet(fleet, 'v2602.0.0', () => {}));
    tell(`seconds per install of ${DESA} desa`, installing / DESA, 's');
    await addRelease(fleet, 'v2602.0.1');
    const settings = { waves: [{ count: 1 }, { percent: 25 }, { percent: 100 }], perServer: PARALLEL };
    const lags: [wave: number, milliseconds: number][] = [];
    let waves = 0;
    const whole = await seconds(async () => {
      const { id } = await startRollout(plane.client, { gabungan: GABUNGAN, version: 'v2602.0.1', settings });
      const ended = await followRollout(plane.client, id, (text) => console.log(`  ${text}`));
      if (ended.state !== 'finished') throw new Error(`ended ${ended.state}: ${JSON.stringify(ended.problem)}`);
      for (const { position, startedAfterMilliseconds } of ended.waves)
        if (startedAfterMilliseconds !== null) lags.push([position + 1, startedAfterMilliseconds]);
      waves = secondsInWaves(ended);
    });
    for (const [wave, lag] of lags) tell(`wave ${wave} begins after the last result before it`, lag, 'ms', 2000);
    const wrong = (await versionsOf(fleet)).filter((version) => version !== '2602.0.1').length;
    if (wrong > 0) throw new Error(`${wrong} of ${DESA} desa do not answer the new version`);
    const bare = await bareLoops({
      server: SERVER,
      gabungan: GABUNGAN,
      version: 'v2602.0.1',
      codes,
      domainOf: (code) => domainIn(fleet, code),
      parallel: PARALLEL,
    });
    tell('rehearsal and preflight before the waves', whole - waves, 's');
    tell('seconds per desa of a code-only rollout, in its waves', waves / DESA, 's');
    tell('bare loop, a container per desa', bare.containerSeconds, 's per desa');
    tell('bare loop, probe and switch', bare.switchSeconds, 's per desa');
    tell('rollout with its rehearsal / container per desa', whole / DESA / bare.containerSeconds, 'x');
    tell('rollout / container per desa', waves / DESA / bare.containerSeconds, 'x', 0.5);
    tell('rollout / probe and switch', waves / DESA / bare.switchSeconds, 'x', 1.5);
  } finally {
    await plane.stop();
    await clearWorld(FOLDER, SERVER, GABUNGAN);
  }
}
