import { z } from 'zod';

/** One part of a path, as a visitor writes it. */
const path = z.string().regex(/^\/[a-z0-9][a-z0-9-]{0,30}$/, 'must be one part of a path, as /pbb');
const whole = z.string().regex(/^\/[\w./-]*$/, 'must be a path, as /api/versi');

/** Where an application may be served below the domain of its desa; without it, on a domain of its own alone. */
export const addressSchema = z.strictObject({
  path,
  /**
   * What the application takes the path for. `base`: it knows that it lies below, and its routes begin after it
   * (`SCRIPT_NAME /pbb/index.php`). `own`: its own routes begin with it, below a domain and on one of its own.
   */
  prefix: z.enum(['base', 'own']),
  /** Whole paths that the application is asked for by another path of its own. */
  rewrites: z.record(whole, whole).default({}),
});
export type Address = z.infer<typeof addressSchema>;
