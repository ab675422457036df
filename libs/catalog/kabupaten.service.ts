import type { DataSource } from 'typeorm';
import { Conflict, Forbidden, InvalidInput, NotFound } from '#libs/core/errors.js';
import { newId } from '#libs/core/ids.js';
import { record } from '#libs/audit/audit.service.js';
import { within, type Scope } from '#libs/auth/scope.js';
import type { Kabupaten } from '#libs/contract/contract.js';
import { provinsiOf } from './kode-desa.js';
import { setSubscription } from './subscription.js';
import type { WilayahQuery } from './wilayah.query.js';

const SELECT = `SELECT id, code, name, provinsi_name AS "provinsiName",
  (SELECT count(*)::int FROM desa WHERE kabupaten_id = kabupaten.id) AS "desaCount",
  (SELECT ends_on::text FROM subscription WHERE kabupaten_id = kabupaten.id AND desa_id IS NULL) AS "subscriptionEndsOn"
  FROM kabupaten
  WHERE ($1::uuid[] IS NULL OR id = ANY($1))`;

export interface KabupatenPatch {
  /** A day or a month. */
  subscriptionEnd: string | null;
}

export class KabupatenService {
  constructor(
    private readonly db: DataSource,
    private readonly wilayah: WilayahQuery,
  ) {}

  async list(scope: Scope): Promise<{ items: Kabupaten[]; total: number }> {
    const items = (await this.db.query(`${SELECT} ORDER BY code`, [within(scope)])) as Kabupaten[];
    return { items, total: items.length };
  }

  /** By code, with or without dots, or by id. Throws `kabupaten-unknown` also for a foreign one. */
  async find(scope: Scope, codeOrId: string): Promise<Kabupaten> {
    const [found] = (await this.db.query(`${SELECT} AND (code = $2 OR id::text = $3)`, [
      within(scope),
      codeOrId.replaceAll('.', ''),
      codeOrId,
    ])) as Kabupaten[];
    if (!found) throw new NotFound('kabupaten-unknown', { code: codeOrId });
    return found;
  }

  /** Until when its desa may take premium releases, where they have no end of their own; null takes it away. */
  async change(scope: Scope, who: string, code: string, { subscriptionEnd }: KabupatenPatch): Promise<void> {
    const { id: kabupatenId, name, subscriptionEndsOn } = await this.find(scope, code);
    await this.db.transaction(async (manager) => {
      await setSubscription(manager, { kabupatenId, desaId: null }, subscriptionEnd, who);
      await record(manager, {
        actor: who,
        kabupatenId,
        action: 'kabupaten.change',
        subject: name,
        before: { subscriptionEndsOn },
        after: { subscriptionEnd },
      });
    });
  }

  /** Only who sees every kabupaten may add one: nobody widens their own scope. */
  async add(scope: Scope, who: string, text: string): Promise<Kabupaten> {
    if (scope.kabupatenIds !== 'all') throw new Forbidden('scope-too-narrow');
    const code = text.trim().replaceAll('.', '');
    const names = await this.wilayah.names([code, provinsiOf(code)]);
    const name = names.get(code);
    if (!/^\d{4}$/.test(code) || !name) throw new InvalidInput('kode-kabupaten-unknown', { code: text });
    const row = {
      id: newId(),
      code,
      name,
      provinsiCode: provinsiOf(code),
      provinsiName: names.get(provinsiOf(code)) ?? '',
    };
    await this.db.transaction(async (manager) => {
      const rows = (await manager.query(
        `INSERT INTO kabupaten (id, code, name, provinsi_code, provinsi_name) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (code) DO NOTHING RETURNING id`,
        Object.values(row),
      )) as unknown[];
      if (rows.length === 0) throw new Conflict('kabupaten-taken', { code, name });
      await record(manager, { actor: who, kabupatenId: row.id, action: 'kabupaten.add', subject: name, after: row });
    });
    return this.find(scope, code);
  }
}
