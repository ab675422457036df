import { resolve } from 'node:path';
import { addStandIn } from './releases.js';
import type { Desa } from '#libs/contract/contract.js';
import type { Client } from './client.js';
import { startControlPlane } from './control-plane.js';
import { probe, visit, type Probed } from './prober.js';
import { rolloutDemo } from './rollout-main.js';
import { serversDemo } from './servers-main.js';
import { clearWorld } from './world.js';

const FOLDER = resolve('data/demo');
const PORT = Number(process.env.DEMO_PORT ?? 8080);
const SITE_PORT = Number(process.env.DEMO_SITE_PORT ?? 8081);
const [SERVER, GABUNGAN] = ['demo', 'demo'];
const CODES = ['1307012001', '1307012002', '1307012003'];
const domainOf = (code: string): string => `d${code}.demo.test`;
const began = Date.now();
const tell = (text: string): void => console.log(`[${((Date.now() - began) / 1000).toFixed(1).padStart(6)} s] ${text}`);

async function addRelease(client: Client, version: string): Promise<void> {
  tell(`release ${version} of the stand-in application (aplikasi contoh): add, check, build`);
  await addStandIn(client, resolve(FOLDER, 'archives'), version, (step) => tell(`  ${version}: ${step}`));
}

async function prepare(client: Client): Promise<void> {
  tell('kabupaten 13.07, this machine as the first server, one merged MariaDB');
  await client.post('/kabupaten', { code: '1307' });
  await client.post('/servers', { kabupaten: '1307', name: SERVER, httpPort: SITE_PORT, httpAddress: '127.0.0.1' });
  await client.finish('/gabungan', { kabupaten: '1307', server: SERVER, name: GABUNGAN }, (step) =>
    tell(`  gabungan: ${step}`),
  );
}

async function installAll(client: Client): Promise<void> {
  for (const code of CODES) await client.post('/desa', { code, domain: domainOf(code) });
  await Promise.all(
    CODES.map((code) =>
      client.finish(`/desa/${code}/install`, { app: 'opensid', version: 'v2601.0.0' }, (step) =>
        tell(`  ${code}: ${step}`),
      ),
    ),
  );
}

async function updateAll(client: Client): Promise<Map<string, Probed>> {
  const prober = probe(SITE_PORT, CODES.map(domainOf), '/index.php/siteman', 20);
  await new Promise((wake) => setTimeout(wake, 1000));
  for (const code of CODES)
    await client.finish(`/desa/${code}/update`, { app: 'opensid', version: 'v2602.0.0' }, (step) =>
      tell(`  ${code}: ${step}`),
    );
  await new Promise((wake) => setTimeout(wake, 1000));
  return prober.stop();
}

interface Line {
  desa: string;
  domain: string;
  'version observed': string;
  'requests failed': string;
}

/** The table comes from asking the sites, not from the record. */
async function lookAtAll(client: Client, probed: Map<string, Probed>): Promise<{ lines: Line[]; isGood: boolean }> {
  let isGood = true;
  const lines: Line[] = [];
  for (const code of CODES) {
    const desa = await client.get<Desa>(`/desa/${code}`);
    const page = await visit(SITE_PORT, domainOf(code), '/index.php/siteman');
    const version = /login-footer-bottom[^]*?v?(\d{4}\.\d+\.\d+)/.exec(page.body)?.[1] ?? `none (${page.status})`;
    const { asked, failed, reasons } = probed.get(domainOf(code))!;
    isGood &&= version === '2602.0.0' && page.body.includes(desa.name) && failed === 0 && asked > 0;
    lines.push({
      desa: desa.name,
      domain: domainOf(code),
      'version observed': version,
      'requests failed': `${failed} of ${asked} ${failed ? JSON.stringify(reasons) : ''}`.trim(),
    });
  }
  return { lines, isGood };
}

async function demo(): Promise<void> {
  tell('clearing what an earlier demo left');
  await clearWorld(FOLDER, SERVER, GABUNGAN);
  tell('control plane: embedded PostgreSQL, queue in PostgreSQL, api and worker');
  const plane = await startControlPlane(FOLDER, PORT, { DATABASE_URL: '', REDIS_URL: '' });
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void plane.stop().then(() => process.exit(130)));
  try {
    await prepare(plane.client);
    await addRelease(plane.client, 'v2601.0.0');
    await installAll(plane.client);
    await addRelease(plane.client, 'v2602.0.0');
    tell('updating one after another while every site is asked 20 times a second');
    const { lines, isGood } = await lookAtAll(plane.client, await updateAll(plane.client));
    console.table(lines);
    console.log(`console: ${plane.url}   user: admin   password (shown once): ${plane.adminPassword}`);
    if (process.argv.includes('--exit')) {
      await plane.stop();
      process.exit(isGood ? 0 : 1);
    }
    tell(isGood ? 'stays up until Ctrl-C' : 'something is not as it should be: see the table; stays up until Ctrl-C');
  } catch (error) {
    console.error(error);
    await plane.stop();
    process.exit(1);
  }
}

const chosen = process.argv.includes('--servers')
  ? serversDemo
  : process.argv.includes('--rollout')
    ? rolloutDemo
    : demo;
await chosen();
