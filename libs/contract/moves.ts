import { z } from 'zod';
import { problem } from './contract.js';

/** Moves of desa between servers. */

export const moveRequest = z.object({
  app: z.string().default('opensid'),
  /** The one with the most room when not said. */
  server: z.string().optional(),
  /** Labels that the server must bear when it is not named. */
  labels: z.array(z.string()).optional(),
  dryRun: z.boolean().default(false),
});
export const settleRequest = z
  .object({ app: z.string().default('opensid'), dryRun: z.boolean().default(false) })
  .prefault({});

export const movesAwayRequest = z.object({ dryRun: z.boolean().default(false) }).prefault({});
/** Where every desa of a server would go, or goes: `runId` null in a plan. `left`: those whose move could not be asked for. */
export const movesAway = z.object({
  moves: z.array(
    z.object({ code: z.string(), name: z.string(), app: z.string(), to: z.string(), runId: z.uuid().nullable() }),
  ),
  left: z.array(z.object({ code: z.string(), name: z.string(), app: z.string(), problem })),
});
export type MovesAway = z.infer<typeof movesAway>;
