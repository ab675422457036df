import { randomBytes } from 'node:crypto';
import * as names from '#libs/catalog/names.js';
import { dotted } from '#libs/catalog/kode-desa.js';
import { Secret } from '#libs/core/secret.js';
import type { SiteSpec } from '#libs/runtimes/runtime-port.js';
import type { GabunganFacts } from './target.js';

export interface SiteFacts {
  code: string;
  name: string;
  sebutan: string;
  domain: string;
  uid: number;
}

/** `desa` -> `Desa`: what a page calls the region before its name. */
const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** What a template may say of the desa itself; nothing here is secret. */
export const regionValues = (desa: Omit<SiteFacts, 'uid'>): Record<string, string> => ({
  code: desa.code,
  dottedCode: dotted(desa.code),
  name: desa.name,
  sebutan: capital(desa.sebutan),
  domain: desa.domain,
});

/** The values an application's templates may name, for one desa and one database account. Pure but for a fresh key. */
export const siteOf = (
  desa: SiteFacts,
  gabungan: GabunganFacts,
  account: { user: string; password: Secret },
): SiteSpec => ({
  site: names.site(desa.code),
  uid: desa.uid,
  domain: desa.domain,
  values: {
    ...regionValues(desa),
    database: {
      host: gabungan.host,
      port: gabungan.port,
      name: gabungan.database,
      user: account.user,
      password: account.password,
      charset: gabungan.charset,
      collation: gabungan.collation,
    },
    key: new Secret(`base64:${randomBytes(32).toString('base64')}`),
  },
});
