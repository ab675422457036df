import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { Conflict, InvalidInput, NotFound } from '#libs/core/errors.js';
import { newId } from '#libs/core/ids.js';
import type { App } from '#libs/templates/manifest.js';
import { openArchive } from './archive.js';
import type { Github } from './github.js';
import { inspect, type ReleaseIdentity } from './inspect.js';
import { copyIn, inRoom, keep } from './keep.js';
import type { Limits } from './landing.js';
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

interface Incoming {
  file: string;
  /** What the row says of where it came from; problems name it too. */
  source: string;
}

interface Kept {
  sha256: string;
  source: string;
  archivePath: string;
}

const differs = ({ app, version }: ReleaseIdentity): Conflict =>
  new Conflict('release-content-differs', { app, version });

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
    return inRoom(join(this.place.dataFolder, 'archives'), async (room) => {
      if (path) return this.take(app, { file: await copyIn(path, room, this.limits), source: path }, room);
      return this.take(app, await this.fetch(app, github, room), room);
    });
  }

  /** Adds the newest release of an application's repository unless it is known; one without a repository has nothing new. */
  async addNewest(app: string): Promise<void> {
    const repository = this.apps.get(app)?.github?.repository;
    if (!repository) return;
    const { tag_name: tag } = await this.github.look(repository, 'latest');
    if (!(await this.look(app, formatVersion(parseVersion(tag))))) await this.add({ app, github: tag });
  }

  private get limits(): Limits {
    return { bytes: this.place.maximumArchiveBytes, files: MAXIMUM_FILES };
  }

  private async fetch(app: string, github: string | undefined, room: string): Promise<Incoming> {
    if (!github) throw new InvalidInput('release-source-missing', { app });
    const repository = this.apps.get(app)?.github?.repository;
    if (!repository) throw new InvalidInput('release-without-github', { app });
    const file = join(room, 'archive.tar.gz');
    const tag = await this.github.download(repository, github, file, this.limits);
    return { file, source: `github:${repository}@${tag}` };
  }

  /** What is hashed and checked here is what is kept: `file` or, for a folder, the copy in `work`. */
  private async take(app: string, { file, source }: Incoming, room: string): Promise<ReleaseRow> {
    const work = join(room, 'work');
    const { tree, sha256 } = await openArchive(file, work, this.limits, source);
    const identity = await inspect(tree, app, this.apps);
    const known = await this.look(app, identity.version);
    if (known && known.sha256 !== sha256) throw differs(identity);
    await this.record(identity, { sha256, source, archivePath: await keep({ file, work, sha256 }, room) });
    const added = await this.find(app, identity.version);
    if (added.sha256 !== sha256) throw differs(identity);
    return added;
  }

  /** The same content again only mends where it is kept. */
  private async record(identity: ReleaseIdentity, kept: Kept): Promise<void> {
    const { app, version, edition, php, databaseVersion, minimumVersion } = identity;
    const { sha256, source, archivePath } = kept;
    await this.db.query(
      `INSERT INTO release (id, app, version, edition, sha256, source, archive_path, php, database_version, minimum_version, state)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'added') ON CONFLICT (app, version)
       DO UPDATE SET archive_path = EXCLUDED.archive_path WHERE release.sha256 = EXCLUDED.sha256`,
      [newId(), app, version, edition, sha256, source, archivePath, php, databaseVersion, minimumVersion],
    );
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

  async composerLock(id: string): Promise<string | null> {
    const [row] = (await this.db.query('SELECT composer_lock AS lock FROM release WHERE id = $1', [id])) as {
      lock: string | null;
    }[];
    return row?.lock ?? null;
  }

  /** The first lock stays, whoever comes with another one; answers the one that stays. */
  async keepComposerLock(id: string, lock: string): Promise<string> {
    await this.db.query('UPDATE release SET composer_lock = $2 WHERE id = $1 AND composer_lock IS NULL', [id, lock]);
    return (await this.composerLock(id)) ?? lock;
  }

  async markBuilding(id: string): Promise<void> {
    await this.db.query(
      `UPDATE release SET state = 'building', problem = NULL, build_log = '' WHERE id = $1 AND state <> 'withdrawn'`,
      [id],
    );
  }

  async markBuilt(id: string, { image, imageId }: { image: string; imageId: string }, log: string): Promise<void> {
    await this.db.query(
      `UPDATE release SET state = 'built', image = $2, image_id = $3, built_at = now(), problem = NULL, build_log = $4
       WHERE id = $1 AND state <> 'withdrawn'`,
      [id, image, imageId, log.slice(-LOG_CHARACTERS)],
    );
  }

  async markFailed(id: string, problem: { code: string; data: Record<string, unknown> }, log: string): Promise<void> {
    await this.db.query(
      `UPDATE release SET state = 'failed', problem = $2, build_log = $3 WHERE id = $1 AND state <> 'withdrawn'`,
      [id, JSON.stringify(problem), log.slice(-LOG_CHARACTERS)],
    );
  }
}
