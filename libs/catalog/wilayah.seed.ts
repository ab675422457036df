import { createReadStream } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { DataSource, EntityManager } from 'typeorm';
import type { Wilayah } from '#libs/contract/contract.js';
import { withAdvisoryLock } from '#libs/database/advisory-lock.js';
import { searchable } from './wilayah.query.js';

/** The register of idn-area-data (MIT, data under ODbL), Kemendagri codes. A new version of the package is loaded anew. */
const REGISTER = createRequire(import.meta.url).resolve('idn-area-data/package.json');
const { version: REGISTER_VERSION } = createRequire(import.meta.url)(REGISTER) as { version: string };
const FILES: [file: string, level: Wilayah['level']][] = [
  ['provinces.csv', 'provinsi'],
  ['regencies.csv', 'kabupaten'],
  ['districts.csv', 'kecamatan'],
  ['villages.csv', 'desa'],
];
const BATCH = 500;

interface Row {
  code: string;
  name: string;
}

/** First column is the code, last the name; a name with a comma stands in quotes. */
function parse(line: string): Row | undefined {
  const found = /^([\d.]+),(?:[\d.]+,)?(?:"(.*)"|(.*))$/.exec(line);
  return found
    ? { code: found[1]!.replaceAll('.', ''), name: (found[2] ?? found[3]!).replaceAll('""', '"') }
    : undefined;
}

async function insert(manager: EntityManager, rows: Row[], level: string): Promise<void> {
  await manager.query(
    `INSERT INTO wilayah (code, name, level, search)
     SELECT code, name, $3, search FROM unnest($1::text[], $2::text[], $4::text[]) AS line(code, name, search)
     ON CONFLICT (code) DO UPDATE SET name = EXCLUDED.name, search = EXCLUDED.search`,
    [rows.map(({ code }) => code), rows.map(({ name }) => name), level, rows.map(({ name }) => searchable(name))],
  );
}

async function load(manager: EntityManager, file: string, level: string): Promise<void> {
  let batch = new Map<string, Row>();
  for await (const line of createInterface({ input: createReadStream(join(dirname(REGISTER), 'data', file)) })) {
    const row = parse(line);
    if (row) batch.set(row.code, row);
    if (batch.size < BATCH) continue;
    await insert(manager, [...batch.values()], level);
    batch = new Map();
  }
  await insert(manager, [...batch.values()], level);
}

/** Loads the register once; whoever comes second waits and finds it loaded. */
export function seedWilayah(db: DataSource): Promise<void> {
  return withAdvisoryLock(db, 'wilayah-register', async () => {
    const [loaded] = (await db.query(`SELECT value FROM setting WHERE key = 'wilayah-register'`)) as {
      value: string;
    }[];
    if (loaded?.value === REGISTER_VERSION) return;
    await db.transaction(async (manager) => {
      for (const [file, level] of FILES) await load(manager, file, level);
      await manager.query(
        `INSERT INTO setting (key, value) VALUES ('wilayah-register', to_jsonb($1::text))
         ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value`,
        [REGISTER_VERSION],
      );
    });
    await db.query('VACUUM ANALYZE wilayah');
  });
}
