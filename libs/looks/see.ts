import { asAppError } from '#libs/core/errors.js';
import { statesOf, type DomainState } from '#libs/gateway/certificate-state.js';
import { daysLeft, withSample, type DiskSample } from './disk-trend.js';
import type { Eyes } from './eyes.js';
import { AWAY, type PageSeen, type Seen, type SiteParts } from './seen.js';
import type { Wanted, WantedRuntime, WantedSite } from './wanted.js';

/** Pages that are asked for at once: a look must not be felt by visitors. */
const PAGES_AT_ONCE = 2;

export interface Look {
  seen: Seen | typeof AWAY;
  disk: DiskSample[];
  /** What is remembered of the certificates. */
  domains: DomainState[];
}

/** What the look before left for this one. */
export type Remembered = Pick<Look, 'disk' | 'domains'>;

/** Looks at one server once. What does not answer is left out and the rest is looked at. */
export async function see(eyes: Eyes, wanted: Wanted, due: WantedSite[], before: Remembered): Promise<Look> {
  const containers = await ifThere(eyes);
  if (!containers) return { seen: AWAY, ...before };
  const runs = new Set(containers.filter(({ state }) => state === 'running').map(({ name }) => name));
  const hasGateway = runs.has(wanted.gateway);
  const running = wanted.runtimes.filter(({ spec }) => runs.has(spec.name));
  const freeBytes = hasGateway ? await orNothing(eyes.freeBytes()) : undefined;
  const samples = freeBytes === undefined ? before.disk : withSample(before.disk, { at: Date.now(), freeBytes });
  const seen: Seen = {
    containers,
    ...(hasGateway ? await httpsOf(eyes, wanted, before.domains) : {}),
    routes: hasGateway ? await orNothing(eyes.routes()) : undefined,
    standing: await standingOf(eyes, running),
    live: hasGateway ? await liveOf(eyes, running) : new Map(),
    pages: hasGateway ? await pagesOf(eyes, running, due) : new Map(),
    disk: freeBytes === undefined ? undefined : { freeBytes, daysLeft: daysLeft(samples, freeBytes) },
  };
  return { seen, disk: samples, domains: seen.domains ?? before.domains };
}

async function httpsOf(
  eyes: Eyes,
  { https: { way, given }, sites }: Wanted,
  before: DomainState[],
): Promise<Pick<Seen, 'gatewayFaults' | 'domains'>> {
  const gatewayFaults = await orNothing(eyes.gatewayFaults());
  const found = await orNothing(eyes.certificates());
  if (!found) return { gatewayFaults };
  const certificates = [...given, ...found.standing];
  const domains = [...new Set(sites.map(({ domain }) => domain))];
  const now = new Date();
  return { gatewayFaults, domains: statesOf(domains, { way, certificates, refusals: found.refusals, before, now }) };
}

/** Undefined when the server does not answer; any other failure is the look's own. */
async function ifThere(eyes: Eyes): Promise<Seen['containers'] | undefined> {
  try {
    await eyes.ping();
    return await eyes.containers();
  } catch (error) {
    if (asAppError(error).code === 'server-unreachable') return undefined;
    throw error;
  }
}

const orNothing = <T>(asked: Promise<T>): Promise<T | undefined> => asked.catch(() => undefined);

async function standingOf(eyes: Eyes, runtimes: WantedRuntime[]): Promise<Seen['standing']> {
  const standing = new Map<string, Map<string, SiteParts>>();
  for (const runtime of runtimes) {
    const sites = await orNothing(eyes.standing(runtime));
    if (sites) standing.set(runtime.spec.name, sites);
  }
  return standing;
}

async function liveOf(eyes: Eyes, runtimes: WantedRuntime[]): Promise<Seen['live']> {
  const live = new Map<string, boolean>();
  for (const runtime of runtimes) live.set(runtime.spec.name, await eyes.isLive(runtime).catch(() => false));
  return live;
}

async function pagesOf(eyes: Eyes, runtimes: WantedRuntime[], due: WantedSite[]): Promise<Seen['pages']> {
  const byName = new Map(runtimes.map((runtime) => [runtime.spec.name, runtime]));
  const pages = new Map<string, PageSeen>();
  const queue = [...due];
  const ask = async (): Promise<void> => {
    for (let site = queue.shift(); site; site = queue.shift()) {
      const runtime = byName.get(site.runtime);
      if (runtime) pages.set(site.installationId, await eyes.page(site, runtime).catch(failure));
    }
  };
  await Promise.all(Array.from({ length: PAGES_AT_ONCE }, ask));
  return pages;
}

const failure = (error: unknown): PageSeen => ({ failure: asAppError(error).code });
