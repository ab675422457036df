import type { DataSource } from 'typeorm';
import type { Wilayah } from '#libs/contract/contract.js';

/** How a name stands in the index: small letters, digits and single spaces. */
export const searchable = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, ' ')
    .trim();

/** Path of a region: the names above it, nearest first. */
const PATH = `concat_ws(', ',
  (SELECT name FROM wilayah up WHERE length(found.code) > 6 AND up.code = left(found.code, 6)),
  (SELECT name FROM wilayah up WHERE length(found.code) > 4 AND up.code = left(found.code, 4)),
  (SELECT name FROM wilayah up WHERE length(found.code) > 2 AND up.code = left(found.code, 2)))`;
const shown = (found: string): string =>
  `SELECT code, name, level, ${PATH} AS path FROM (${found}) AS found ORDER BY rank, code`;

const BY_CODE = shown(`SELECT *, length(code) AS rank FROM wilayah
  WHERE code LIKE $1 || '%' AND ($2::text IS NULL OR level = $2) ORDER BY length(code), code LIMIT $3`);
const BY_NAME = shown(`SELECT *, 0 AS rank FROM wilayah
  WHERE search LIKE $1 || '%' AND ($2::text IS NULL OR level = $2) ORDER BY length(search), code LIMIT $3`);
const BY_RESEMBLANCE = shown(`SELECT *, 1 - similarity(search, $1) AS rank FROM wilayah
  WHERE (search % $1 OR $1 <% search) AND ($2::text IS NULL OR level = $2) ORDER BY search <-> $1, code LIMIT $3`);

/** The register of regions, the same for everybody: no scope. */
export class WilayahQuery {
  constructor(private readonly db: DataSource) {}

  /** By code (with or without dots, from its beginning), by the beginning of a name, or by a name with mistakes in it. */
  async search(text: string, level?: Wilayah['level'], limit = 20): Promise<Wilayah[]> {
    const code = text.trim().replaceAll('.', '');
    if (/^\d{1,10}$/.test(code)) return this.ask(BY_CODE, [code, level ?? null, limit]);
    const name = searchable(text);
    if (name === '') return [];
    const begins = await this.ask(BY_NAME, [name, level ?? null, limit]);
    // Two letters have no trigram worth a search: the beginnings are all there is.
    if (begins.length >= limit || name.length < 3) return begins;
    const known = new Set(begins.map((one) => one.code));
    const resembles = await this.ask(BY_RESEMBLANCE, [name, level ?? null, limit]);
    return [...begins, ...resembles.filter((one) => !known.has(one.code))].slice(0, limit);
  }

  /** The region with this code and the names above it. */
  async find(code: string): Promise<Wilayah | undefined> {
    const [found] = await this.ask(shown('SELECT *, 0 AS rank FROM wilayah WHERE code = $1'), [code]);
    return found;
  }

  /** Names by code of all that are in the register; unknown codes are missing. */
  async names(codes: string[]): Promise<Map<string, string>> {
    const rows = (await this.db.query('SELECT code, name FROM wilayah WHERE code = ANY($1)', [codes])) as Wilayah[];
    return new Map(rows.map(({ code, name }) => [code, name]));
  }

  private ask(sql: string, values: unknown[]): Promise<Wilayah[]> {
    return this.db.query(sql, values) as Promise<Wilayah[]>;
  }
}
