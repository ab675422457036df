import type { Rehearsal } from '#libs/contract/rollouts.js';
import { isWorse } from './tour.js';
import type { Failure, MigrationSeen, Notes, PageSeen } from './notes.js';

type Report = Omit<Rehearsal, 'runId'>;
interface Judged {
  version: string;
  running: string;
}
const SHOWN = 10;

const byPath = (pages: PageSeen[] = []): Map<string, PageSeen> => new Map(pages.map((page) => [page.path, page]));

/** Every page that was asked, as the three answered it. */
export function pagesOf(notes: Notes): Report['pages'] {
  const [before, old, now] = [byPath(notes.before), byPath(notes.old), byPath(notes.new)];
  const paths = [...new Set([...before.keys(), ...old.keys(), ...now.keys()])];
  const status = (pages: Map<string, PageSeen>, path: string): number | null => pages.get(path)?.status ?? null;
  return paths.map((path) => ({
    path,
    before: status(before, path),
    old: status(old, path),
    new: status(now, path),
    isWorse: old.has(path) && isWorse(old.get(path)!, before.get(path)),
  }));
}

/** A release is unusable, or the pages of the old code decide; the new code's own failing pages are told, not judged. */
export function verdictOf(
  migration: MigrationSeen,
  pages: Report['pages'],
  { version, running }: Judged,
): Pick<Report, 'verdict' | 'because'> {
  if (migration.failure) return { verdict: 'unusable', because: migration.failure };
  if (migration.isCodeOnly) return { verdict: 'rolling', because: { code: 'rehearsal-code-only', data: { version } } };
  const worse = pages.filter((page) => page.isWorse).map(({ path }) => path);
  if (worse.length === 0)
    return {
      verdict: 'rolling',
      because: { code: 'rehearsal-rolls', data: { version, running, pages: pages.length } },
    };
  const data = { version, running, pages: [...worse.slice(0, SHOWN), ...more(worse)] };
  return { verdict: 'window', because: { code: 'rehearsal-breaks-old-code', data } };
}

const more = (pages: string[]): string[] => (pages.length > SHOWN ? [`+${pages.length - SHOWN}`] : []);

export function reportOf(notes: Notes, migration: MigrationSeen, judged: Judged): Report {
  const pages = pagesOf(notes);
  const { seconds, isCodeOnly, fingerprint, schemaChanges, rowsLost, swallowedErrors } = migration;
  return {
    ...verdictOf(migration, pages, judged),
    migrationSeconds: seconds,
    isCodeOnly,
    fingerprint,
    schemaChanges,
    rowsLost,
    swallowedErrors,
    pages,
  };
}

/** What the migration alone shows, worst first: an error that was swallowed explains a row that is missing. */
export function failureOf(seen: {
  swallowed: string[];
  isProved: boolean;
  lost: MigrationSeen['rowsLost'];
  broken: string[];
  version: string;
  running: string;
  way: string;
}): Failure | null {
  const { swallowed, isProved, lost, broken, version, running, way } = seen;
  if (!isProved)
    return { code: 'rehearsal-not-migrated', data: { version, running, way, lines: swallowed.slice(0, 5) } };
  if (swallowed.length > 0)
    return { code: 'rehearsal-swallowed-errors', data: { version, running, way, lines: swallowed.slice(0, 5) } };
  if (lost.length > 0)
    return {
      code: 'rehearsal-lost-rows',
      data: {
        version,
        tables: lost
          .slice(0, SHOWN)
          .map(({ table, ownId, before, after }) => `${table} (${ownId ?? '-'}) ${before} -> ${after}`),
      },
    };
  return broken.length > 0 ? { code: 'rehearsal-broke-invariants', data: { version, broken } } : null;
}
