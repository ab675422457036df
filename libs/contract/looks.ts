import { z } from 'zod';
import { problem, run } from './contract.js';

/** Shapes of looks and drift: where the world is not as the records say. Times are ISO 8601 UTC. */

const id = z.uuid();
const time = z.iso.datetime().nullable();

export const driftKind = z.enum([
  'server-away',
  'disk-filling',
  'gateway-missing',
  'gateway-stopped',
  'gateway-settings',
  'certificate-missing',
  'certificate-ending',
  'gabungan-missing',
  'gabungan-stopped',
  'way-missing',
  'runtime-missing',
  'runtime-stopped',
  'runtime-silent',
  'runtime-image',
  'runtime-settings',
  'site-missing',
  'site-silent',
  'site-other',
  'route-missing',
  'route-wrong',
  'container-unknown',
]);
export type DriftKind = z.infer<typeof driftKind>;

/** What was seen, by name; never a secret. */
export const evidence = z.record(z.string(), z.union([z.string(), z.number(), z.array(z.string()), z.null()]));
export type Evidence = z.infer<typeof evidence>;

export const drift = z.object({
  id,
  kabupatenId: id,
  server: z.string(),
  kind: driftKind,
  /** A desa by its code with dots and its name, a container or a gabungan by its name. */
  subject: z.string(),
  /** What it means and what to do, in the language that was asked for. */
  title: z.string(),
  detail: z.string(),
  hint: z.string(),
  evidence,
  firstSeenAt: z.iso.datetime(),
  lastSeenAt: z.iso.datetime(),
  goneAt: time,
  /** On what a repair is a run; null: only a person can do something about it. */
  repairedBy: z.enum(['desa', 'gabungan', 'server']).nullable(),
  /** Whether the policy `safe` lets the clock repair it by itself. */
  isSafe: z.boolean(),
  /** The last repair that was asked for. */
  repair: z.object({ runId: id, state: run.shape.state, askedBy: z.string() }).nullable(),
});
export type Drift = z.infer<typeof drift>;

/** What the last look at a server did. */
export const look = z.object({
  server: z.string(),
  /** null: nobody has looked yet. */
  lookedAt: time,
  seconds: z.number().nullable(),
  /** A code: why the last look saw nothing. */
  problem: z.string().nullable(),
});
export type Look = z.infer<typeof look>;

/** `open` first seen first; `gone` the last hundred that are no more. */
export const driftList = z.object({ open: z.array(drift), gone: z.array(drift), looks: z.array(look) });
export type DriftList = z.infer<typeof driftList>;

export const repairRequest = z.object({ dryRun: z.boolean().default(false) }).default({ dryRun: false });
export const repairAllRequest = z.object({ server: z.string().optional() }).default({});
/** Runs that were begun, and what was left with the reason. */
export const repairs = z.object({
  runs: z.array(run),
  left: z.array(z.object({ id, subject: z.string(), problem })),
});
export type Repairs = z.infer<typeof repairs>;

/** `none`: nothing is repaired unless a person says so. `safe`: what stands still is started, what is missing is placed. */
export const repairPolicy = z.object({ byItself: z.enum(['none', 'safe']) });
export type RepairPolicy = z.infer<typeof repairPolicy>;
export const repairPolicyShown = z.object({ kabupaten: z.string(), ...repairPolicy.shape });
export type RepairPolicyShown = z.infer<typeof repairPolicyShown>;
