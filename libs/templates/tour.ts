import { z } from 'zod';

/** Regular expressions of a manifest are tried when it is read, not in the night of a rollout. */
const pattern = z.string().refine(
  (text) => {
    try {
      return Boolean(new RegExp(text, 'is'));
    } catch {
      return false;
    }
  },
  { error: 'is not a regular expression' },
);
const page = z.string().startsWith('/', { error: 'a path begins with /' });
const naming = (...names: string[]) =>
  z.string().refine((sql) => names.every((name) => sql.includes(`:${name}`)), {
    error: `must name ${names.map((name) => `:${name}`).join(' and ')}`,
  });

/** What a rehearsal asks of the old and of the new code on a copy, as a visitor and as a throw-away administrator. */
export const tourSchema = z.strictObject({
  /** Public pages; the first one is the home page. */
  pages: z.array(page).min(1),
  /** Paths of modules: first column of the rows, by :configId, each after `prefix`. */
  menu: z.strictObject({ sql: naming('configId'), prefix: page }).optional(),
  /** Makes the administrator on the copy: :configId :username :passwordHash. */
  administrator: z.array(naming('configId', 'username')).default([]),
  login: z
    .strictObject({
      /** Page with the form. */
      get: page,
      post: page,
      /** Field and cookie of the same name that carry the form's token. */
      token: z.string().optional(),
      username: z.string(),
      password: z.string(),
      expect: z.array(z.number()).min(1),
      /** The `Location` of somebody who is in: a wrong password is sent elsewhere. */
      location: pattern.optional(),
    })
    .optional(),
  /** Words that tell of an error in a page of any status. */
  errorTexts: z.array(pattern).default([]),
  /** A page that asks to upgrade first; group 1 is the version it wants. */
  refusal: pattern.optional(),
});
