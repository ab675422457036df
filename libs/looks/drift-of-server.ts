import type { ContainerView } from '#libs/servers/docker.js';
import type { Answer, Finding } from './drift.js';
import type { Seen } from './seen.js';
import type { Wanted } from './wanted.js';

const MIB = 2 ** 20;
/** A disk that is full within so many days is told while there is still time. */
const WARN_DAYS = 7;

/** Missing, or there and not running. */
export const presence = (found: ContainerView | undefined): { missing: Answer; stopped: Answer } => ({
  missing: found ? 'well' : {},
  stopped: found && found.state !== 'running' ? { state: found.state } : 'well',
});

export function serverFindings(wanted: Wanted, seen: Seen): Finding[] {
  const { server, gateway } = wanted;
  const about = { key: server.name, subject: server.name, kabupatenId: server.kabupatenId };
  const isWanted = wanted.sites.length > 0 || wanted.forwards.length > 0;
  const { missing, stopped } = presence(seen.containers.find(({ name }) => name === gateway));
  const judged = (answer: Answer): Answer => (server.isBusy ? 'unknown' : isWanted ? answer : 'well');
  return [
    { kind: 'gateway-missing', ...about, answer: judged(missing) },
    { kind: 'gateway-stopped', ...about, answer: judged(isSilent(seen, stopped, missing)) },
    { kind: 'disk-filling', ...about, answer: diskAnswer(wanted, seen) },
    ...unknownContainers(wanted, seen.containers).map(({ name, image, state, labels }): Finding => ({
      kind: 'container-unknown',
      key: name,
      subject: name,
      kabupatenId: server.kabupatenId,
      answer: server.isBusy ? 'unknown' : { image, state, gabungan: labels['siappakai.gabungan'] ?? null },
    })),
  ];
}

/** It runs and tells nothing: nobody can be routed any more. */
const isSilent = ({ routes }: Seen, stopped: Answer, missing: Answer): Answer =>
  stopped === 'well' && missing === 'well' && !routes ? { state: 'silent' } : stopped;

function diskAnswer({ minimumFreeBytes }: Wanted, { disk }: Seen): Answer {
  if (!disk) return 'unknown';
  const isFull = disk.freeBytes < minimumFreeBytes;
  const isFilling = disk.daysLeft !== null && disk.daysLeft <= WARN_DAYS;
  if (!isFull && !isFilling) return 'well';
  return {
    freeMiB: Math.floor(disk.freeBytes / MIB),
    neededMiB: Math.ceil(minimumFreeBytes / MIB),
    daysLeft: disk.daysLeft === null ? null : Math.ceil(disk.daysLeft),
  };
}

/** Kinds that stand beside what they belong to. What carries another kind is looked after by who made it. */
const BESIDE = ['files', 'once', 'gateway'];

/** Containers with our label that no row and no open run knows. */
export const unknownContainers = (wanted: Wanted, containers: ContainerView[]): ContainerView[] =>
  containers.filter((container) => !isKnown(wanted, container));

function isKnown({ known, openRuns }: Wanted, { name, labels }: ContainerView): boolean {
  const kind = labels['siappakai.kind'];
  if (kind && !BESIDE.includes(kind)) return true;
  if (known.has(name) || known.has(name.replace(/-files$/, ''))) return true;
  const run = labels['siappakai.run'];
  if (run) return openRuns.has(run);
  // A deletion, or a dump of a database elsewhere: both live as long as a run.
  const isPassing = kind === 'once' || /-client-[0-9a-f]{8}$/.test(name);
  return isPassing && openRuns.size > 0;
}

export function gabunganFindings({ gabungan }: Wanted, { containers }: Seen): Finding[] {
  return gabungan.flatMap(({ id, name, kabupatenId, container, isBusy }) => {
    const { missing, stopped } = presence(containers.find((one) => one.name === container));
    const about = { key: name, subject: name, kabupatenId, gabunganId: id };
    return [
      { kind: 'gabungan-missing', ...about, answer: isBusy ? 'unknown' : missing } as const,
      { kind: 'gabungan-stopped', ...about, answer: isBusy ? 'unknown' : stopped } as const,
    ];
  });
}

/** Without its door a desa has no database, whatever the other server does. */
export function wayFindings({ ways }: Wanted, { containers }: Seen): Finding[] {
  return ways.map(({ name, kabupatenId, container, desaId, app, isBusy }): Finding => {
    const { missing, stopped } = presence(containers.find((one) => one.name === container));
    const answer = isBusy ? 'unknown' : missing === 'well' ? stopped : missing;
    return { kind: 'way-missing', key: container, subject: name, kabupatenId, desaId, app, answer };
  });
}
