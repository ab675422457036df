import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { DataSource } from 'typeorm';
import { createApi } from '../../apps/api/create-api.js';
import { createFirstAdmin } from '#libs/auth/first-admin.js';
import { hashPassword } from '#libs/auth/password.js';
import { newId } from '#libs/core/ids.js';
import { Secret } from '#libs/core/secret.js';
import { seedWilayah } from '#libs/catalog/wilayah.seed.js';
import { openDatabase } from '#libs/database/database.js';
import { startPostgres } from '#libs/database/embedded.js';
import type { App } from '#libs/templates/manifest.js';

export interface ApiWorld {
  db: DataSource;
  api: NestExpressApplication;
  url: string;
  dataFolder: string;
  adminPassword: string;
  /** Runs and rollouts whose bell rang. */
  rung: string[];
  ring: ReadonlyMap<string, Buffer>;
  ask(method: string, path: string, options?: Ask): Promise<Answer>;
  /** A person of this role with a token; no kabupaten = all. */
  person(username: string, role: string, kabupatenIds?: string[]): Promise<string>;
  close(): Promise<void>;
}
export interface Ask {
  token?: string;
  body?: unknown;
  headers?: Record<string, string>;
}
export interface Answer {
  status: number;
  headers: Headers;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into answers freely
  body: any;
}

const contoh = { app: 'opensid', registration: { administratorName: 'admin' } } as unknown as App;

/** The real api on a real PostgreSQL, without a worker. */
export async function openApiWorld(): Promise<ApiWorld> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'api-'));
  // PostgreSQL runs as a user of its own, who has to pass through.
  await chmod(dataFolder, 0o711);
  const postgres = await startPostgres({ folder: join(dataFolder, 'postgres') });
  const db = await openDatabase(postgres.url);
  await seedWilayah(db);
  const adminPassword = (await createFirstAdmin(db, dataFolder))!.reveal();
  const rung: string[] = [];
  const ring = new Map([['k1', Buffer.alloc(32, 7)]]);
  const api = await createApi({
    db,
    bell: {
      ring: async (runId) => void rung.push(runId),
      ringRollout: async (rolloutId) => void rung.push(rolloutId),
    },
    releases: { add: (wanted) => addRelease(db, wanted.app) },
    settings: {
      dataFolder,
      ring,
      apps: new Map([['opensid', contoh]]),
      isHttps: false,
      consoleFolder: join(dataFolder, 'console'),
    },
  });
  await api.listen(0, '127.0.0.1');
  const url = await api.getUrl();
  return {
    db,
    api,
    url,
    dataFolder,
    adminPassword,
    rung,
    ring,
    ask: (method, path, options) => ask(url, method, path, options),
    person: (username, role, kabupatenIds) => person(db, url, { username, role, kabupatenIds: kabupatenIds ?? [] }),
    async close() {
      await api.close();
      await db.destroy();
      await postgres.stop();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}

/** Stands in for reading an archive: releases have tests of their own. */
async function addRelease(db: DataSource, app: string): Promise<{ app: string; version: string }> {
  const [{ count }] = await db.query('SELECT count(*)::int AS count FROM release');
  const version = `v2701.${count}.0`;
  await db.query(
    `INSERT INTO release (id, app, version, edition, sha256, source, archive_path, php, state)
     VALUES ($1, $2, $3, 'umum', 'sum', 'test', '/none', '8.2', 'added')`,
    [newId(), app, version],
  );
  return { app, version };
}

async function ask(url: string, method: string, path: string, { token, body, headers }: Ask = {}): Promise<Answer> {
  const response = await fetch(url + path, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...headers,
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}

async function person(
  db: DataSource,
  url: string,
  who: { username: string; role: string; kabupatenIds: string[] },
): Promise<string> {
  const password = `${who.username}-password`;
  await db.query(
    'INSERT INTO app_user (id, username, name, password_hash, role, kabupaten_ids) VALUES ($1, $2, $2, $3, $4, $5)',
    [newId(), who.username, await hashPassword(new Secret(password)), who.role, who.kabupatenIds],
  );
  const entered = await ask(url, 'POST', '/api/v1/session', { body: { username: who.username, password } });
  const cookie = entered.headers.get('set-cookie')!.split(';')[0]!;
  const made = await ask(url, 'POST', '/api/v1/tokens', {
    body: { name: 'test' },
    headers: { cookie, 'x-siappakai': '1' },
  });
  return made.body.token as string;
}
