import type { DataSource } from 'typeorm';
import { NotFound } from '#libs/core/errors.js';
import { open, type KeyRing } from '#libs/core/seal.js';
import type { Secret } from '#libs/core/secret.js';
import { record } from '#libs/audit/audit.service.js';
import type { Desa } from '#libs/contract/contract.js';

export interface Shown {
  desa: Pick<Desa, 'id' | 'code' | 'kabupatenId'>;
  app: string;
  who: string;
}

/** The first administrator's password, once: what was shown is not kept. The desa must have come through a scope. */
export function showAdministratorPassword(db: DataSource, ring: KeyRing, { desa, app, who }: Shown): Promise<Secret> {
  return db.transaction(async (manager) => {
    const [row] = (await manager.query(
      `SELECT id, administrator_password AS sealed FROM installation
       WHERE desa_id = $1 AND app = $2 AND state NOT IN ('absent', 'installing') FOR UPDATE`,
      [desa.id, app],
    )) as { id: string; sealed: string | null }[];
    if (!row?.sealed) throw new NotFound('administrator-shown', { code: desa.code });
    await manager.query(
      'UPDATE installation SET administrator_password = NULL, administrator_shown_at = now(), administrator_shown_to = $2 WHERE id = $1',
      [row.id, who],
    );
    await record(manager, {
      actor: who,
      kabupatenId: desa.kabupatenId,
      action: 'desa.administrator',
      subject: desa.code,
    });
    return open(ring, row.sealed);
  });
}
