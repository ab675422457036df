import * as names from '#libs/catalog/names.js';
import { addGabungan } from '#libs/gabungan/gabungan.service.js';
import { waitingRuns } from '#libs/runs/lease.js';
import { authorize, startFleet, type Fleet, type FleetServer } from '#test/fleet/fleet.js';
import { openSshWorld, type SshWorld } from './ssh-world.js';

describe('work for a server that is away', () => {
  let fleet: Fleet;
  let world: SshWorld;
  let [one, two]: FleetServer[] = [];

  const enrol = async (server: FleetServer): Promise<void> => {
    await world.add(server);
    await world.run('check', server.name);
    await world.trust(server.name);
    await authorize(server.name, (await world.show(server.name)).ssh!.publicLine!);
    expect(await world.run('enrol', server.name)).toMatchObject({ state: 'done', problem: null });
  };
  /** A run that creates a gabungan on the first server. */
  const create = async (name: string): Promise<string> => {
    const { db, workshop, kabupatenId } = world;
    const { id: serverId } = await world.show(one!.name);
    const wanted = { kabupatenId, serverId, name, edition: 'umum' as const };
    const id = await addGabungan(db, workshop.config.keyRing, wanted);
    return world.ask('create', { kind: 'gabungan', id });
  };
  const circuit = async () => (await world.show(one!.name)).circuit;
  /** As the worker's clock does, until nothing is away or the time is over. */
  const closes = async (): Promise<void> => {
    const late = Date.now() + 90_000;
    while ((await circuit()).state !== 'closed') {
      if (Date.now() > late) throw new Error(JSON.stringify(await circuit()));
      await world.workshop.probe();
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  };
  const opens = async (runId: string): Promise<void> => {
    for (let tries = 0; (await circuit()).state === 'closed' && tries < 5; tries += 1)
      await world.processor.take(runId);
    expect((await circuit()).state).toBe('open');
  };

  beforeAll(async () => {
    [fleet, world] = await Promise.all([startFleet(2, 'sp-ssh-wait'), openSshWorld()]);
    [one, two] = fleet.servers;
    await fleet.load(one!, [names.gatewayImage(), 'siappakai/mariadb:10.11']);
    await fleet.load(two!, [names.gatewayImage()]);
    await enrol(one!);
    await enrol(two!);
  }, 600_000);
  afterAll(async () => {
    await world?.close();
    await fleet?.end();
  });

  it('is neither failed nor lost: it waits, says for whom, and is done once the server answers', async () => {
    await fleet.pause(one!);
    const runId = await create('waits');
    try {
      await world.processor.take(runId);
      expect(await world.runOf(runId)).toMatchObject({
        state: 'queued',
        waiting: `server:${one!.name}`,
        problem: null,
      });
      await opens(runId);
      expect(await waitingRuns(world.db)).toEqual([]);
      await world.processor.take(runId);
      const later = await create('later');
      await world.processor.sweep();
      for (const id of [runId, later])
        expect(await world.runOf(id)).toMatchObject({ state: 'queued', waiting: `server:${one!.name}` });
      expect((await world.run('check', two!.name)).state).toBe('done');
      expect(await world.run('check', one!.name)).toMatchObject({ problem: { code: 'server-unreachable' } });
    } finally {
      await fleet.unpause(one!);
    }
    await closes();
    await world.processor.take(runId);
    expect(await world.runOf(runId)).toMatchObject({ state: 'done', waiting: null, problem: null });
  });

  it('goes on at the same step when the server went away in the middle of it', async () => {
    const runId = await create('middle');
    const taken = world.processor.take(runId);
    const late = Date.now() + 60_000;
    while ((await world.runOf(runId)).steps[0]?.state !== 'running' && Date.now() < late)
      await new Promise((resolve) => setTimeout(resolve, 20));
    await fleet.pause(one!);
    try {
      await taken;
      expect(await world.runOf(runId)).toMatchObject({
        state: 'running',
        waiting: `server:${one!.name}`,
        problem: null,
      });
    } finally {
      await fleet.unpause(one!);
    }
    await closes();
    await world.processor.take(runId);
    const run = await world.runOf(runId);
    expect(run).toMatchObject({ state: 'done', problem: null });
    expect(run.steps.map(({ state }) => state)).toEqual(['done', 'done']);
  });

  it('waits for a person when the host key changed, and goes on when the new one is confirmed', async () => {
    const { hostKey: pinned } = (await world.show(one!.name)).ssh!;
    await fleet.changeHostKey(one!);
    const runId = await create('renewed');
    await opens(runId);
    const { problem } = await circuit();
    expect(problem).toMatchObject({ code: 'host-key-changed', data: { server: one!.name, pinned } });
    expect(problem!.detail).toContain(pinned!);
    expect(problem!.detail).toContain(String(problem!.data.shown));
    await world.run('check', one!.name);
    await world.trust(one!.name, String(problem!.data.shown));
    await world.processor.take(runId);
    expect(await world.runOf(runId)).toMatchObject({ state: 'done', problem: null });
  });
});
