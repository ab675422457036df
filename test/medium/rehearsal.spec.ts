import type { Rehearsal } from '#libs/contract/rollouts.js';
import { leftOf, openWholeWorld, type WholeWorld } from './whole-world.js';

let world: WholeWorld;
beforeAll(async () => {
  world = await openWholeWorld();
}, 600_000);
afterAll(() => world?.close(), 120_000);

/** What nobody but a migration may change: schema, rows per table, routes, runtimes. */
async function real(): Promise<unknown> {
  const { gabungan, workshop, db } = world;
  const counts: Record<string, number> = {};
  for (const table of await gabungan.tables())
    counts[table] = await gabungan.count(`SELECT COUNT(*) FROM \`${table}\``);
  const [{ id }] = (await db.query('SELECT id FROM server')) as [{ id: string }];
  const { gateway } = await workshop.server(id);
  const runtimes = await db.query('SELECT name FROM runtime ORDER BY name');
  return { counts, fingerprint: await gabungan.fingerprint(), routes: await gateway.routes(), runtimes };
}
const reportOf = async (runId: string): Promise<Rehearsal> => {
  const [row] = (await world.db.query('SELECT report FROM rehearsal WHERE run_id = $1', [runId])) as {
    report: Rehearsal;
  }[];
  return row!.report;
};
async function rehearse(version: string) {
  const before = await real();
  const run = await world.towards('rehearse', version);
  if (!['done', 'undone'].includes(run.state) || !run.steps.length) throw new Error(await world.log(run.id));
  expect(await real()).toEqual(before);
  expect(await leftOf(world)).toEqual([]);
  const report = await reportOf(run.id).catch(() => undefined);
  if (!report) throw new Error(`${JSON.stringify(run.problem)}\n${await world.log(run.id)}`);
  return { run, report };
}

/** Each real release that was seen is one of these; the probe of the login page is 200 in the first three. */
describe('the rehearsal of a release on a copy', () => {
  it('a release that breaks the home page of the old code wants a window, page by page', async () => {
    const { run, report } = await rehearse('v2603.0.0');
    expect(run).toMatchObject({ state: 'done', problem: null });
    expect(report).toMatchObject({
      verdict: 'window',
      because: { code: 'rehearsal-breaks-old-code', data: { running: 'v2602.0.0', pages: ['/'] } },
      isCodeOnly: false,
      rowsLost: [],
      swallowedErrors: [],
    });
    expect(report.schemaChanges).toEqual(['+ widget.nama_desa varchar(100)']);
    const page = (path: string) => report.pages.find((one) => one.path === path);
    expect(page('/')).toMatchObject({ before: 200, old: 500, new: 200, isWorse: true });
    expect(page('/index.php/siteman')).toMatchObject({ before: 200, old: 200, new: 200, isWorse: false });
    expect(page('/index.php/penduduk')).toMatchObject({ before: 200, old: 200, new: 200 });
    // A page that failed before is the baseline, no reason to stop.
    expect(page('/index.php/rusak')).toMatchObject({ before: 500, old: 500, new: 500, isWorse: false });
    expect(await world.log(run.id)).not.toMatch(/identified by|MYSQL_PWD|password=/i);
  }, 300_000);

  it('a release that adds and widens may roll: every page of the old code answers as before', async () => {
    const { run, report } = await rehearse('v2602.4.0');
    expect(run).toMatchObject({ state: 'done', problem: null });
    expect(report).toMatchObject({ verdict: 'rolling', because: { code: 'rehearsal-rolls' }, isCodeOnly: false });
    expect(report.schemaChanges).toContain('~ artikel.judul varchar(200) -> text');
    expect(report.schemaChanges).toContain('+ buku_tamu.nama varchar(50)');
    expect(report.pages.length).toBeGreaterThan(8);
    expect(report.migrationSeconds).toBeGreaterThan(0);
  }, 300_000);

  it('a release that shows its version and never migrates is unusable', async () => {
    const { run, report } = await rehearse('v2603.1.0');
    expect(run).toMatchObject({ state: 'undone', problem: { code: 'rehearsal-not-migrated' } });
    expect(report).toMatchObject({
      verdict: 'unusable',
      because: { code: 'rehearsal-not-migrated', data: { version: 'v2603.1.0', running: 'v2602.0.0' } },
    });
  }, 300_000);

  it('a release that refuses every page says which one it wants, and the catalogue the way on', async () => {
    const { run, report } = await rehearse('v2603.2.0');
    expect(run).toMatchObject({ state: 'undone', problem: { code: 'rehearsal-refused' } });
    expect(report.because.data).toMatchObject({ minimum: '2602', way: 'v2603.1.0' });
    expect(run.problem?.detail).toContain('2602');
  }, 300_000);

  it('a migration that takes rows away is unusable, whoever lost them', async () => {
    const { run, report } = await rehearse('v2603.3.0');
    expect(run).toMatchObject({ state: 'undone', problem: { code: 'rehearsal-lost-rows' } });
    expect(report.rowsLost).toEqual([{ table: 'user_grup', ownId: 2, before: 1, after: 0 }]);
  }, 300_000);

  it('an error that the migration swallowed is told with its line', async () => {
    const { run, report } = await rehearse('v2602.2.0');
    expect(run).toMatchObject({ state: 'undone', problem: { code: 'rehearsal-not-migrated' } });
    expect(report.swallowedErrors.join()).toContain('Gagal Jalankan');
  }, 300_000);

  it('code alone needs no tour: only the page of the probe is asked', async () => {
    const { run, report } = await rehearse('v2602.0.1');
    expect(run).toMatchObject({ state: 'done', problem: null });
    expect(report).toMatchObject({ verdict: 'rolling', isCodeOnly: true, because: { code: 'rehearsal-code-only' } });
    expect(report.pages).toEqual([{ path: '/index.php/siteman', before: null, old: null, new: 200, isWorse: false }]);
  }, 300_000);
});
