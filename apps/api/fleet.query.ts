import type { DataSource } from 'typeorm';
import { within, type Scope } from '#libs/auth/scope.js';
import type { Release } from '#libs/contract/contract.js';
import type { Server } from '#libs/contract/servers.js';
import { NotFound } from '#libs/core/errors.js';
import type { Circuit } from '#libs/servers/circuit.js';
import { isSsh } from '#libs/servers/ssh-address.js';
import { viewOfProblem } from '#libs/runs/run.view.js';
import type { Language } from './language.js';

type Page<T> = { items: T[]; total: number };
const pageOf = <T>(items: T[]): Page<T> => ({ items, total: items.length });
/** Dates of a row as they are spoken over HTTP. */
const spoken = <T>(row: object): T =>
  Object.fromEntries(
    Object.entries(row).map(([key, value]) => [key, value instanceof Date ? value.toISOString() : value]),
  ) as T;

const SERVER = `SELECT id, kabupaten_id AS "kabupatenId", name, address, http_port AS "httpPort", https_port AS "httpsPort",
  https->>'way' AS https, internal_address AS "internalAddress", facts,
  checked_at AS "checkedAt", problem, circuit, ssh_public_line AS "publicLine", host_key AS "hostKey",
  host_key_shown AS "hostKeyShown", host_key_shown_at AS "hostKeyShownAt", enrolled_at AS "enrolledAt" FROM server WHERE ($1::uuid[] IS NULL OR kabupaten_id = ANY($1))`;

const RELEASE = `SELECT r.id, r.app, r.version, r.edition, r.sha256, r.source, r.php, r.database_version AS "databaseVersion",
  r.minimum_version AS "minimumVersion", r.state, r.image, r.image_id AS "imageId", r.problem, r.created_at AS "createdAt",
  r.built_at AS "builtAt", CASE WHEN r.withdrawn_at IS NOT NULL THEN jsonb_build_object('reason', coalesce(r.withdrawn_reason, ''),
    'by', coalesce(r.withdrawn_by, ''), 'at', r.withdrawn_at) END AS withdrawal,
  (SELECT count(*)::int FROM installation i WHERE i.placed_release_id = r.id AND ($1::uuid[] IS NULL OR i.kabupaten_id = ANY($1))) AS "usedBy"
  FROM release r`;

/** Servers and releases as they are shown; nothing of them is changed here. */
export class FleetQuery {
  constructor(private readonly db: DataSource) {}

  async servers(scope: Scope, language: Language): Promise<Page<Server>> {
    const rows = await this.rows<ServerRow>(`${SERVER} ORDER BY name`, [within(scope)]);
    return pageOf(rows.map((row) => serverOf(row, language)));
  }

  async server(scope: Scope, name: string, language: Language = 'id'): Promise<Server> {
    const [found] = await this.rows<ServerRow>(`${SERVER} AND name = $2`, [within(scope), name]);
    if (!found) throw new NotFound('server-unknown', { name });
    return serverOf(found, language);
  }

  /** Releases belong to everybody; how many desa use one is counted within the scope. Newest first. */
  async releases(scope: Scope, app: string | undefined, language: Language): Promise<Page<Release>> {
    const rows = await this.rows<Release>(
      `${RELEASE} WHERE $2::text IS NULL OR r.app = $2 ORDER BY r.app, r.created_at DESC`,
      [within(scope), app ?? null],
    );
    return pageOf(rows.map((row) => inWords(row, language)));
  }

  async release(
    scope: Scope,
    { app, version }: { app: string; version: string },
    language: Language,
  ): Promise<Release> {
    const [found] = await this.rows<Release>(`${RELEASE} WHERE r.app = $2 AND r.version = $3`, [
      within(scope),
      app,
      version,
    ]);
    if (!found) throw new NotFound('release-unknown', { app, version });
    return inWords(found, language);
  }

  async buildLog(id: string): Promise<string> {
    const [row] = (await this.db.query('SELECT build_log AS log FROM release WHERE id = $1', [id])) as {
      log: string;
    }[];
    return row?.log ?? '';
  }

  private async rows<T>(sql: string, values: unknown[]): Promise<T[]> {
    return ((await this.db.query(sql, values)) as object[]).map((row) => spoken<T>(row));
  }
}

const inWords = (row: Release, language: Language): Release => ({
  ...row,
  problem: viewOfProblem(row.problem, language),
  withdrawal: row.withdrawal && { ...row.withdrawal, at: new Date(row.withdrawal.at).toISOString() },
});

type ServerRow = Omit<Server, 'ssh' | 'circuit'> & NonNullable<Server['ssh']> & { circuit: Circuit };

function serverOf(row: ServerRow, language: Language): Server {
  const { circuit, publicLine, hostKey, hostKeyShown, hostKeyShownAt, enrolledAt, ...server } = row;
  const { state, since, nextAt, reason } = circuit;
  return {
    ...server,
    ssh: isSsh(row.address) ? { publicLine, hostKey, hostKeyShown, hostKeyShownAt, enrolledAt } : null,
    circuit: { state, since, nextAt, problem: viewOfProblem(reason, language) },
  };
}
