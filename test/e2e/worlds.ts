import { resolve } from 'node:path';

/** Where the built product of one test stands: folder, names and ports that no other test has. */
export interface World {
  folder: string;
  server: string;
  gabungan: string;
  /** Of the api; the sites answer at `sitePort`. */
  port: number;
  sitePort: number;
}

/** Ports below the range from which the system hands out its own. */
const FIRST_PORT = 8110;
/** One word each: no name is a part of another one. */
const NAMES = [
  'tugas',
  'tempat',
  'baris',
  'luncur',
  'redis',
  'pgulang',
  'kacau',
  'gladi',
  'jam',
  'mesin',
  'serentak',
  'antre',
] as const;

/** Several tests run at once on one machine: each takes its world here. */
export function worldOf(name: (typeof NAMES)[number]): World {
  const port = FIRST_PORT + 3 * NAMES.indexOf(name);
  return { folder: resolve(`data/e2e-${name}`), server: name, gabungan: name, port, sitePort: port + 1 };
}
