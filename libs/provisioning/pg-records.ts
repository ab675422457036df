import type { DataSource } from 'typeorm';
import { NotFound } from '#libs/core/errors.js';
import * as names from '#libs/catalog/names.js';
import { open, randomAdminPassword, seal, type KeyRing } from '#libs/core/seal.js';
import type { InstallationPatch, InstallationRecord, Records } from './records.js';
import { siteOf, type SiteFacts } from './site.js';
import type { DesaTarget } from './target.js';

const COLUMNS: Record<keyof InstallationPatch, string> = {
  databaseId: 'database_id',
  placedReleaseId: 'placed_release_id',
  observedVersion: 'observed_version',
  observedTitle: 'observed_title',
  observedAt: 'observed_at',
};

/** The runtime of that name on that server, beside the installations of its gabungan there that may stand in it. */
const BESIDE = `FROM installation i JOIN desa d ON d.id = i.desa_id
  JOIN runtime r ON r.server_id = i.server_id AND r.server_id = $3 AND r.gabungan_id IS NOT DISTINCT FROM i.gabungan_id AND r.name = $1
    AND (CASE i.isolation WHEN 'own' THEN r.name LIKE '%-d' || d.code ELSE r.name NOT SIMILAR TO '%-d[0-9]{10}' END)`;
const LIVES_IN = `EXISTS (SELECT 1 ${BESIDE} WHERE i.placed_release_id = r.release_id)`;
const MOVES_IN = `EXISTS (SELECT 1 ${BESIDE}
  JOIN run ON run.subject_kind = 'desa' AND run.subject_id = i.desa_id AND run.app = i.app
  WHERE run.id <> $2 AND run.state IN ('running', 'undoing') AND NOT run.input @> '{"dryRun": true}'
    AND r.release_id::text = run.input->'aimed'->>'releaseId')`;
/** A desa that comes from another server is not of this one yet. */
const COMES_FROM_ELSEWHERE = `EXISTS (SELECT 1 FROM move m JOIN run ON run.id = m.run_id JOIN installation i ON i.id = m.installation_id
  JOIN runtime r ON r.server_id = m.to_server_id AND r.gabungan_id = i.gabungan_id AND r.release_id = m.release_id AND r.name = $1
  WHERE run.id <> $2 AND run.state IN ('running', 'undoing') AND r.server_id = $3)`;

export function pgRecords(db: DataSource, ring: KeyRing): Records {
  return {
    async installation(id) {
      const [row] = (await db.query(
        `SELECT id, database_id AS "databaseId", placed_release_id AS "placedReleaseId", observed_version AS "observedVersion" FROM installation WHERE id = $1`,
        [id],
      )) as InstallationRecord[];
      if (!row) throw new NotFound('installation-unknown', { id });
      return row;
    },

    async patchInstallation(id, patch) {
      const entries = Object.entries(patch) as [keyof InstallationPatch, unknown][];
      const sets = entries.map(([key], at) => `${COLUMNS[key]} = $${at + 2}`).join(', ');
      await db.query(`UPDATE installation SET ${sets} WHERE id = $1`, [id, ...entries.map(([, value]) => value)]);
    },

    async administratorPassword(id) {
      await db.query(
        'UPDATE installation SET administrator_password = $2 WHERE id = $1 AND administrator_password IS NULL',
        [id, seal(ring, randomAdminPassword())],
      );
      const [row] = (await db.query('SELECT administrator_password AS sealed FROM installation WHERE id = $1', [
        id,
      ])) as { sealed: string }[];
      if (!row) throw new NotFound('installation-unknown', { id });
      return open(ring, row.sealed);
    },

    async patchGabungan(id, { version, fingerprint, invariants }) {
      await db.query(
        `UPDATE gabungan SET version = COALESCE($2, version), fingerprint = COALESCE($3, fingerprint),
           invariants = COALESCE($4, invariants), checked_at = now() WHERE id = $1`,
        [id, version, fingerprint && JSON.stringify(fingerprint), invariants && JSON.stringify(invariants)],
      );
    },

    sitesFor: (target) => sitesFor(db, ring, target),

    async isWanted(serverId, runtimeName, exceptRunId) {
      const values = [runtimeName, exceptRunId, serverId];
      const wanted = `${LIVES_IN} OR ${MOVES_IN} OR ${COMES_FROM_ELSEWHERE}`;
      const [row] = (await db.query(`SELECT ${wanted} AS wanted`, values)) as { wanted: boolean }[];
      return row!.wanted;
    },

    async forgetRuntime(serverId, runtimeName) {
      await db.query('DELETE FROM runtime WHERE server_id = $1 AND name = $2', [serverId, runtimeName]);
    },
  };
}

async function sitesFor(db: DataSource, ring: KeyRing, target: DesaTarget) {
  if (target.installation.isolation === 'own') return [target.site];
  const rows = (await db.query(
    `SELECT d.code, d.name, d.sebutan, d.domain, i.uid, i.runtime_password AS sealed
     FROM installation i JOIN desa d ON d.id = i.desa_id
     WHERE i.server_id = $1 AND i.gabungan_id = $2 AND i.app = $3 AND i.isolation = 'shared'
       AND i.placed_release_id IS NOT NULL AND i.id <> $4 ORDER BY d.code`,
    [target.server.id, target.gabungan.id, target.app.app, target.installation.id],
  )) as (SiteFacts & { sealed: string })[];
  const neighbours = rows.map((row) =>
    siteOf(row, target.gabungan, {
      user: names.runtimeAccount(target.app.app, row.code),
      password: open(ring, row.sealed),
    }),
  );
  return [...neighbours, target.site];
}
