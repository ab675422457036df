import { resolve } from 'node:path';
import { addStandIn } from './releases.js';
import type { Desa } from '#libs/contract/contract.js';
import type { Client } from './client.js';
import { probe, visit, type Probed } from './prober.js';
import { rolloutDemo } from './rollout-main.js';
import { onStage, SITE_PORT, tell, type Stage } from './stage.js';
import { serversDemo } from './servers-main.js';

const CODES = ['1307012001', '1307012002', '1307012003'];
const domainOf = (code: string): string => `d${code}.demo.test`;

async function addRelease(client: Client, { folder }: Stage, version: string): Promise<void> {
  tell(`release ${version} of the stand-in application (aplikasi contoh): add, check, build`);
  await addStandIn(client, resolve(folder, 'archives'), version, (step) => tell(`  ${version}: ${step}`));
}

async function prepare(client: Client, { server: name, gabungan }: Stage): Promise<void> {
  tell('kabupaten 13.07, this machine as the first server, one merged MariaDB');
  await client.post('/kabupaten', { code: '1307' });
  await client.post('/servers', { kabupaten: '1307', name, httpPort: SITE_PORT, httpAddress: '127.0.0.1' });
  await client.finish('/gabungan', { kabupaten: '1307', server: name, name: gabungan }, (step) =>
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

const demo = (): Promise<void> =>
  onStage('demo', async ({ client }, stage) => {
    await prepare(client, stage);
    await addRelease(client, stage, 'v2601.0.0');
    await installAll(client);
    await addRelease(client, stage, 'v2602.0.0');
    tell('updating one after another while every site is asked 20 times a second');
    const { lines, isGood } = await lookAtAll(client, await updateAll(client));
    console.table(lines);
    return isGood;
  });

const chosen = process.argv.includes('--servers')
  ? serversDemo
  : process.argv.includes('--rollout')
    ? rolloutDemo
    : demo;
await chosen();
