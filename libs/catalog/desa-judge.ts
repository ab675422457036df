import { AppError, Conflict, InvalidInput } from '#libs/core/errors.js';
import { sebutanOf, zoneOf, type Zone } from './custom.js';
import { parseDomain } from './domain.js';
import { kabupatenOf, kecamatanOf, parseKodeDesa } from './kode-desa.js';

export interface WantedDesa {
  code: string;
  domain: string;
  name?: string;
  sebutan?: string;
  zone?: Zone;
  /** A day or a month. */
  subscriptionEnd?: string;
}

/** A desa that may be written as it is. */
export interface JudgedDesa {
  code: string;
  domain: string;
  name: string;
  sebutan: string;
  zone: Zone;
  subscriptionEnd?: string;
  kabupatenId: string;
  kecamatanCode: string;
  kecamatanName: string;
}

/** What judging needs to know, read once for a whole list. */
export interface KnownWorld {
  /** Names of the register by code, of desa and kecamatan. */
  names: ReadonlyMap<string, string>;
  /** Kabupaten code -> id, only those that the asker may see. */
  kabupaten: ReadonlyMap<string, string>;
  /** Code -> name of desa already registered. */
  registered: ReadonlyMap<string, string>;
  domains: ReadonlySet<string>;
}

/** Throws the first reason why this desa may not be added. */
export function judge(wanted: WantedDesa, world: KnownWorld): JudgedDesa {
  const code = parseKodeDesa(wanted.code);
  const domain = parseDomain(wanted.domain);
  const name = world.names.get(code);
  const kabupatenId = world.kabupaten.get(kabupatenOf(code));
  if (!name) throw new InvalidInput('desa-not-in-register', { code });
  if (!kabupatenId) throw new InvalidInput('desa-other-kabupaten', { code, kabupaten: kabupatenOf(code) });
  if (world.registered.has(code)) throw new Conflict('desa-taken', { code, name: world.registered.get(code)! });
  if (world.domains.has(domain)) throw new Conflict('domain-taken', { domain });
  return {
    code,
    domain,
    name: wanted.name ?? name,
    sebutan: wanted.sebutan ?? sebutanOf(code),
    zone: wanted.zone ?? zoneOf(code),
    kabupatenId,
    kecamatanCode: kecamatanOf(code),
    kecamatanName: world.names.get(kecamatanOf(code)) ?? '',
    ...(wanted.subscriptionEnd && { subscriptionEnd: wanted.subscriptionEnd }),
  };
}

/** A line of a list: what was wanted, or the columns that could not be read. */
export interface ListedDesa {
  line: number;
  wanted: WantedDesa;
  malformed?: string[];
}
export interface Verdict {
  line: number;
  wanted: WantedDesa;
  judged?: JudgedDesa;
  problem?: AppError;
}

/** Judges a list as a whole: a code or domain that stands twice in it is refused the second time. */
export function judgeList(list: ListedDesa[], world: KnownWorld): Verdict[] {
  const seen = new Map<string, number>();
  return list.map(({ line, wanted, malformed }) => {
    try {
      if (malformed) throw new InvalidInput('import-row-malformed', { fields: malformed });
      const judged = judge(wanted, world);
      for (const value of [judged.code, judged.domain]) {
        if (seen.has(value)) throw new InvalidInput('import-repeated', { value, line: seen.get(value)! });
      }
      [judged.code, judged.domain].forEach((value) => seen.set(value, line));
      return { line, wanted, judged };
    } catch (problem) {
      if (problem instanceof AppError) return { line, wanted, problem };
      throw problem;
    }
  });
}
