import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The folder with package.json: the same from the sources and from dist. */
function home(from: string): string {
  if (existsSync(join(from, 'package.json'))) return from;
  const above = dirname(from);
  if (above === from) throw new Error('no package.json above ' + fileURLToPath(import.meta.url));
  return home(above);
}

export const PRODUCT_FOLDER = home(dirname(fileURLToPath(import.meta.url)));
export const MIGRATIONS_FOLDER = join(PRODUCT_FOLDER, 'migrations');

type MigrationClass = new () => MigrationInterface;

/** TypeORM orders migrations by the 13 digits at the end of their name: `house` + `1764000000000`. */
function migrationOf(file: string, sql: string): MigrationClass {
  const [, at, words] = /^(\d{13})-([a-z0-9-]+)\.sql$/.exec(file) ?? [];
  if (!at || !words) throw new Error(`migration ${file}: the name must be <13 digits>-<words>.sql`);
  return class implements MigrationInterface {
    readonly name = `${words}${at}`;
    async up(runner: QueryRunner): Promise<void> {
      await runner.query(sql);
    }
    /** The tables only go forward: a step back is a new migration, so nothing is dropped by a command. */
    async down(): Promise<void> {
      throw new Error(`migration ${file} does not go back`);
    }
  };
}

/** Migrations are plain SQL files, applied once each, in the order of the time in their name. */
export async function migrationsIn(folder: string): Promise<MigrationClass[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort();
  return Promise.all(files.map(async (file) => migrationOf(file, await readFile(join(folder, file), 'utf8'))));
}
