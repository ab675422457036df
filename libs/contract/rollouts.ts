import { z } from 'zod';
import { problem, run } from './contract.js';

/** Shapes of rollouts, holds and the clock's policy. Times are ISO 8601 UTC, durations end with their unit. */

const id = z.uuid();
const time = z.iso.datetime().nullable();

/** A wave takes a number of desa, or a share of all movable desa of the plan, rounded up; the last takes the rest. */
export const waveSize = z.union([
  z.object({ count: z.number().int().min(1) }),
  z.object({ percent: z.number().int().min(1).max(100) }),
]);
export const rolloutSettings = z.object({
  waves: z
    .array(waveSize)
    .min(1)
    .default([{ count: 1 }, { percent: 5 }, { percent: 25 }, { percent: 100 }]),
  /** Desa by code that go first, into the first wave. */
  canary: z.array(z.string()).default([]),
  /** At every gate between one wave and the next: minutes since its last desa ended, a person's yes, or both. */
  soakMinutes: z.number().int().min(0).default(0),
  needsYes: z.boolean().default(false),
  /**
   * More failures than this in one wave, or more than this share of it, stop everything that has not begun. What is not
   * given is not judged; when neither is given, the first failure stops.
   */
  stopAfter: z
    .object({ failures: z.number().int().min(0).optional(), percent: z.number().int().min(0).max(100).optional() })
    .default({ failures: 0 }),
  /** Desa under way at once on one server. */
  perServer: z.number().int().min(1).max(32).default(4),
  /** A desa that has not ended after this counts as failed. */
  deadlineSeconds: z.number().int().min(30).default(1800),
  /** The one who asked may not approve. */
  fourEyes: z.boolean().default(false),
});
export type RolloutSettings = z.infer<typeof rolloutSettings>;

/** Why a desa of the plan is not moved; `blockerWords` tells it. */
export const blocker = z.enum(['held', 'edition', 'subscription', 'broken', 'unhealthy', 'disk', 'busy']);
export type Blocker = z.infer<typeof blocker>;

export const rolloutPlanDesa = z.object({
  desaId: id,
  code: z.string(),
  name: z.string(),
  kecamatan: z.string(),
  server: z.string(),
  from: z.string().nullable(),
  to: z.string(),
  /** 0-based; null for a blocked desa and for one that is already there. */
  wave: z.number().nullable(),
  blockers: z.array(blocker),
  isAlready: z.boolean(),
  /** Newest month of premium releases, `vYYMM`, that its subscription pays for; only with the blocker `subscription`. */
  newestMonth: z.string().optional(),
});
export const rolloutPlan = z.object({
  gabungan: z.string(),
  app: z.string(),
  version: z.string(),
  isCodeOnly: z.boolean(),
  desa: z.array(rolloutPlanDesa),
  /** From this fleet's own history; null when there is none. */
  predictedSeconds: z.number().nullable(),
  /** 0 when rolling; decided anew by the rehearsal. */
  predictedDowntimeSeconds: z.number().nullable(),
  /** What stops the whole plan: a release withdrawn or not built, an edition, a version below the running one. */
  problems: z.array(z.object({ code: z.string(), data: z.record(z.string(), z.unknown()) })),
});
export type RolloutPlan = z.infer<typeof rolloutPlan>;
/** A dry run as it is kept: approve `planHash` of `id`, or create a rollout with the same wish and `seed`. */
export const rolloutPlanned = rolloutPlan.extend({ id, planHash: z.string(), seed: z.number() });
export type RolloutPlanned = z.infer<typeof rolloutPlanned>;

export const rolloutNew = z.object({
  gabungan: z.string(),
  app: z.string().default('opensid'),
  version: z.string(),
  settings: rolloutSettings.partial().optional(),
  seed: z.number().int().min(0).max(2147483647).optional(),
});
export const rolloutApprove = z.object({ hash: z.string() });
export const rolloutDesaChoice = z.object({ desa: z.array(z.string()).min(1), reason: z.string().optional() });

export const rehearsalPage = z.object({
  path: z.string(),
  /** Status of the old code before and after the migration, and of the new code after it; null when it did not answer. */
  before: z.number().nullable(),
  old: z.number().nullable(),
  new: z.number().nullable(),
  isWorse: z.boolean(),
});
export const rehearsal = z.object({
  runId: id,
  /** `rolling`: old and new may stand side by side. `window`: the old code fails on the new schema. `unusable`: stop. */
  verdict: z.enum(['rolling', 'window', 'unusable']),
  /** One sentence for a person: a code of the catalogue of problems and its data. */
  because: z.object({ code: z.string(), data: z.record(z.string(), z.unknown()) }),
  migrationSeconds: z.number(),
  isCodeOnly: z.boolean(),
  fingerprint: z.object({ sha256: z.string(), tables: z.number(), views: z.number() }),
  /** `+ table.column type`, `- table.column`, `~ table.column old -> new` */
  schemaChanges: z.array(z.string()),
  /** Tables in which a desa has fewer rows than before. */
  rowsLost: z.array(
    z.object({ table: z.string(), ownId: z.number().nullable(), before: z.number(), after: z.number() }),
  ),
  swallowedErrors: z.array(z.string()),
  pages: z.array(rehearsalPage),
});
export type Rehearsal = z.infer<typeof rehearsal>;

export const rolloutWave = z.object({
  position: z.number(),
  state: z.enum(['waiting', 'running', 'passed', 'failed']),
  startedAt: time,
  /** When its last desa had ended well: the gate is open to a person's yes, and the soak counts from here. */
  settledAt: time,
  endedAt: time,
  releasedBy: z.string().nullable(),
  /** From the last result of the wave before (or what its gate waited for) to the start; null for the first one. */
  startedAfterMilliseconds: z.number().nullable(),
  counts: z.object({
    waiting: z.number(),
    running: z.number(),
    done: z.number(),
    failed: z.number(),
    held: z.number(),
    already: z.number(),
  }),
});
export const rollout = z.object({
  id,
  kabupatenId: id,
  gabungan: z.string(),
  app: z.string(),
  version: z.string(),
  state: z.enum(['draft', 'approved', 'running', 'paused', 'finished', 'stopped']),
  phase: z.enum(['rehearse', 'backup', 'migrate', 'waves']),
  planHash: z.string(),
  askedBy: z.string(),
  approvedBy: z.string().nullable(),
  /** Why it is paused or stopped, in the reader's language. */
  problem: problem.nullable(),
  createdAt: z.iso.datetime(),
  startedAt: time,
  endedAt: time,
  waves: z.array(rolloutWave),
});
export const rolloutDesa = z.object({
  desaId: id,
  code: z.string(),
  name: z.string(),
  server: z.string(),
  wave: z.number(),
  state: z.enum(['waiting', 'running', 'done', 'failed', 'already', 'held']),
  runId: id.nullable(),
  signature: z.string().nullable(),
  problem: problem.nullable(),
});
/** Failures of one cause together, for "hold these" and "retry these". */
export const failureGroup = z.object({ signature: z.string(), problem, desa: z.array(z.string()) });
export const rolloutWhole = rollout.extend({
  settings: rolloutSettings,
  plan: rolloutPlan,
  rehearsal: rehearsal.nullable(),
  desa: z.array(rolloutDesa),
  failures: z.array(failureGroup),
  /** Runs of the gabungan in this rollout: rehearse, backup, migrate. */
  runs: z.array(run),
});
/** SSE of `/rollouts/:id/events`: event `rollout` (rolloutWhole) whenever it changed; `end` when it has ended. */
export type RolloutNew = z.infer<typeof rolloutNew>;
export type Rollout = z.infer<typeof rollout>;
export type RolloutWhole = z.infer<typeof rolloutWhole>;

export const holdNew = z.object({
  desa: z.string(),
  reason: z.string().min(5).max(300),
  until: z.iso.datetime().optional(),
});
export const hold = z.object({
  id,
  code: z.string(),
  name: z.string(),
  reason: z.string(),
  until: time,
  askedBy: z.string(),
  createdAt: z.iso.datetime(),
});
export type Hold = z.infer<typeof hold>;

const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);
/** What the clock may do for one kabupaten and app. Days: 1 = Monday .. 7 = Sunday; a night belongs to the day it begins. */
export const policy = z.object({
  isOn: z.boolean().default(false),
  edition: z.enum(['umum', 'premium']).default('umum'),
  /** Days a release must have been out. */
  daysOut: z.number().int().min(0).max(90).default(7),
  window: z
    .object({
      from: clockTime,
      to: clockTime,
      days: z.array(z.number().int().min(1).max(7)).min(1),
    })
    .default({ from: '22:00', to: '04:00', days: [1, 2, 3, 4] }),
  canary: z.array(z.string()).default([]),
  /** A person approves the rollout that the clock opened, before anything of it begins. */
  needsYes: z.boolean().default(true),
  /** `YYYY-MM`: the release of that month is not rolled, and nothing is opened in that month. */
  skipMonths: z.array(z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/)).default([]),
  settings: rolloutSettings.partial().default({}),
});
export type Policy = z.infer<typeof policy>;
export const clockNote = z.object({
  at: z.iso.datetime(),
  since: z.iso.datetime(),
  code: z.string(),
  text: z.string(),
});
export const policyShown = z.object({
  kabupaten: z.string(),
  app: z.string(),
  rules: policy,
  notes: z.array(clockNote),
});
export type PolicyShown = z.infer<typeof policyShown>;

export const releaseWithdraw = z.object({ reason: z.string().min(5).max(300) });
export const gabunganRestore = z.object({
  backup: id,
  /** The code of the kabupaten, typed by a person. */
  confirm: z.string(),
});
export const gabunganBackup = z.object({
  id,
  kind: z.enum(['rollout', 'manual', 'restore']),
  version: z.string().nullable(),
  bytes: z.number(),
  verifiedAt: time,
  createdAt: z.iso.datetime(),
});
export type GabunganBackup = z.infer<typeof gabunganBackup>;
