import { z } from 'zod';

/** HTTPS of a server's gateway, as it is spoken of over HTTP. */

const time = z.iso.datetime();
export const httpsWay = z.enum(['off', 'acme', 'own', 'internal']);
const pem = z.string().max(100_000);

export const httpsWish = z.object({
  way: httpsWay,
  /** ACME: whom the authority writes. */
  email: z.email().optional(),
  /** ACME: of a server that is not Let's Encrypt, and the root by which it is known (PEM). */
  directory: z.url({ protocol: /^https$/ }).optional(),
  authority: pem.optional(),
  /** Proxies in front, whose word about the visitor is taken. */
  trustedProxies: z.array(z.union([z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()])).default([]),
  /** All that are to be used (PEM); without it those that were given before stay. */
  certificates: z
    .array(z.object({ certificate: pem, key: pem }))
    .max(50)
    .optional(),
  dryRun: z.boolean().default(false),
});
export type HttpsWish = z.infer<typeof httpsWish>;

export const domainState = z.object({
  domain: z.string(),
  /** `asked`: on its way. `uncovered`: no certificate that was given covers it: it stays HTTP. */
  state: z.enum(['valid', 'ending', 'ended', 'asked', 'failed', 'uncovered']),
  until: time.nullable(),
  /** In the authority's words. */
  reason: z.string().nullable(),
});
export type DomainStateShown = z.infer<typeof domainState>;

export const httpsShown = z.object({
  server: z.string(),
  way: httpsWay,
  email: z.string().nullable(),
  directory: z.string().nullable(),
  hasAuthority: z.boolean(),
  trustedProxies: z.array(z.string()),
  port: z.number(),
  address: z.string(),
  certificates: z.array(
    z.object({ names: z.array(z.string()), issuer: z.string(), fingerprint: z.string(), until: time }),
  ),
  /** As the last look saw them; [] while HTTPS is off. */
  domains: z.array(domainState),
  lookedAt: time.nullable(),
});
export type HttpsShown = z.infer<typeof httpsShown>;
