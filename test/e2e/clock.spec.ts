import { mkdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Release } from '#libs/contract/contract.js';
import type { Policy, PolicyShown, Rollout, RolloutWhole } from '#libs/contract/rollouts.js';
import { until } from '#libs/core/retry.js';
import { localTime } from '#libs/rollouts/window.js';
import { playGithub, type FakeGithub } from '#test/fakes/fake-github.js';
import { startLoosePlane, type LoosePlane } from '../chaos/plane.js';
import { visit } from '../demo/prober.js';
import { addStandIn } from '../demo/releases.js';
import { followRollout } from '../demo/rollouts.js';
import { clearWorld } from '../demo/world.js';
import { makeRelease } from '../fixtures/apps/opensid-contoh/make-release.js';
import { worldOf } from './worlds.js';

const { folder: FOLDER, server: SERVER, gabungan: GABUNGAN, port: PORT, sitePort: SITE_PORT } = worldOf('jam');
const CODES = ['1307012001', '1307012002'];
const [OLD, NEW] = ['v2601.0.0', 'v2602.0.0'];
const ARCHIVES = resolve(FOLDER, 'archives');
const domainOf = (code: string): string => `d${code}.jam.test`;
let github: FakeGithub;
let plane: LoosePlane;

/** Every day, so many hours from now on the wall of the desa. */
function windowFrom(hours: number, lasting: number): Policy['window'] {
  const at = (ahead: number): string =>
    localTime(new Date(Date.now() + ahead * 3_600_000), 'WIB')
      .toISOString()
      .slice(11, 16);
  return { from: at(hours), to: at(hours + lasting), days: [1, 2, 3, 4, 5, 6, 7] };
}

const setPolicy = (window: Policy['window']): Promise<PolicyShown> =>
  plane.client.ask('PUT', '/policies/1307/opensid', {
    isOn: true,
    daysOut: 0,
    needsYes: false,
    window,
    settings: { waves: [{ count: 1 }, { percent: 100 }] },
  });
const notes = async (): Promise<string[]> =>
  (await plane.client.get<PolicyShown>('/policies/1307/opensid')).notes.map(({ code }) => code);
const rollouts = async (): Promise<Rollout[]> => (await plane.client.get<{ items: Rollout[] }>('/rollouts')).items;

/** The clock looks once a minute, and at once when its worker starts: a new worker each time it has nothing under way. */
async function untilNoted(code: string): Promise<void> {
  for (let turn = 0; turn < 12; turn += 1) {
    await plane.killWorker();
    const before = await noteTimes();
    plane.startWorker();
    await until(async () => ((await noteTimes()) !== before ? true : undefined), {
      timeoutSeconds: 90,
      late: () => new Error('the clock said nothing'),
    });
    if ((await notes()).includes(code)) return;
    await until(isIdle, { timeoutSeconds: 180, late: () => new Error('what the clock began never ended') });
  }
  throw new Error(`the clock never said ${code}: ${(await notes()).join(', ')}`);
}
const noteTimes = async (): Promise<string> =>
  JSON.stringify(await plane.db.query('SELECT code, last_at FROM clock_note ORDER BY id'));
const isIdle = async (): Promise<true | undefined> => {
  const open = (await plane.db.query("SELECT 1 FROM run WHERE state IN ('queued', 'running', 'undoing')")) as unknown[];
  return open.length === 0 || undefined;
};
const versions = async (): Promise<(string | undefined)[]> =>
  Promise.all(
    CODES.map(async (code) => {
      const { body } = await visit(SITE_PORT, domainOf(code), '/index.php/siteman');
      return /OpenSID<\/a> v?(\S+?)</.exec(body)?.[1];
    }),
  );

beforeAll(async () => {
  await clearWorld(FOLDER, SERVER, GABUNGAN);
  mkdirSync(FOLDER, { recursive: true });
  github = await playGithub('OpenSID/OpenSID');
  plane = await startLoosePlane(FOLDER, PORT, { GITHUB_API: github.api.url });
  plane.startWorker();
  const { client } = plane;
  await client.post('/kabupaten', { code: '1307' });
  await client.post('/servers', { kabupaten: '1307', name: SERVER, httpPort: SITE_PORT, httpAddress: '127.0.0.1' });
  await client.finish('/gabungan', { kabupaten: '1307', server: SERVER, name: GABUNGAN });
  await addStandIn(client, ARCHIVES, OLD);
  for (const code of CODES) {
    await client.post('/desa', { code, domain: domainOf(code) });
    await client.finish(`/desa/${code}/install`, { version: OLD });
  }
  const archive = readFileSync(await makeRelease(NEW, ARCHIVES));
  for (const asked of ['latest', NEW]) github.offer(asked, NEW, archive);
}, 300_000);

afterAll(async () => {
  await plane?.stop();
  await github?.close();
  await clearWorld(FOLDER, SERVER, GABUNGAN);
}, 120_000);

/** The order matters: each test stands on the world the one before left. */
describe('the clock of a real worker', () => {
  it('finds a release at its source, builds and rehearses it outside the window, begins nothing and says why', async () => {
    await setPolicy(windowFrom(3, 1));
    await untilNoted('outside-window');
    const { items } = await plane.client.get<{ items: Release[] }>('/releases');
    expect(items.find(({ version }) => version === NEW)).toMatchObject({
      state: 'built',
      source: `github:OpenSID/OpenSID@${NEW}`,
    });
    const rehearsals = await plane.db.query("SELECT state, asked_by FROM run WHERE verb = 'rehearse'");
    expect(rehearsals).toEqual([{ state: 'done', asked_by: 'clock' }]);
    expect(await notes()).toEqual(['outside-window', 'clock-prepares']);
    expect(await rollouts()).toEqual([]);
    expect(await versions()).toEqual(['2601.0.0', '2601.0.0']);
  }, 300_000);

  it('opens the rollout inside the window and carries it to the end, with the rehearsal it made before', async () => {
    await setPolicy(windowFrom(-1, 4));
    await untilNoted('clock-opened');
    const [opened] = await rollouts();
    const rollout: RolloutWhole = await followRollout(plane.client, opened!.id);
    expect(rollout).toMatchObject({
      state: 'finished',
      problem: null,
      version: NEW,
      askedBy: 'clock',
      approvedBy: 'clock',
    });
    expect(rollout.desa.map(({ state }) => state)).toEqual(['done', 'done']);
    expect(await versions()).toEqual(['2602.0.0', '2602.0.0']);
    const rehearsals = (await plane.db.query("SELECT 1 FROM run WHERE verb = 'rehearse'")) as unknown[];
    expect(rehearsals).toHaveLength(1);
  }, 300_000);
});
