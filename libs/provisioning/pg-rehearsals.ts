import type { DataSource } from 'typeorm';
import type { ClaimedRun } from '#libs/runs/lease.js';
import type { Rehearsal } from '#libs/contract/rollouts.js';
import type { Evidence } from './migration-target.js';
import type { Notes, NotesStore } from './rehearsal/notes.js';
import type { CatalogueEntry } from './rehearsal/way-on.js';

/** Notes and verdict of one rehearsal in PostgreSQL. */
export function pgNotes(db: DataSource, run: ClaimedRun, releaseId: string): NotesStore {
  const rolloutId = (run.input.rolloutId as string | undefined) ?? null;
  return {
    async read() {
      const [row] = (await db.query('SELECT notes FROM rehearsal WHERE run_id = $1', [run.runId])) as {
        notes: Notes;
      }[];
      return row?.notes ?? {};
    },
    async write(more) {
      await db.query(
        `INSERT INTO rehearsal (run_id, kabupaten_id, gabungan_id, release_id, notes) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (run_id) DO UPDATE SET notes = rehearsal.notes || EXCLUDED.notes`,
        [run.runId, run.kabupatenId, run.subjectId, releaseId, JSON.stringify(more)],
      );
    },
    async report(report) {
      const whole: Rehearsal = { runId: run.runId, ...report };
      await db.query('UPDATE rehearsal SET report = $2, judged_at = now() WHERE run_id = $1', [
        run.runId,
        JSON.stringify(whole),
      ]);
      if (rolloutId)
        await db.query('UPDATE rollout SET rehearsal = $2 WHERE id = $1', [rolloutId, JSON.stringify(whole)]);
    },
  };
}

/** The rollout's own rehearsal; without a rollout the newest verdict on this release and gabungan. */
export async function evidenceFor(
  db: DataSource,
  of: { gabunganId: string; releaseId: string; rolloutId: string | null },
): Promise<Evidence | undefined> {
  const [row] = (await db.query(
    of.rolloutId
      ? 'SELECT rehearsal AS report FROM rollout WHERE id = $1'
      : `SELECT report FROM rehearsal WHERE gabungan_id = $1 AND release_id = $2 AND report IS NOT NULL ORDER BY judged_at DESC LIMIT 1`,
    of.rolloutId ? [of.rolloutId] : [of.gabunganId, of.releaseId],
  )) as { report: Rehearsal | null }[];
  if (!row?.report) return undefined;
  const { verdict, isCodeOnly, fingerprint } = row.report;
  return { verdict, isCodeOnly, fingerprint: fingerprint.sha256 };
}

export const catalogueOf = (db: DataSource, app: string, edition: string): Promise<CatalogueEntry[]> =>
  db.query('SELECT version, minimum_version AS "minimumVersion", state FROM release WHERE app = $1 AND edition = $2', [
    app,
    edition,
  ]);
