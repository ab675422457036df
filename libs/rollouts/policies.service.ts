import type { DataSource } from 'typeorm';
import { record } from '#libs/audit/audit.service.js';
import { within, type Scope } from '#libs/auth/scope.js';
import { parseKodeDesa } from '#libs/catalog/kode-desa.js';
import { problemText } from '#libs/contract/problems.js';
import { policy, type Policy, type PolicyShown } from '#libs/contract/rollouts.js';
import { NotFound } from '#libs/core/errors.js';

type Language = 'id' | 'en';
interface Kabupaten {
  id: string;
  code: string;
}
interface NoteRow {
  code: string;
  data: Record<string, unknown>;
  firstAt: Date;
  lastAt: Date;
}
const NOTES_SHOWN = 50;

/** What the clock may do for a kabupaten and an app, and what it says it did. */
export class PoliciesService {
  constructor(private readonly db: DataSource) {}

  /** Rules that nobody has set are off. */
  async show(scope: Scope, code: string, app: string, language: Language = 'id'): Promise<PolicyShown> {
    const kabupaten = await this.find(scope, code);
    const [row] = (await this.db.query('SELECT rules FROM policy WHERE kabupaten_id = $1 AND app = $2', [
      kabupaten.id,
      app,
    ])) as { rules: unknown }[];
    const notes = (await this.db.query(
      `SELECT code, data, first_at AS "firstAt", last_at AS "lastAt" FROM clock_note
       WHERE kabupaten_id = $1 AND app = $2 ORDER BY last_at DESC, id DESC LIMIT $3`,
      [kabupaten.id, app, NOTES_SHOWN],
    )) as NoteRow[];
    return {
      kabupaten: kabupaten.code,
      app,
      rules: policy.parse(row?.rules ?? {}),
      notes: notes.map((note) => noteOf(note, language)),
    };
  }

  async set(scope: Scope, who: string, { code, app }: { code: string; app: string }, rules: Policy): Promise<void> {
    const kabupaten = await this.find(scope, code);
    const canary = rules.canary.map(parseKodeDesa);
    await this.assertOurs(kabupaten, canary);
    await this.db.transaction(async (manager) => {
      const [before] = (await manager.query(
        'SELECT rules FROM policy WHERE kabupaten_id = $1 AND app = $2 FOR UPDATE',
        [kabupaten.id, app],
      )) as { rules: unknown }[];
      await manager.query(
        `INSERT INTO policy (kabupaten_id, app, rules, changed_by) VALUES ($1, $2, $3, $4)
         ON CONFLICT (kabupaten_id, app) DO UPDATE SET rules = EXCLUDED.rules, changed_by = EXCLUDED.changed_by, changed_at = now()`,
        [kabupaten.id, app, JSON.stringify({ ...rules, canary }), who],
      );
      await record(manager, {
        actor: who,
        kabupatenId: kabupaten.id,
        action: 'policy.set',
        subject: `${kabupaten.code} ${app}`,
        before: before?.rules,
        after: rules,
      });
    });
  }

  private async find(scope: Scope, code: string): Promise<Kabupaten> {
    const [found] = (await this.db.query(
      'SELECT id, code FROM kabupaten WHERE ($1::uuid[] IS NULL OR id = ANY($1)) AND code = $2',
      [within(scope), code.replaceAll('.', '')],
    )) as Kabupaten[];
    if (!found) throw new NotFound('kabupaten-unknown', { code });
    return found;
  }

  private async assertOurs(kabupaten: Kabupaten, codes: string[]): Promise<void> {
    const rows = (await this.db.query('SELECT code FROM desa WHERE kabupaten_id = $1 AND code = ANY($2)', [
      kabupaten.id,
      codes,
    ])) as { code: string }[];
    const missing = codes.find((code) => !rows.some((row) => row.code === code));
    if (missing) throw new NotFound('desa-unknown', { code: missing });
  }
}

const noteOf = ({ code, data, firstAt, lastAt }: NoteRow, language: Language): PolicyShown['notes'][number] => ({
  at: lastAt.toISOString(),
  since: firstAt.toISOString(),
  code,
  text: problemText(code, data, language).detail,
});
