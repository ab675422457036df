import { kindOf, provinsiOf } from './kode-desa.js';

/** What a desa is called in a province where it is not `desa`; only a proposal, a person may write another. */
const SEBUTAN: Readonly<Record<string, string>> = {
  '11': 'gampong',
  '13': 'nagari',
  '91': 'kampung',
  '92': 'kampung',
  '93': 'kampung',
  '94': 'kampung',
  '95': 'kampung',
  '96': 'kampung',
};

export const sebutanOf = (code: string): string =>
  kindOf(code) === 'kelurahan' ? 'kelurahan' : (SEBUTAN[provinsiOf(code)] ?? 'desa');

export type Zone = 'WIB' | 'WITA' | 'WIT';
const WITA = ['51', '52', '53', '63', '64', '65', '71', '72', '73', '74', '75', '76'];
const WIT = ['81', '82', '91', '92', '93', '94', '95', '96'];

/** The zone of a province (Keppres 41/1987 and the provinces made since). */
export const zoneOf = (code: string): Zone =>
  WITA.includes(provinsiOf(code)) ? 'WITA' : WIT.includes(provinsiOf(code)) ? 'WIT' : 'WIB';
