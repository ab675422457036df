import { InvalidInput } from '#libs/core/errors.js';

/** `33.03.01.2001` or `3303012001` -> `3303012001`. Throws `kode-desa-malformed`. */
export function parseKodeDesa(text: string): string {
  const digits = text.trim().replaceAll('.', '');
  if (!/^\d{10}$/.test(digits)) throw new InvalidInput('kode-desa-malformed', { code: text });
  return digits;
}

/** `3303012001` -> `33.03.01.2001`; shorter codes of kecamatan, kabupaten, provinsi likewise. */
export const dotted = (code: string): string =>
  [code.slice(0, 2), code.slice(2, 4), code.slice(4, 6), code.slice(6, 10)].filter((part) => part !== '').join('.');

export const kabupatenOf = (code: string): string => code.slice(0, 4);
export const kecamatanOf = (code: string): string => code.slice(0, 6);
export const provinsiOf = (code: string): string => code.slice(0, 2);

/** The 7th digit tells kelurahan, desa or desa adat. */
export const kindOf = (code: string): 'kelurahan' | 'desa' | 'desa adat' =>
  code[6] === '1' ? 'kelurahan' : code[6] === '3' ? 'desa adat' : 'desa';
