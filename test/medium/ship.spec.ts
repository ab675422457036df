import * as names from '#libs/catalog/names.js';
import { offer } from '#libs/images/ship.js';
import type { ReleaseRow } from '#libs/releases/releases.service.js';
import type { Docker } from '#libs/servers/docker.js';
import { tarOf } from '#libs/servers/files.js';
import { startFleet, type Fleet, type FleetServer } from '#test/fleet/fleet.js';
import { noise, openShipWorld, ours, receivedBytes, withoutInternet, type ShipWorld } from './ship-world.js';

const MB = 1e6;

/** The order matters: each test stands on the world the one before left. */
describe('images of a server without any internet', () => {
  let fleet: Fleet;
  let server: FleetServer;
  let world: ShipWorld;
  let [first, second]: ReleaseRow[] = [];

  const far = async (): Promise<Docker> =>
    (await world.workshop.links.berth((await world.show(server.name)).id)).docker;
  const carried = async (release: ReleaseRow) => {
    const id = await world.ship(release, server);
    await world.processor.take(id);
    return world.runOf(id);
  };
  const shipment = async (image: string): Promise<{ layers: number; moved: number }> => {
    const [row] = (await world.db.query('SELECT layers, moved_bytes::float AS moved FROM shipment WHERE image = $1', [
      image,
    ])) as { layers: number; moved: number }[];
    return row!;
  };
  /** The layers that only this release has. */
  const ownLayer = async (release: ReleaseRow): Promise<{ digest: string; bytes: number }> => {
    const manifest = await world.workshop.stock.registry.manifest(release.image!);
    return manifest!.layers.at(-1)!;
  };

  beforeAll(async () => {
    [fleet, world] = await Promise.all([startFleet(1, 'sp-ship'), openShipWorld()]);
    server = fleet.servers[0]!;
    await withoutInternet(fleet, server);
  }, 300_000);
  afterAll(async () => {
    await world?.close();
    await fleet?.end();
  }, 120_000);

  it('come from us when it is enrolled: the very ones that stand here', async () => {
    const run = await world.enrol(server);
    expect(run).toMatchObject({ state: 'done', problem: null });
    const says = Object.fromEntries(run.steps.map(({ name, says: words }) => [name, words]));
    expect(says['check-tunnel']).toEqual(['a port on its loopback leads to our registry']);
    expect(says['bring-images']).toEqual(ours().map((image) => `bring ${image} to ${server.name}`));
    const docker = await far();
    for (const image of ours()) expect((await docker.image(image))?.id).toBe((await world.here.image(image))!.id);
    // Its proxy runs on what came.
    await world.workshop.server((await world.show(server.name)).id);
    expect((await docker.container(names.gatewayContainer(server.name)))?.state).toBe('running');
  });

  it.each([
    ['AllowTcpForwarding no', 'tunnel-refused'],
    ['GatewayPorts yes', 'tunnel-open'],
  ])('do not come through an sshd that says %s: the check-list tells', async (line, code) => {
    const file = '/etc/ssh/sshd_config.d/uji.conf';
    await fleet.inside(server, ['tee', file], `${line}\n`);
    await fleet.killSshd(server);
    try {
      expect(await world.run('enrol', server.name)).toMatchObject({ state: 'undone', problem: { code } });
    } finally {
      await fleet.inside(server, ['rm', file]);
      await fleet.killSshd(server);
    }
  });

  it('of a release come once, by a run of their own, and are known by their id', async () => {
    first = await world.build('v2711.0.0', { 'catatan.txt': 'satu' });
    const run = await carried(first);
    expect(run).toMatchObject({ state: 'done', problem: null });
    expect((await (await far()).image(first.image!))?.id).toBe(first.imageId);
    const { moved, layers } = await shipment(first.image!);
    const lines = (await world.log(run.id)).map(({ line }) => line);
    expect(lines).toContain(`bring ${first.image} to ${server.name}`);
    expect(lines.at(-1)).toMatch(new RegExp(`^${first.image}: (\\S+) of \\1 MB, \\d+ of ${layers} layers$`));
    expect(moved).toBeGreaterThan(10 * MB);
    const again = await carried(first);
    expect(again.steps.map(({ name, state }) => [name, state])).toEqual([
      ['ship-image', 'skipped'],
      ['prune-images', 'skipped'],
    ]);
  });

  it('of the next release, with one file more, move only the layer that changed', async () => {
    second = await world.build('v2711.0.1', { 'catatan.txt': 'satu', 'tambahan.bin': noise(2 * MB, 1) });
    const before = await receivedBytes(fleet, server);
    expect(await carried(second)).toMatchObject({ state: 'done' });
    const received = (await receivedBytes(fleet, server)) - before;
    const { moved } = await shipment(second.image!);
    expect(moved).toBe((await ownLayer(second)).bytes);
    expect(moved).toBeGreaterThan(2 * MB);
    expect(received).toBeGreaterThan(moved);
    expect(received).toBeLessThan(moved + 1 * MB);
  });

  it('that nobody has as they were built are refused, and the server has nothing of them', async () => {
    const third = await world.build('v2711.1.0', { 'catatan.txt': 'tiga' });
    await world.db.query('UPDATE release SET image_id = $2 WHERE id = $1', [third.id, `sha256:${'0'.repeat(64)}`]);
    const run = await carried(third);
    expect(run).toMatchObject({ state: 'undone', problem: { code: 'image-nowhere' } });
    expect(await (await far()).image(third.image!)).toBeUndefined();
    await world.db.query('UPDATE release SET image_id = $2 WHERE id = $1', [third.id, third.imageId]);
  });

  it('that the registry has under the name of another are not taken: it is given the right one first', async () => {
    const { here, workshop } = world;
    const fourth = await world.build('v2711.2.0', { 'catatan.txt': 'empat' });
    await workshop.stock.registry.withDoor(async ({ port }) => {
      const wrong = `127.0.0.1:${port}/${fourth.image}`;
      await here.tag(first!.imageId!, wrong);
      await here.push(wrong);
      await here.removeImage(wrong);
    });
    expect((await workshop.stock.registry.manifest(fourth.image!))?.imageId).toBe(first!.imageId);
    expect(await carried(fourth)).toMatchObject({ state: 'done' });
    expect((await (await far()).image(fourth.image!))?.id).toBe(fourth.imageId);
  });

  it('that were damaged in the registry are refused by the engine, and get no name', async () => {
    const { here, workshop } = world;
    const fifth = await world.build('v2711.3.0', { 'rusak.bin': noise(MB, 3) });
    const wanted = { image: fifth.image!, imageId: fifth.imageId! };
    await offer(workshop.stock.registry, { server: 'sini', docker: here }, wanted);
    const { digest } = await ownLayer(fifth);
    const blob = `blobs/sha256/${digest.slice(7, 9)}/${digest.slice(7)}`;
    await workshop.stock.registry.withDoor(async () => {
      const [door] = await here.containers({ 'siappakai.kind': 'registry-door' });
      const data = { kind: 'file' as const, path: 'data', content: noise(MB, 4), uid: 33, gid: 33 };
      await here.putArchive(door!.name, `/var/lib/registry/docker/registry/v2/${blob}`, await tarOf([data]));
    });
    const run = await carried(fifth);
    expect(run).toMatchObject({ state: 'undone', problem: { code: 'image-damaged' } });
    expect(await (await far()).image(fifth.image!)).toBeUndefined();
    // As the runbook says: what is let go of is brought anew.
    await workshop.stock.registry.forget([fifth.image!]);
    expect(await carried(fifth)).toMatchObject({ state: 'done' });
  });

  it('wait when the link is cut in the middle, and go on when it is back', async () => {
    const large = await world.build('v2711.4.0', { 'besar.bin': noise(150 * MB, 5) });
    const before = await receivedBytes(fleet, server);
    const id = await world.ship(large, server);
    const taken = world.processor.take(id);
    while ((await receivedBytes(fleet, server)) - before < 5 * MB && (await world.runOf(id)).endedAt === null)
      await new Promise((resolve) => setTimeout(resolve, 50));
    await fleet.cut(server);
    try {
      await taken;
      const run = await world.runOf(id);
      expect(run).toMatchObject({ state: 'running', waiting: `server:${server.name}`, problem: null });
      expect(run.steps[0]).toMatchObject({ name: 'ship-image', state: 'running' });
      // It keeps nobody from looking at the server meanwhile.
      expect(await world.run('check', server.name)).toMatchObject({ problem: { code: 'server-unreachable' } });
    } finally {
      await fleet.mend(server);
    }
    await closes();
    await world.processor.take(id);
    expect(await world.runOf(id)).toMatchObject({ state: 'done', problem: null });
    expect((await (await far()).image(large.image!))?.id).toBe(large.imageId);
  });

  /** As the worker's clock does. */
  const closes = async (): Promise<void> => {
    const late = Date.now() + 90_000;
    while ((await world.show(server.name)).circuit.state !== 'closed') {
      if (Date.now() > late) throw new Error(JSON.stringify((await world.show(server.name)).circuit));
      await world.workshop.probe();
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  };

  it('that are old go with the next one, but never one under a container', async () => {
    await world.db.query(
      `UPDATE release SET built_at = now() - interval '60 days' + (rank || ' hours')::interval
       FROM (SELECT id AS which, row_number() OVER (ORDER BY version) AS rank FROM release) AS ranked WHERE which = id`,
    );
    const docker = await far();
    await docker.create({ name: 'berdiri', image: first!.image! });
    const next = await world.build('v2711.5.0', { 'catatan.txt': 'lima' });
    const run = await carried(next);
    expect(run.state).toBe('done');
    const images = (await docker.images(names.labels())).flatMap(({ names: all }) => all);
    const left = images.filter((image) => image.startsWith('siappakai/opensid')).sort();
    const [{ newest }] = (await world.db.query(`SELECT image AS newest FROM release WHERE version = 'v2711.4.0'`)) as [
      { newest: string },
    ];
    expect(left).toEqual([first!.image, newest, next.image].sort());
    expect(await docker.container('berdiri')).toBeDefined();
    const { registry } = world.workshop.stock;
    expect(await registry.manifest(second!.image!)).toBeUndefined();
    // What was left in the registry is whole.
    await docker.removeImage(next.image!);
    expect(await carried(next)).toMatchObject({ state: 'done' });
    // The engine itself keeps what a container stands on, whatever it is told.
    await expect(docker.removeImage(first!.image!, false)).rejects.toMatchObject({ code: 'image-in-use' });
    await docker.remove('berdiri');
  });
});
