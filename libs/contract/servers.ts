import { z } from 'zod';
import { problem } from './contract.js';
import { httpsWay } from './https.js';

/** Central servers, as they are spoken of over HTTP. */

const id = z.uuid();
const time = z.iso.datetime().nullable();

/** A name or an IPv4 address that means the same to every server: never the machine itself. */
const internalAddress = z.string().regex(/^(?!localhost$|127\.|0\.)[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i);

export const serverNew = z.object({
  kabupaten: z.string(),
  name: z.string().regex(/^[a-z][a-z0-9-]{0,30}$/),
  httpPort: z.number().int().min(1).max(65535).default(80),
  httpAddress: z.string().default('0.0.0.0'),
  /** Opened once HTTPS is on. */
  httpsPort: z.number().int().min(1).max(65535).default(443),
  httpsAddress: z.string().default('0.0.0.0'),
  /** `user@host:port`; without it, this machine. */
  ssh: z.string().optional(),
  /** Where other servers reach it; without it, at the host of its sshd. */
  internalAddress: internalAddress.optional(),
});
export const server = z.object({
  id,
  kabupatenId: id,
  name: z.string(),
  address: z.string(),
  httpPort: z.number(),
  httpsPort: z.number(),
  https: httpsWay,
  internalAddress: z.string().nullable(),
  facts: z.record(z.string(), z.unknown()).nullable(),
  checkedAt: time,
  problem: z.string().nullable(),
  /** Null for this machine. */
  ssh: z
    .object({
      /** To be pasted into `authorized_keys` there; null until the worker has made the pair. */
      publicLine: z.string().nullable(),
      /** The fingerprint a person confirmed, and the one it showed when it was last asked. */
      hostKey: z.string().nullable(),
      hostKeyShown: z.string().nullable(),
      hostKeyShownAt: time,
      enrolledAt: time,
    })
    .nullable(),
  circuit: z.object({
    state: z.enum(['closed', 'open', 'probing']),
    since: time,
    nextAt: time,
    problem: problem.nullable(),
  }),
});
/** Null: at the host of its sshd. */
export const serverInternalAddress = z.object({ address: internalAddress.nullable() });
export const serverTrust = z.object({ fingerprint: z.string().regex(/^SHA256:[A-Za-z0-9+/]{43}$/) });
export const serverEnrol = z.object({
  /** Debian's `docker.io`, and the account in group docker, when they are missing. */
  installDocker: z.boolean().default(false),
  /** Of the account, used once to put our key there. */
  password: z.string().min(1).max(1000).optional(),
  dryRun: z.boolean().default(false),
});

export type Server = z.infer<typeof server>;
