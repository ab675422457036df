import type { DataSource } from 'typeorm';
import { asAppError, Unavailable } from '#libs/core/errors.js';
import { inTime } from '#libs/core/retry.js';
import { findingsOf } from './drift.js';
import type { Eyes } from './eyes.js';
import { rememberDrift, rememberPages, suspectsOf } from './pg-drift.js';
import { endLook, type LookLease } from './pg-looks.js';
import { see, type Look, type Remembered } from './see.js';
import { AWAY } from './seen.js';
import { turnsOf } from './turns.js';
import type { Wanted } from './wanted.js';

/** A server that hangs keeps its own look and no other. */
const PATIENCE_MILLISECONDS = 55_000;

export interface LookParts {
  wanted(serverId: string): Promise<Wanted>;
  eyes(serverId: string): Promise<Eyes>;
  /** Told when a look was written down: the policy may have something repaired. */
  after(serverId: string): Promise<void>;
}

/** One look at one server: what it is, compared with what the records say. It changes nothing there. */
export class LookService {
  constructor(
    private readonly db: DataSource,
    private readonly parts: LookParts,
  ) {}

  async look(lease: LookLease): Promise<void> {
    const began = Date.now();
    const late = () => new Unavailable('look-late', { seconds: PATIENCE_MILLISECONDS / 1000 });
    const seconds = (): number => (Date.now() - began) / 1000;
    try {
      const { wanted, ...look } = await inTime(this.see(lease), PATIENCE_MILLISECONDS, late);
      if (await this.remember(lease, wanted, look, seconds())) await this.parts.after(lease.serverId);
    } catch (error) {
      // Nothing was seen: what was told before stays told, and why is shown beside the server.
      await endLook(this.db, lease, { seconds: seconds(), problem: asAppError(error).code, ...rememberedOf(lease) });
    }
  }

  private async see(lease: LookLease): Promise<Look & { wanted: Wanted }> {
    const { serverId } = lease;
    const [eyes, suspects] = await Promise.all([this.parts.eyes(serverId), suspectsOf(this.db, serverId)]);
    const before = await this.parts.wanted(serverId);
    const due = turnsOf(before.sites, ({ site, app }) => suspects.has(`${site}-${app}`));
    const look = await see(eyes, before, due, rememberedOf(lease));
    // Read again: what a run has begun to change meanwhile is not judged by what was seen half-way.
    const after = await this.parts.wanted(serverId);
    return { ...look, wanted: unchanged(before, after) };
  }

  private remember(lease: LookLease, wanted: Wanted, { seen, disk, domains }: Look, seconds: number): Promise<boolean> {
    return this.db.transaction(async (manager) => {
      if (!(await endLook(manager, lease, { seconds, disk, domains }))) return false;
      await rememberDrift(manager, lease.serverId, findingsOf(wanted, seen), seen === AWAY);
      if (seen !== AWAY) await rememberPages(manager, wanted, seen.pages);
      return true;
    });
  }
}

const rememberedOf = ({ disk, domains }: LookLease): Remembered => ({ disk, domains });

/** What was busy before or after the look is busy; what was wanted before and after is wanted. */
export function unchanged(before: Wanted, after: Wanted): Wanted {
  const busy = new Set(before.sites.filter(({ isBusy }) => isBusy).map(({ installationId }) => installationId));
  const was = new Map(before.sites.map((site) => [site.installationId, site.runtime]));
  const runtimes = new Map(before.runtimes.map((runtime) => [runtime.spec.name, runtime.isBusy]));
  const gabungan = new Map(before.gabungan.map((one) => [one.id, one.isBusy]));
  return {
    ...after,
    known: new Set([...before.known, ...after.known]),
    openRuns: new Set([...before.openRuns, ...after.openRuns]),
    server: { ...after.server, isBusy: before.server.isBusy || after.server.isBusy },
    sites: after.sites.map((site) => ({
      ...site,
      isBusy: site.isBusy || busy.has(site.installationId) || was.get(site.installationId) !== site.runtime,
    })),
    runtimes: after.runtimes.map((one) => ({ ...one, isBusy: one.isBusy || (runtimes.get(one.spec.name) ?? true) })),
    gabungan: after.gabungan.map((one) => ({ ...one, isBusy: one.isBusy || (gabungan.get(one.id) ?? true) })),
  };
}
