import { z } from 'zod';

/** Who may sign in, as what, and for which kabupaten. Users are disabled, never deleted: the audit names them. */

const time = z.iso.datetime().nullable();
/** Letters that no other one looks like: a second `Ani` beside `ani` would pass for her in the audit. */
export const username = z.string().regex(/^[a-z][a-z0-9._-]{1,39}$/, 'a-z, 0-9, . _ - (2-40)');
const shown = {
  name: z.string().trim().min(1).max(100),
  role: z.enum(['admin', 'operator', 'reader']),
};

/** `kabupaten` holds codes; an empty list means every kabupaten, and has to be said. */
export const userNew = z.strictObject({ username, ...shown, kabupaten: z.array(z.string()) });
export const userChange = z.strictObject({ ...shown, kabupaten: z.array(z.string()) }).partial();
export const user = z.object({
  username: z.string(),
  ...shown,
  kabupaten: z.array(z.object({ code: z.string(), name: z.string() })),
  /** Has a first password still, and may do nothing but change it. */
  mustChangePassword: z.boolean(),
  createdAt: z.iso.datetime(),
  lastLoginAt: time,
  disabledAt: time,
});
/** Shown once, to the one who made it. */
export const firstPassword = z.object({ username: z.string(), password: z.string() });

export type UserNew = z.infer<typeof userNew>;
export type UserChange = z.infer<typeof userChange>;
export type User = z.infer<typeof user>;
export type FirstPassword = z.infer<typeof firstPassword>;
