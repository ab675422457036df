import { startFleet, type FleetServer } from '#test/fleet/fleet.js';
import { noise, openShipWorld, type ShipWorld } from '../medium/ship-world.js';
import { seconds } from './measure.js';

const CHANGED = 5_000_000;
type Tell = (name: string, value: number, unit: string, limit?: number) => void;

/** A server that has nothing of ours is enrolled, gets a release, and then the next one with 5 MB changed. */
export async function benchShip(tell: Tell): Promise<void> {
  const fleet = await startFleet(1, 'sp-bench-ship');
  const world = await openShipWorld();
  const server = fleet.servers[0]!;
  try {
    tell('enrolment of an empty server, gateway and MariaDB with it', await seconds(() => world.enrol(server)), 's');
    const first = await world.build('v2712.0.0', { 'catatan.txt': 'satu' });
    tell('first release to a server', await shipped(world, server, first), 's');
    tell('it travelled', await moved(world, first.image!), 'MB');
    const next = await world.build('v2712.0.1', { 'tambahan.bin': noise(CHANGED, 7) });
    const shipping = await shipped(world, server, next);
    tell('next release, 5 MB changed', shipping, 's');
    tell('it travelled', await moved(world, next.image!), 'MB');
    const alone = await bytesAlone(world, server);
    tell('5 MB alone over the same link', alone, 's');
    tell('next release / its bytes alone, on a link without a limit', shipping / alone, 'x');
  } finally {
    await world.close();
    await fleet.end();
  }
}

const shipped = (world: ShipWorld, server: FleetServer, release: Parameters<ShipWorld['ship']>[0]): Promise<number> =>
  seconds(async () => {
    const id = await world.ship(release, server);
    await world.processor.take(id);
    const { state, problem } = await world.runOf(id);
    if (state !== 'done') throw new Error(JSON.stringify(problem));
  });

async function moved(world: ShipWorld, image: string): Promise<number> {
  const [row] = (await world.db.query('SELECT moved_bytes::float / 1e6 AS mb FROM shipment WHERE image = $1', [
    image,
  ])) as { mb: number }[];
  return row!.mb;
}

async function bytesAlone({ workshop, show }: ShipWorld, { name }: FleetServer): Promise<number> {
  const link = await workshop.links.of((await show(name)).id);
  return seconds(() => link.exec(['dd', 'of=/dev/null'], { stdin: 'x'.repeat(CHANGED) }));
}
