import type { DataSource } from 'typeorm';
import { dotted } from '#libs/catalog/kode-desa.js';
import type { RunsService } from '#libs/runs/runs.service.js';

const CLOCK = 'clock';
const AT_ONCE = 5;

interface Kept {
  desaId: string;
  code: string;
  name: string;
  kabupatenId: string;
  app: string;
}

/**
 * Old places whose day is over. One whose server is away stays until that is back, and holds up no other work of its
 * desa; one that could not be cleared is tried again an hour later.
 */
const OVER = `SELECT d.id AS "desaId", d.code, d.name, m.kabupaten_id AS "kabupatenId", i.app
  FROM move m JOIN installation i ON i.id = m.installation_id JOIN desa d ON d.id = i.desa_id
  WHERE m.switched_at IS NOT NULL AND m.settled_at IS NULL AND m.kept_until < now()
    AND NOT EXISTS (SELECT 1 FROM server s WHERE s.id IN (m.from_server_id, i.server_id) AND s.circuit->>'state' <> 'closed')
    AND NOT EXISTS (SELECT 1 FROM run WHERE run.subject_kind = 'desa' AND run.subject_id = d.id
      AND (run.state IN ('queued', 'running', 'undoing') OR run.state = 'broken' AND run.cleared_by IS NULL
        OR run.verb = 'settle' AND run.created_at > now() - interval '1 hour'))
  ORDER BY m.kept_until LIMIT ${AT_ONCE}`;

/** The clock asks for it, by the door through which everybody asks. */
export async function settleKept(db: DataSource, runs: Pick<RunsService, 'start'>): Promise<void> {
  for (const { desaId, code, name, kabupatenId, app } of (await db.query(OVER)) as Kept[])
    await runs
      .start(
        { kabupatenIds: 'all' },
        {
          ...{ verb: 'settle', subjectKind: 'desa', subjectId: desaId, subjectLabel: `${dotted(code)} ${name}` },
          ...{ kabupatenId, app, input: {}, askedBy: CLOCK },
        },
      )
      // Somebody else asked for work on this desa meanwhile: its turn comes again.
      .catch(() => undefined);
}
