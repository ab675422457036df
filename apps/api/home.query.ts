import type { DataSource } from 'typeorm';
import { within, type Scope } from '#libs/auth/scope.js';
import type { Home } from '#libs/contract/contract.js';
import { problemText } from '#libs/contract/problems.js';
import type { RunsService } from '#libs/runs/runs.service.js';
import { openDrift } from './home-drift.js';
import { keptPlaces } from './home-kept.js';
import { pausedRollouts, waitingRollouts } from './home-rollouts.js';
import type { Language } from './language.js';

type Line = Home['waiting'][number];
const IN_SCOPE = '($1::uuid[] IS NULL OR kabupaten_id = ANY($1))';

/** What waits for a person, what is broken, what runs: the three lists of the first page. */
export class HomeQuery {
  constructor(
    private readonly db: DataSource,
    private readonly runs: RunsService,
  ) {}

  async show(scope: Scope, language: Language): Promise<Home> {
    const [rollouts, kept, paused, drift, waiting, broken, running, versions] = await Promise.all([
      waitingRollouts(this.db, scope, language),
      keptPlaces(this.db, scope, language),
      pausedRollouts(this.db, scope, language),
      openDrift(this.db, scope, language),
      this.waiting(scope, language),
      this.broken(scope, language),
      this.running(scope, language),
      this.versions(scope),
    ]);
    return { waiting: [...rollouts, ...kept, ...waiting], broken: [...paused, ...drift, ...broken], running, versions };
  }

  private async waiting(scope: Scope, language: Language): Promise<Line[]> {
    const releases = (await this.db.query(
      `SELECT app, version FROM release WHERE state = 'added' ORDER BY created_at DESC LIMIT 20`,
    )) as { app: string; version: string }[];
    const behind = (await this.db.query(
      `SELECT newest.app, newest.version, count(*)::int AS count
       FROM (SELECT DISTINCT ON (app, edition) app, edition, version, id FROM release WHERE state = 'built' ORDER BY app, edition, created_at DESC) newest
       JOIN installation i ON i.app = newest.app AND i.state = 'running' AND i.placed_release_id <> newest.id
       JOIN release placed ON placed.id = i.placed_release_id AND placed.edition = newest.edition
       WHERE ($1::uuid[] IS NULL OR i.kabupaten_id = ANY($1)) GROUP BY 1, 2`,
      [within(scope)],
    )) as { app: string; version: string; count: number }[];
    const say = WAITING[language];
    return [
      ...behind.map((row) => ({ kind: 'update', text: say.update(row), link: `/desa?app=${row.app}` })),
      ...releases.map((row) => ({ kind: 'build', text: say.build(row), link: '/releases' })),
    ];
  }

  private async broken(scope: Scope, language: Language): Promise<Line[]> {
    const rows = (await this.db.query(
      `SELECT 'run' AS kind, subject_label AS label, coalesce(problem->>'code', 'unexpected') AS code, problem->'data' AS data, '/runs/' || id AS link
         FROM run WHERE ${IN_SCOPE} AND state = 'broken' AND cleared_by IS NULL
       UNION ALL SELECT 'desa', d.name, i.problem, NULL, '/desa/' || d.code
         FROM installation i JOIN desa d ON d.id = i.desa_id WHERE ($1::uuid[] IS NULL OR i.kabupaten_id = ANY($1)) AND i.problem IS NOT NULL
       UNION ALL SELECT 'server', name, problem, NULL, '/servers' FROM server WHERE ${IN_SCOPE} AND problem IS NOT NULL
       UNION ALL SELECT 'gabungan', name, 'gabungan-not-running', jsonb_build_object('name', name, 'state', state), '/gabungan/' || name
         FROM gabungan WHERE ${IN_SCOPE} AND state = 'broken' LIMIT 100`,
      [within(scope)],
    )) as { kind: string; label: string; code: string; data: Record<string, unknown> | null; link: string }[];
    return rows.map(({ kind, label, code, data, link }) => ({
      kind,
      text: `${label}: ${problemText(code, data ?? {}, language).title}`,
      link,
    }));
  }

  private async running(scope: Scope, language: Language): Promise<Home['running']> {
    const states = ['running', 'undoing', 'queued'];
    const lists = await Promise.all(states.map((state) => this.runs.list(scope, { state, limit: 20 }, language)));
    return lists.flatMap(({ items }) => items);
  }

  private async versions(scope: Scope): Promise<Home['versions']> {
    const rows = (await this.db.query(
      `SELECT app, observed_version AS version, count(*)::int AS count FROM installation
       WHERE ${IN_SCOPE} AND state <> 'absent' GROUP BY 1, 2 ORDER BY 1, 2 DESC NULLS LAST`,
      [within(scope)],
    )) as { app: string; version: string | null; count: number }[];
    const apps = [...new Set(rows.map(({ app }) => app))];
    return apps.map((app) => {
      const bars = rows.filter((row) => row.app === app).map(({ version, count }) => ({ version, count }));
      return { app, bars, total: bars.reduce((sum, { count }) => sum + count, 0) };
    });
  }
}

type Waits = { app: string; version: string };
const WAITING = {
  id: {
    update: ({ app, version, count }: Waits & { count: number }) =>
      `${count} desa dapat diperbarui ke ${app} ${version}`,
    build: ({ app, version }: Waits) => `Rilis ${app} ${version} belum disiapkan`,
  },
  en: {
    update: ({ app, version, count }: Waits & { count: number }) => `${count} desa can be updated to ${app} ${version}`,
    build: ({ app, version }: Waits) => `Release ${app} ${version} is not built yet`,
  },
};
