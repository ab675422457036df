import { chmod, cp, mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { Conflict, InvalidInput, NotFound } from '#libs/core/errors.js';
import { newId } from '#libs/core/ids.js';
import type { App } from '#libs/templates/manifest.js';
import { openArchive } from './archive.js';
import type { Github } from './github.js';
import { inspect } from './inspect.js';
import { formatVersion, parseVersion } from './version.js';

export interface ReleaseRow {
  id: string;
  app: string;
  version: string;
  edition: 'umum' | 'premium';
  sha256: string;
  source: string;
  archivePath: string;
  php: string;
  databaseVersion: string | null;
  minimumVersion: string | null;
  state: 'added' | 'building' | 'built' | 'failed' | 'withdrawn';
  image: string | null;
  imageId: string | null;
  problem: { code: string; data: Record<string, unknown> } | null;
  createdAt: Date;
  builtAt: Date | null;
  usedBy: number;
}

const COLUMNS = `id, app, version, edition, sha256, source, archive_path AS "archivePath", php, database_version AS "databaseVersion",
  minimum_version AS "minimumVersion", state, image, image_id AS "imageId", problem, created_at AS "createdAt", built_at AS "builtAt",
  (SELECT count(*)::int FROM installation WHERE placed_release_id = release.id) AS "usedBy"`;

const MAXIMUM_FILES = 100_000;
const LOG_CHARACTERS = 200_000;

export interface ReleasePlace {
  dataFolder: string;
  maximumArchiveBytes: number;
}

/** The catalog of releases: checked at the door, kept by their sha256, built by the worker. Releases belong to nobody alone. */
export class ReleasesService {
  constructor(
    private readonly db: DataSource,
    private readonly apps: ReadonlyMap<string, App>,
    private readonly place: ReleasePlace,
    private readonly github: Github,
  ) {}

  /** From a path on this machine or a GitHub tag (`latest` too). The same content again answers the same row. */
  async add({ app, path, github }: { app: string; path?: string; github?: string }): Promise<ReleaseRow> {
    if (!this.apps.has(app)) throw new InvalidInput('app-unknown', { app });
    if (path) return this.take(app, path, path);
    if (!github) throw new InvalidInput('release-source-missing', { app });
    const repository = this.apps.get(app)?.github?.repository;
    if (!repository) throw new InvalidInput('release-without-github', { app });
    const file = join(this.place.dataFolder, 'archives', `download-${newId()}.tar.gz`);
    await mkdir(join(this.place.dataFolder, 'archives'), { recursive: true, mode: 0o700 });
    try {
      const tag = await this.github.download(repository, github, file);
      return await this.take(app, file, `github:${repository}@${tag}`);
    } finally {
      await rm(file, { force: true });
    }
  }

  private async take(app: string, path: string, source: string): Promise<ReleaseRow> {
    const work = join(this.place.dataFolder, 'work', newId());
    try {
      const { tree, sha256 } = await openArchive(path, work, {
        bytes: this.place.maximumArchiveBytes,
        files: MAXIMUM_FILES,
      });
      const identity = await inspect(tree, app, this.apps);
      const known = await this.look(app, identity.version);
      if (known && known.sha256 !== sha256)
        throw new Conflict('release-content-differs', { app, version: identity.version });
      if (known) return known;
      const archivePath = await this.keep(path, sha256);
      await this.db.query(
        `INSERT INTO release (id, app, version, edition, sha256, source, archive_path, php, database_version, minimum_version, state)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'added') ON CONFLICT (app, version) DO NOTHING`,
        [
          newId(),
          app,
          identity.version,
          identity.edition,
          sha256,
          source,
          archivePath,
          identity.php,
          identity.databaseVersion,
          identity.minimumVersion,
        ],
      );
      const added = await this.find(app, identity.version);
      if (added.sha256 !== sha256) throw new Conflict('release-content-differs', { app, version: identity.version });
      return added;
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  }

  /** The archive stays, named by its content; written beside and renamed, so that half a copy is never taken for it. */
  private async keep(path: string, sha256: string): Promise<string> {
    const folder = join(this.place.dataFolder, 'archives');
    const isFolder = (await stat(path)).isDirectory();
    const kept = join(folder, sha256 + (isFolder ? '' : /\.zip$/i.test(path) ? '.zip' : '.tar.gz'));
    const partial = `${kept}.partial`;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await rm(partial, { recursive: true, force: true });
    await cp(path, partial, { recursive: true, verbatimSymlinks: true });
    if (!isFolder) await chmod(partial, 0o600);
    await rm(kept, { recursive: true, force: true });
    await rename(partial, kept);
    return kept;
  }

  async list(app?: string): Promise<ReleaseRow[]> {
    const rows = (await this.db.query(
      `SELECT ${COLUMNS} FROM release WHERE $1::text IS NULL OR app = $1 ORDER BY created_at DESC`,
      [app ?? null],
    )) as ReleaseRow[];
    return rows;
  }

  private async look(app: string, version: string): Promise<ReleaseRow | undefined> {
    const [row] = (await this.db.query(`SELECT ${COLUMNS} FROM release WHERE app = $1 AND version = $2`, [
      app,
      version,
    ])) as ReleaseRow[];
    return row;
  }

  /** Throws `release-unknown`. */
  async find(app: string, version: string): Promise<ReleaseRow> {
    const row = await this.look(app, formatVersion(parseVersion(version)));
    if (!row) throw new NotFound('release-unknown', { app, version });
    return row;
  }

  async findById(id: string): Promise<ReleaseRow> {
    const [row] = (await this.db.query(`SELECT ${COLUMNS} FROM release WHERE id = $1`, [id])) as ReleaseRow[];
    if (!row) throw new NotFound('release-unknown', { app: '', version: id });
    return row;
  }

  async buildLog(app: string, version: string): Promise<string> {
    const { id } = await this.find(app, version);
    const [row] = (await this.db.query('SELECT build_log AS log FROM release WHERE id = $1', [id])) as {
      log: string;
    }[];
    return row?.log ?? '';
  }

  async markBuilding(id: string): Promise<void> {
    await this.db.query(
      `UPDATE release SET state = 'building', problem = NULL, build_log = '' WHERE id = $1 AND state <> 'withdrawn'`,
      [id],
    );
  }

  async markBuilt(id: string, { image, imageId }: { image: string; imageId: string }, log: string): Promise<void> {
    await this.db.query(
      `UPDATE release SET state = 'built', image = $2, image_id = $3, built_at = now(), problem = NULL, build_log = $4 WHERE id = $1`,
      [id, image, imageId, log.slice(-LOG_CHARACTERS)],
    );
  }

  async markFailed(id: string, problem: { code: string; data: Record<string, unknown> }, log: string): Promise<void> {
    await this.db.query(`UPDATE release SET state = 'failed', problem = $2, build_log = $3 WHERE id = $1`, [
      id,
      JSON.stringify(problem),
      log.slice(-LOG_CHARACTERS),
    ]);
  }
}
