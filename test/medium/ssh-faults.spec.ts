import * as names from '#libs/catalog/names.js';
import type { RunWithSteps } from '#libs/contract/contract.js';
import { until } from '#libs/core/retry.js';
import { addGabungan } from '#libs/gabungan/gabungan.service.js';
import { authorize, startFleet, type Fleet, type FleetServer } from '#test/fleet/fleet.js';
import { openSshWorld, type SshWorld } from './ssh-world.js';

/** What befalls a server while we work on it: what a person reads meanwhile, and that nothing is lost. */
describe('a run on a server that', () => {
  let fleet: Fleet;
  let small: Fleet;
  let world: SshWorld;
  let server: FleetServer;
  let gabungan: string;

  /** A run that creates a gabungan there. */
  const ask = async (name: string): Promise<string> => {
    const { db, workshop, kabupatenId } = world;
    const { id: serverId } = await world.show(server.name);
    const wanted = { kabupatenId, serverId, name, edition: 'umum' as const };
    gabungan = await addGabungan(db, workshop.config.keyRing, wanted);
    return world.ask('create', { kind: 'gabungan', id: gabungan });
  };
  /** Begins a run, lets the fault come while its first step is at work, and returns when this worker let go of the run. */
  const struckBy = async (name: string, fault: () => Promise<void>): Promise<string> => {
    const id = await ask(name);
    const taken = world.processor.take(id);
    const isAtWork = async (): Promise<true | undefined> =>
      (await world.runOf(id)).steps[0]?.state === 'running' || undefined;
    await until(isAtWork, {
      ...{ timeoutSeconds: 60, everyMilliseconds: 10 },
      late: () => new Error('it never began'),
    });
    await fault();
    await taken;
    return id;
  };
  /** As the worker's clock does: probes, and takes what waits, until the run has come to its end. */
  const goesOn = (id: string): Promise<RunWithSteps> =>
    until(
      async () => {
        await world.workshop.probe();
        await world.processor.sweep();
        const run = await world.runOf(id);
        return ['queued', 'running', 'undoing'].includes(run.state) ? undefined : run;
      },
      { timeoutSeconds: 120, everyMilliseconds: 500, late: () => new Error('it does not go on') },
    );
  const endsWell = async (id: string): Promise<void> => {
    const run = await goesOn(id);
    expect(run).toMatchObject({ state: 'done', waiting: null, problem: null });
    expect(run.steps.map(({ state }) => state)).toEqual(['done', 'done']);
  };
  const told = async (): Promise<string> => {
    const { problem } = (await world.show(server.name)).circuit;
    return `${problem?.title} ${problem?.detail}`;
  };

  /** Our images, our key, and the host key confirmed. */
  const join = async (of: Fleet): Promise<FleetServer> => {
    const [joined] = of.servers as [FleetServer];
    await of.load(joined, [names.gatewayImage(), 'siappakai/mariadb:10.11']);
    await world.add(joined);
    await world.run('check', joined.name);
    await world.trust(joined.name);
    await authorize(joined.name, (await world.show(joined.name)).ssh!.publicLine!);
    return joined;
  };

  beforeAll(async () => {
    const disk = { diskMiB: 2048 };
    [fleet, small, world] = await Promise.all([
      startFleet(1, 'sp-ssh-fault'),
      startFleet(1, 'sp-ssh-disk', disk),
      openSshWorld(),
    ]);
    server = await join(fleet);
    expect(await world.run('enrol', server.name)).toMatchObject({ state: 'done', problem: null });
  }, 600_000);
  afterAll(async () => {
    await world?.close();
    await fleet?.end();
    await small?.end();
  });

  it('is cut off waits and says for which server; once the cable is back it goes on at the same step', async () => {
    const id = await struckBy('kabel', () => fleet.cut(server));
    try {
      expect(await world.runOf(id)).toMatchObject({
        state: 'running',
        waiting: `server:${server.name}`,
        problem: null,
      });
      expect(await told()).toContain(server.name);
    } finally {
      await fleet.mend(server);
    }
    await endsWell(id);
  });

  it('loses its sshd in the middle of a command is neither failed nor undone, and goes on over the next one', async () => {
    const id = await struckBy('pintu', () => fleet.killSshd(server));
    expect((await world.runOf(id)).problem).toBeNull();
    await endsWell(id);
  });

  it('is rebooted goes on, and what stood before the reboot stands after it', async () => {
    const before = gabungan;
    const id = await struckBy('ulang', () => fleet.reboot(server));
    expect((await world.runOf(id)).problem).toBeNull();
    await endsWell(id);
    const check = await world.ask('check', { kind: 'gabungan', id: before });
    expect(await goesOn(check)).toMatchObject({ state: 'done', problem: null });
  });

  it('has no disk left ends undone and says so; with room again the same is done, and what stood was not touched', async () => {
    server = await join(small);
    // Its check-list rightly finds a disk that can be filled in a test too small.
    await world.db.query('UPDATE server SET enrolled_at = now() WHERE name = $1', [server.name]);
    expect(await goesOn(await ask('lapang'))).toMatchObject({ state: 'done', problem: null });
    const before = gabungan;
    await small.fillDisk(server);
    try {
      const run = await goesOn(await ask('penuh'));
      expect([run.state, run.problem]).toEqual(['undone', expect.objectContaining({ code: 'disk-full' })]);
      expect(run.problem!.title).toBe('Ruang penyimpanan habis');
    } finally {
      await small.emptyDisk(server);
    }
    const again = await world.ask('create', { kind: 'gabungan', id: gabungan });
    expect(await goesOn(again)).toMatchObject({ state: 'done', problem: null });
    const check = await world.ask('check', { kind: 'gabungan', id: before });
    expect(await goesOn(check)).toMatchObject({ state: 'done', problem: null });
  });
});
