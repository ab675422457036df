import type { DataSource } from 'typeorm';
import * as names from '#libs/catalog/names.js';
import { AppError, Conflict } from '#libs/core/errors.js';
import type { Images, NamedImage, Old, Pruning } from '#libs/images/images-port.js';
import { movedText, type Moved } from '#libs/images/moving.js';
import { forgetShipments, knownReleases, recordShipment } from '#libs/images/pg-images.js';
import { prunable } from '#libs/images/prunable.js';
import { registryOn, type Registry } from '#libs/images/registry.js';
import { bring, offer, type Berth, type WantedImage } from '#libs/images/ship.js';
import { connectEngine } from '#libs/servers/drivers/engine.js';
import { LOCAL_ENGINE } from '#libs/servers/ssh-address.js';

type Hear = (line: string) => void;
const TELL_MILLISECONDS = 5000;

/** Images on their way: from the engine that has one into the registry beside us, and from there to the servers. */
export class Stock {
  /** The engine of the machine we run on: the registry stands there, and our own images were built there. */
  private readonly here: Berth;
  readonly registry: Registry;
  private readonly offers = new Map<string, Promise<void>>();

  constructor(
    private readonly db: DataSource,
    private readonly berthOf: (serverId: string) => Promise<Berth>,
  ) {
    const server = names.registryContainer();
    this.here = { server, docker: connectEngine(LOCAL_ENGINE, server) };
    this.registry = registryOn(this.here.docker);
  }

  imagesOf(serverId: string, berthOf = this.berthOf): Images {
    return {
      holds: async (wanted) => holds(await berthOf(serverId), wanted),
      bring: async (wanted, hear) => this.bring(serverId, await berthOf(serverId), wanted, hear),
    };
  }

  /** Those of our own that a server lacks, or has in another make than we. Throws `image-nowhere`. */
  async missingOn({ docker }: Berth, wanted: readonly string[]): Promise<WantedImage[]> {
    const missing: WantedImage[] = [];
    for (const image of wanted) {
      const there = await docker.image(image);
      const ours = await this.here.docker.image(image).catch(() => undefined);
      if (!ours && !there) throw new Conflict('image-nowhere', { image });
      if (ours && ours.id !== there?.id) missing.push({ image, imageId: ours.id });
    }
    return missing;
  }

  /** A server may have no other way to our own images than through us. */
  async equip(
    serverId: string,
    berth: Berth,
    wanted = names.serverImages(),
    hear: Hear = () => undefined,
  ): Promise<void> {
    if (!berth.reverse) return;
    for (const image of await this.missingOn(berth, wanted)) await this.bring(serverId, berth, image, hear);
  }

  pruningOf(serverId: string): Pruning {
    return {
      old: async () => ({ onServer: await this.oldOn(serverId), inRegistry: await this.oldInRegistry() }),
      remove: (old) => this.remove(serverId, old),
    };
  }

  private async bring(serverId: string, berth: Berth, { image, imageId }: NamedImage, hear: Hear): Promise<void> {
    if (imageId === null) throw new Conflict('image-nowhere', { image });
    const wanted = { image, imageId };
    await this.registry.ensure();
    if ((await this.registry.manifest(image))?.imageId !== imageId) await this.offer(wanted);
    const moved = await bring(this.registry, berth, wanted, nowAndThen(image, hear));
    hear(`${image}: ${movedText(moved)}`);
    await recordShipment(this.db, { serverId, ...wanted, ...moved });
  }

  /** Many servers may want it at once: it is put into the registry by one of them. */
  private offer(wanted: WantedImage): Promise<void> {
    const known = this.offers.get(wanted.imageId);
    if (known) return known;
    const offered = this.offerFromAnywhere(wanted).finally(() => this.offers.delete(wanted.imageId));
    this.offers.set(wanted.imageId, offered);
    return offered;
  }

  private async offerFromAnywhere(wanted: WantedImage): Promise<void> {
    for await (const berth of this.berths())
      if (await berth.docker.image(wanted.imageId)) return offer(this.registry, berth, wanted);
    throw new Conflict('image-nowhere', { image: wanted.image });
  }

  /** Ours first; a server that does not answer has nothing to give. */
  private async *berths(): AsyncGenerator<Berth> {
    yield this.here;
    const servers = (await this.db.query(
      `SELECT id FROM server WHERE circuit->>'state' = 'closed' AND (address NOT LIKE 'ssh://%' OR enrolled_at IS NOT NULL)`,
    )) as { id: string }[];
    for (const { id } of servers) {
      const berth = await this.berthOf(id).catch(() => undefined);
      if (
        berth &&
        (await berth.docker.ping().then(
          () => true,
          () => false,
        ))
      )
        yield berth;
    }
  }

  private async oldOn(serverId: string): Promise<string[]> {
    const { docker } = await this.berthOf(serverId);
    const images = await docker.images(names.labels());
    const used = new Set((await docker.containers({})).map(({ image }) => image));
    return prunable(images, await knownReleases(this.db, serverId), used, new Date());
  }

  private async oldInRegistry(): Promise<string[]> {
    if ((await this.here.docker.container(names.registryContainer()))?.state !== 'running') return [];
    const known = await knownReleases(this.db, null);
    const all = known.map(({ image }) => ({ id: image, names: [image] }));
    const old: string[] = [];
    for (const image of prunable(all, known, new Set(), new Date()))
      if (await this.registry.manifest(image)) old.push(image);
    return old;
  }

  private async remove(serverId: string, { onServer, inRegistry }: Old): Promise<void> {
    const { docker } = await this.berthOf(serverId);
    for (const image of onServer) await docker.removeImage(image, false).catch(unlessInUse);
    await forgetShipments(this.db, serverId, onServer);
    if (inRegistry.length > 0) await this.registry.forget(inRegistry);
  }
}

const holds = async ({ docker }: Berth, { image, imageId }: NamedImage): Promise<boolean> => {
  const found = await docker.image(image);
  return found !== undefined && (imageId === null || found.id === imageId);
};

function unlessInUse(error: unknown): void {
  if (!(error instanceof AppError) || error.code !== 'image-in-use') throw error;
}

function nowAndThen(image: string, hear: Hear): (moved: Moved) => void {
  let told = Date.now();
  return (moved) => {
    if (Date.now() - told < TELL_MILLISECONDS) return;
    told = Date.now();
    hear(`${image}: ${movedText(moved)}`);
  };
}
