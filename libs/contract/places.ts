import { z } from 'zod';

const label = z.string().regex(/^[a-z0-9][a-z0-9-]{0,30}$/);

export const drainRequest = z.object({ reason: z.string().min(3).max(300) });
/** All labels of the server; those that are left out are taken away. */
export const labelsRequest = z.object({ labels: z.array(label).max(20) });
/** How many runs may be at work on a server at once, over all workers. */
export const limitRequest = z.object({ atOnce: z.number().int().min(1).max(64) });
export const placesQuery = z.object({ labels: z.string().default('') });

/** What a server lacks; bytes that a desa needs and that it has over its head-room. */
export const lack = z.object({
  of: z.enum(['memory', 'disk', 'desa', 'label', 'draining', 'away', 'way']),
  neededBytes: z.number().optional(),
  spareBytes: z.number().optional(),
  limit: z.number().optional(),
  labels: z.array(z.string()).optional(),
});

/** A server as a place for one more desa, best first; the first one is taken when it lacks nothing. */
export const place = z.object({
  id: z.uuid(),
  server: z.string(),
  labels: z.array(z.string()),
  /** Why nobody is placed there any more. */
  drainReason: z.string().nullable(),
  desaCount: z.number(),
  /** How many runs may be at work on it at once. */
  atOnce: z.number(),
  /** Smaller share of memory and disk that would be left over the head-room; null while neither was measured. */
  left: z.number().nullable(),
  lacks: z.array(lack),
});
export type Place = z.infer<typeof place>;
export type Lack = z.infer<typeof lack>;
