import { readdir, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { startControlPlane, type ControlPlane } from '#test/demo/control-plane.js';
import { codesOf, KABUPATEN } from '#test/demo/fleet.js';
import { probe } from '#test/demo/prober.js';
import { clearWorld } from '#test/demo/world.js';
import { addStandIn } from '#test/demo/releases.js';
import { benchFleet } from './fleet.js';
import { bareLoops, diskBytes, memoryOf } from './bare.js';
import { engineOverhead } from './overhead.js';
import { percentile, seconds } from './measure.js';
import { benchRollout } from './rollout.js';
import { benchShip } from './ship.js';
import { benchSsh } from './ssh.js';

const FOLDER = resolve('data/bench');
const [SERVER, GABUNGAN, SITE_PORT, PARALLEL] = ['bench', 'bench', 8097, 4];
const DESA = Number(process.env.BENCH_DESA ?? 40);
const MIB = 2 ** 20;

interface Bar {
  name: string;
  value: number;
  unit: string;
  limit?: number;
}
const bars: Bar[] = [];
const tell = (name: string, value: number, unit: string, limit?: number): void => {
  bars.push({ name, value, unit, limit });
  console.log(`${name}: ${value.toFixed(value < 10 ? 2 : 0)} ${unit}${limit === undefined ? '' : ` (bar ${limit})`}`);
};

const release = ({ client }: ControlPlane, version: string): Promise<void> =>
  addStandIn(client, resolve(FOLDER, 'archives'), version);

/** Asks for the same work for every desa at once, as a rollout does, and waits for all; seconds per desa. */
const forEach = async ({ client }: ControlPlane, codes: string[], verb: string, version: string): Promise<number> => {
  const spent = new Map<string, number>();
  const all = await seconds(async () => {
    const begun: { id: string; code: string }[] = [];
    for (const code of codes)
      begun.push({ code, id: (await client.post<{ id: string }>(`/desa/${code}/${verb}`, { version })).id });
    const ended = await Promise.all(begun.map(async ({ id, code }) => ({ code, run: await client.follow(id) })));
    const wrong = ended.filter(({ run }) => run.state !== 'done');
    for (const { code, run } of wrong)
      console.error(`${verb} of ${code} ended ${run.state} at ${run.endedAt}: ${JSON.stringify(run.problem)}`);
    if (wrong.length > 0) throw new Error(`${wrong.length} of ${ended.length} did not end done`);
    for (const { run } of ended) {
      const { startedAt, steps } = run;
      let last = Date.parse(startedAt ?? '');
      for (const { name, endedAt } of steps) {
        spent.set(name, (spent.get(name) ?? 0) + (Date.parse(endedAt ?? '') - last));
        last = Date.parse(endedAt ?? '');
      }
    }
  });
  const means = [...spent].map(([name, total]) => `${name} ${Math.round(total / codes.length)}`);
  console.log(`  milliseconds in each step of ${verb} to ${version}: ${means.join(', ')}`);
  return all / codes.length;
};

const domainOf = (code: string): string => `d${code}.bench.test`;

/** Memory of api and worker together; pages that both map (Node itself) are counted by their share. */
async function controlPlaneBytes(pid: number): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir('/proc')) {
    const status = await readFile(`/proc/${entry}/status`, 'utf8').catch(() => '');
    const command = await readFile(`/proc/${entry}/cmdline`, 'utf8').catch(() => '');
    if (!status.includes(`PPid:\t${pid}\n`) || !/apps\/(api|worker)\/main/.test(command)) continue;
    const rollup = await readFile(`/proc/${entry}/smaps_rollup`, 'utf8');
    bytes += Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? NaN) * 1024;
  }
  return bytes;
}

async function searchLatency({ client }: ControlPlane): Promise<number> {
  const questions = [
    'kurai',
    'koto baru',
    'suka maju',
    '33.03.01',
    '3303012001',
    'sukamju',
    'tanjung',
    'purbalinga',
    'mekar sari',
    'air haji',
  ];
  const times: number[] = [];
  for (let n = 0; n < 200; n += 1)
    times.push(
      1000 * (await seconds(() => client.get(`/wilayah?q=${encodeURIComponent(questions[n % questions.length]!)}`))),
    );
  return percentile(times, 95);
}

async function bench(plane: ControlPlane): Promise<void> {
  const { client } = plane;
  await client.post('/kabupaten', { code: KABUPATEN });
  await client.post('/servers', { kabupaten: KABUPATEN, name: SERVER, httpPort: SITE_PORT, httpAddress: '127.0.0.1' });
  await client.finish('/gabungan', { kabupaten: KABUPATEN, server: SERVER, name: GABUNGAN });
  for (const version of ['v2601.0.0', 'v2602.0.0', 'v2602.0.1']) await release(plane, version);
  const codes = await codesOf(client, DESA);
  for (const code of codes) await client.post('/desa', { code, domain: domainOf(code) });

  const [first, ...others] = codes as [string, ...string[]];
  await client.finish(`/desa/${first}/install`, { version: 'v2601.0.0' });
  const [oneMemory, oneDisk] = [await memoryOf(GABUNGAN, 'v2601.0.0', true), await diskBytes(GABUNGAN, 'v2601.0.0')];
  const installing = await forEach(plane, others, 'install', 'v2601.0.0');
  tell('seconds per install (registration is one at a time)', installing, 's');
  const memory = await memoryOf(GABUNGAN, 'v2601.0.0', true);
  tell(`idle runtime with ${DESA} desa`, memory / MIB, 'MiB', 60);
  tell('idle per further desa', (memory - oneMemory) / MIB / others.length, 'MiB', 3);
  tell('disk per further desa', ((await diskBytes(GABUNGAN, 'v2601.0.0')) - oneDisk) / MIB / others.length, 'MiB');

  const migrating = await forEach(plane, codes, 'update', 'v2602.0.0');
  tell('seconds per update with migration and verified backup', migrating, 's');

  const [probedCodes, timedCodes] = [codes.slice(0, DESA / 4), codes.slice(DESA / 4)];
  const prober = probe(SITE_PORT, codes.slice(0, 5).map(domainOf), '/index.php/siteman', 20);
  await forEach(plane, probedCodes, 'update', 'v2602.0.1');
  const probed = [...(await prober.stop()).values()];
  for (const seen of probed) if (seen.failed > 0) console.log(`  ${JSON.stringify(seen)}`);
  tell(
    'requests failed during the swap',
    probed.reduce((sum, { failed }) => sum + failed, 0),
    `of ${probed.reduce((sum, { asked }) => sum + asked, 0)}`,
    0,
  );
  const codeOnly = await forEach(plane, timedCodes, 'update', 'v2602.0.1');
  tell('seconds per code-only update', codeOnly, 's');
  tell('engine overhead per step', await engineOverhead(resolve(FOLDER, 'engine')), 'ms', 50);

  const bare = await bareLoops({
    server: SERVER,
    gabungan: GABUNGAN,
    version: 'v2602.0.1',
    codes,
    domainOf,
    parallel: PARALLEL,
  });
  tell('bare loop, a container per desa', bare.containerSeconds, 's per desa');
  tell('bare loop, probe and switch', bare.switchSeconds, 's per desa');
  tell('code-only update / container per desa', codeOnly / bare.containerSeconds, 'x', 0.5);
  tell('code-only update / probe and switch', codeOnly / bare.switchSeconds, 'x', 1.5);
  tell('search over the register, p95', await searchLatency(plane), 'ms', 50);
  tell('api + worker', (await controlPlaneBytes(plane.process.pid!)) / 1e6, 'MB', 300);
}

async function benchDesa(): Promise<void> {
  await clearWorld(FOLDER, SERVER, GABUNGAN);
  const plane = await startControlPlane(FOLDER, 8096, { DATABASE_URL: '', REDIS_URL: '' });
  try {
    await bench(plane);
  } finally {
    await plane.stop();
    await clearWorld(FOLDER, SERVER, GABUNGAN);
  }
}

const PARTS = {
  '--desa': benchDesa,
  '--rollout': () => benchRollout(tell),
  '--ssh': () => benchSsh(tell),
  '--ship': () => benchShip(tell),
  '--fleet': () => benchFleet(tell),
};
const chosen = Object.entries(PARTS).filter(([part]) => process.argv.includes(part));
for (const [, part] of chosen.length > 0 ? chosen : Object.entries(PARTS)) await part();
const missed = bars.filter(({ value, limit }) => limit !== undefined && value > limit);
for (const { name, value, limit, unit } of missed)
  console.log(`MISSED ${name}: ${value.toFixed(2)} ${unit}, bar ${limit}`);
if (missed.length === 0) console.log('all bars met');
process.exit(process.argv.includes('--check') && missed.length > 0 ? 1 : 0);
