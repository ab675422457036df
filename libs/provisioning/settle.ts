import type { DataSource } from 'typeorm';

/** installation.state while a verb runs, and after each ending. */
const BEGUN: Record<string, string> = { install: 'installing', update: 'updating', remove: 'removing' };
const ENDED: Record<string, Record<string, string>> = {
  install: { done: 'running', undone: 'absent', broken: 'broken' },
  update: { done: 'running', undone: 'running', broken: 'broken' },
  remove: { done: 'absent', undone: 'running', broken: 'broken' },
};

/** Marks the installation as being changed, and what is wanted. */
export async function markBegun(
  db: DataSource,
  verb: string,
  installationId: string,
  releaseId: string,
): Promise<void> {
  await db.query('UPDATE installation SET state = $2, wanted_release_id = $3, problem = NULL WHERE id = $1', [
    installationId,
    BEGUN[verb] ?? 'running',
    verb === 'remove' ? null : releaseId,
  ]);
}

/**
 * Puts every installation whose run has ended into the state its latest run says. Safe to repeat: a worker that died
 * between the end of a run and this loses nothing, the sweeper calls it again.
 */
export async function settle(db: DataSource): Promise<void> {
  const rows = (await db.query(
    `SELECT DISTINCT ON (i.id) i.id, run.verb, run.state, run.problem->>'code' AS code
     FROM installation i JOIN run ON run.subject_kind = 'desa' AND run.subject_id = i.desa_id AND run.app = i.app
     WHERE i.state IN ('installing', 'updating', 'removing') AND NOT run.input @> '{"dryRun": true}'
     ORDER BY i.id, run.created_at DESC`,
  )) as { id: string; verb: string; state: string; code: string | null }[];
  for (const { id, verb, state, code } of rows) {
    const next = ENDED[verb]?.[state];
    if (!next) continue;
    await db.query(
      `UPDATE installation SET state = $2, problem = $3,
         wanted_release_id = CASE WHEN $4 THEN placed_release_id ELSE wanted_release_id END,
         observed_version = CASE WHEN $2 = 'absent' THEN NULL ELSE observed_version END,
         observed_title = CASE WHEN $2 = 'absent' THEN NULL ELSE observed_title END
       WHERE id = $1`,
      [id, next, state === 'done' ? null : code, state === 'undone'],
    );
  }
}
