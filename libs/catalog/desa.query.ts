import type { DataSource } from 'typeorm';
import { NotFound } from '#libs/core/errors.js';
import { within, type Scope } from '#libs/auth/scope.js';
import type { Desa, Installation } from '#libs/contract/contract.js';
import { problemText } from '#libs/contract/problems.js';
import { hostForOthers } from '#libs/servers/ssh-address.js';
import { parseKodeDesa } from './kode-desa.js';
import { SUBSCRIPTION_OF_DESA } from './subscription.js';

type Language = 'id' | 'en';
export interface DesaFilter {
  q?: string;
  state?: string;
  app?: string;
  version?: string;
  kecamatan?: string;
  limit?: number;
  offset?: number;
}

/** By the last look: a domain whose certificate could not be had is reached by HTTP still. */
const CERTIFIED = (state: string): string =>
  `look.certificates @> jsonb_build_array(jsonb_build_object('domain', d.domain, 'state', '${state}'))`;

const INSTALLATIONS = `(SELECT coalesce(jsonb_agg(jsonb_build_object(
    'app', i.app, 'state', i.state, 'wantedVersion', wanted.version, 'observedVersion', i.observed_version,
    'observedTitle', i.observed_title, 'observedAt', i.observed_at, 'server', s.name, 'httpPort', s.http_port,
    'httpsPort', CASE WHEN s.https->>'way' = 'off' AND s.https->'trustedProxies' <> '[]' THEN 443
       WHEN s.https->>'way' <> 'off' AND (${CERTIFIED('valid')} OR ${CERTIFIED('ending')}) THEN s.https_port END,
    'gabungan', g.name, 'isolation', i.isolation, 'problem', i.problem,
    'openRunId', (SELECT run.id FROM run WHERE run.subject_kind = 'desa' AND run.subject_id = d.id AND run.app = i.app
       AND (run.state IN ('queued', 'running', 'undoing') OR (run.state = 'broken' AND run.cleared_by IS NULL)))
    , 'address', s.address, 'httpAddress', s.http_address, 'kept', (SELECT jsonb_build_object('server', o.name, 'until', m.kept_until,
       'downtimeSeconds', extract(epoch FROM m.answered_at - m.closed_at)::float, 'predictedSeconds', m.predicted_seconds)
       FROM move m JOIN server o ON o.id = m.from_server_id
       WHERE m.installation_id = i.id AND m.switched_at IS NOT NULL AND m.settled_at IS NULL)
  ) ORDER BY i.app), '[]') FROM installation i JOIN server s ON s.id = i.server_id LEFT JOIN look ON look.server_id = s.id
  LEFT JOIN gabungan g ON g.id = i.gabungan_id LEFT JOIN release wanted ON wanted.id = i.wanted_release_id
  WHERE i.desa_id = d.id)`;

const COLUMNS = `d.id, d.kabupaten_id AS "kabupatenId", d.code, d.name, d.sebutan, d.kecamatan_code AS "kecamatanCode",
  d.kecamatan_name AS "kecamatanName", d.domain, d.zone, d.note, ${SUBSCRIPTION_OF_DESA} AS subscription,
  ${INSTALLATIONS} AS installations`;

/** One desa may hold several apps: state, app and version must hold for the same one. `absent` = not installed. */
const WHERE = `($1::uuid[] IS NULL OR d.kabupaten_id = ANY($1))
  AND ($2 = '' OR d.code LIKE replace($2, '.', '') || '%' OR lower(d.name) LIKE '%' || lower($2) || '%'
       OR d.domain LIKE '%' || lower($2) || '%' OR word_similarity(lower($2), lower(d.name)) > 0.5)
  AND ($3::text IS NULL OR d.kecamatan_code = $3)
  AND ($4::text IS NULL AND $5::text IS NULL AND $6::text IS NULL
    OR $4 = 'absent' AND NOT EXISTS (SELECT 1 FROM installation i WHERE i.desa_id = d.id AND i.state <> 'absent'
         AND ($5::text IS NULL OR i.app = $5))
    OR EXISTS (SELECT 1 FROM installation i WHERE i.desa_id = d.id AND ($4::text IS NULL OR i.state = $4)
         AND ($5::text IS NULL OR i.app = $5) AND ($6::text IS NULL OR i.observed_version = $6)))`;

type InstallationRow = Omit<Installation, 'kept'> &
  Ports & {
    kept: Omit<NonNullable<Installation['kept']>, 'dns'> | null;
    address: string;
    httpAddress: string;
  };
type Row = Omit<Desa, 'url' | 'installations'> & { installations: InstallationRow[] };

/** `httpsPort`: null where visitors come by HTTP. A proxy in front that is trusted ends TLS at the usual port. */
interface Ports {
  httpPort: number;
  httpsPort: number | null;
}

function address(domain: string, { httpPort, httpsPort }: Ports = { httpPort: 80, httpsPort: null }): string {
  if (httpsPort !== null) return `https://${domain}${httpsPort === 443 ? '' : `:${httpsPort}`}`;
  return `http://${domain}${httpPort === 80 ? '' : `:${httpPort}`}`;
}

function view({ installations, ...desa }: Row, language: Language): Desa {
  return {
    ...desa,
    url: address(desa.domain, installations[0]),
    installations: installations.map(({ httpPort: _, httpsPort: __, address: at, httpAddress, kept, ...one }) => ({
      ...one,
      kept: kept && {
        ...kept,
        until: new Date(kept.until).toISOString(),
        dns: hostForOthers({ address: at, httpAddress }) ?? one.server,
      },
      observedAt: one.observedAt && new Date(one.observedAt).toISOString(),
      problem: one.problem && problemText(one.problem, {}, language).title,
    })),
  };
}

const escaped = (text = ''): string => text.trim().replaceAll(/[\\%_]/g, '\\$&');

export class DesaQuery {
  constructor(private readonly db: DataSource) {}

  async list(
    scope: Scope,
    filter: DesaFilter = {},
    language: Language = 'id',
  ): Promise<{ items: Desa[]; total: number }> {
    const { state, app, version } = filter;
    const kecamatan = filter.kecamatan?.replaceAll('.', '');
    const values = [within(scope), escaped(filter.q), kecamatan, state, app, version].map((value) => value ?? null);
    const rows = (await this.db.query(
      `SELECT ${COLUMNS} FROM desa d WHERE ${WHERE} ORDER BY d.code LIMIT $7 OFFSET $8`,
      [...values, filter.limit ?? 50, filter.offset ?? 0],
    )) as Row[];
    const [{ total }] = (await this.db.query(`SELECT count(*)::int AS total FROM desa d WHERE ${WHERE}`, values)) as [
      { total: number },
    ];
    return { items: rows.map((row) => view(row, language)), total };
  }

  /** Throws `desa-unknown`, also for a desa of a foreign kabupaten. */
  async show(scope: Scope, code: string, language: Language = 'id'): Promise<Desa> {
    const [row] = (await this.db.query(
      `SELECT ${COLUMNS} FROM desa d WHERE ($1::uuid[] IS NULL OR d.kabupaten_id = ANY($1)) AND d.code = $2`,
      [within(scope), parseKodeDesa(code)],
    )) as Row[];
    if (!row) throw new NotFound('desa-unknown', { code });
    return view(row, language);
  }
}
