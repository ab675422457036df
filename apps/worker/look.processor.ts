import type { DataSource } from 'typeorm';
import { claimLooks } from '#libs/looks/pg-looks.js';
import { LookService, type LookParts } from '#libs/looks/look.service.js';
import { wantedOf } from '#libs/looks/pg-wanted.js';
import { RepairsService } from '#libs/looks/repairs.service.js';
import { RunsService, type Ringer } from '#libs/runs/runs.service.js';
import type { App } from '#libs/templates/manifest.js';
import { eyesOn } from './eyes-on.js';
import type { Workshop } from './tools.js';

const EVERY_MILLISECONDS = 5000;
/** Servers that one worker looks at side by side. */
const AT_ONCE = 8;

/** Takes looks that are due: one a minute and server over all workers. Each goes its own way: none waits for another. */
export class LookProcessor {
  private timer?: NodeJS.Timeout;
  private readonly active = new Set<Promise<void>>();

  constructor(
    private readonly db: DataSource,
    private readonly looks: Pick<LookService, 'look'>,
    private readonly worker: string,
    private readonly ownServers?: () => Promise<string[]>,
  ) {}

  open(): void {
    const tick = (): void => void this.tick().catch(() => undefined);
    this.timer = setInterval(tick, EVERY_MILLISECONDS);
    tick();
  }

  close(): void {
    clearInterval(this.timer);
  }

  /** Begins what is due and waits for none of it. */
  async tick(): Promise<void> {
    const mine = await this.ownServers?.();
    for (const lease of await claimLooks(this.db, this.worker, AT_ONCE - this.active.size, mine)) {
      const look = this.looks.look(lease).catch(() => undefined);
      this.active.add(look);
      void look.then(() => this.active.delete(look));
    }
  }

  /** The looks under way are over. */
  async settled(): Promise<void> {
    await Promise.all(this.active);
  }
}

export function looksOf(workshop: Workshop, apps: ReadonlyMap<string, App>, bell: Ringer): LookService {
  const { db, config } = workshop;
  const records = { db, ring: config.keyRing, apps, minimumFreeBytes: config.minimumFreeBytes };
  const repairs = new RepairsService(db, new RunsService(db, bell));
  const parts: LookParts = {
    wanted: (serverId) => wantedOf(records, serverId),
    eyes: async (serverId) => eyesOn(await workshop.watch(serverId)),
    after: async (serverId) => void (await repairs.byItself(serverId)),
  };
  return new LookService(db, parts);
}
