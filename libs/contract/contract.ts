/* eslint-disable max-lines -- one list of shapes is easier to find than three */
import { z } from 'zod';

/** Shapes spoken over HTTP; api, cli and console share them. Codes of regions have no dots. Times are ISO 8601 UTC. */

export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  code: z.string(),
  detail: z.string(),
  /** What you can do, one sentence. */
  hint: z.string(),
  data: z.record(z.string(), z.unknown()).default({}),
});
export type Problem = z.infer<typeof problem>;

const id = z.uuid();
const time = z.iso.datetime().nullable();

export const login = z.object({ username: z.string().min(1), password: z.string().min(1) });
export const me = z.object({
  username: z.string(),
  name: z.string(),
  role: z.enum(['admin', 'operator', 'reader']),
  kabupaten: z.array(
    z.object({ id, code: z.string(), name: z.string(), /** Of its province. */ zone: z.enum(['WIB', 'WITA', 'WIT']) }),
  ),
  language: z.enum(['id', 'en']),
  /** Signed in with a first password: nothing is open but changing it. */
  mustChangePassword: z.boolean(),
  /** Its scope is every kabupaten, also those that come later. */
  isEverywhere: z.boolean(),
});
export const tokenNew = z.object({
  name: z.string().trim().min(1).max(100),
  days: z.number().int().min(1).max(365).default(90),
});
export const passwordChange = z.object({ current: z.string().min(1), next: z.string().min(12).max(200) });
export const tokenShown = z.object({
  id,
  name: z.string(),
  expiresAt: z.iso.datetime(),
  lastUsedAt: time,
  createdAt: z.iso.datetime(),
});
export const tokenMade = z.object({ id, name: z.string(), token: z.string(), expiresAt: z.iso.datetime() });

export const wilayah = z.object({
  code: z.string(),
  name: z.string(),
  level: z.enum(['provinsi', 'kabupaten', 'kecamatan', 'desa']),
  path: z.string(),
});

export const kabupatenNew = z.object({ code: z.string() });
/** Until when premium releases may be taken: a day, or a month as a whole. */
export const subscriptionEnd = z.union([z.iso.date(), z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/)]);
export const kabupatenChange = z.strictObject({
  /** For every desa without one of its own; null takes it away. */
  subscriptionEnd: subscriptionEnd.nullable(),
});
export const kabupaten = z.object({
  id,
  code: z.string(),
  name: z.string(),
  provinsiName: z.string(),
  desaCount: z.number(),
  /** Last day of the subscription that its desa stand on; null when nobody told. */
  subscriptionEndsOn: z.iso.date().nullable(),
});

export const gabunganNew = z.object({
  kabupaten: z.string(),
  server: z.string(),
  name: z.string().regex(/^[a-z][a-z0-9-]{0,18}$/),
  edition: z.enum(['umum', 'premium']).default('umum'),
  /** An external MariaDB: address and an account that may create databases and users. */
  external: z
    .object({ host: z.string(), port: z.number().int().default(3306), user: z.string(), password: z.string() })
    .optional(),
});
export const gabungan = z.object({
  id,
  kabupatenId: id,
  serverId: id,
  serverName: z.string(),
  name: z.string(),
  edition: z.string(),
  state: z.string(),
  host: z.string(),
  port: z.number(),
  databaseName: z.string(),
  ownerUser: z.string(),
  readerUser: z.string(),
  version: z.string().nullable(),
  fingerprint: z.object({ sha256: z.string(), tables: z.number(), views: z.number() }).nullable(),
  invariants: z.array(z.object({ name: z.string(), expected: z.number(), observed: z.number() })).nullable(),
  checkedAt: time,
  desaCount: z.number(),
  /** Newest whole backups that are kept; older ones go after the next proved one. */
  keepBackups: z.number(),
});
export const gabunganChange = z.strictObject({ keepBackups: z.number().int().min(1).max(365) });

export const releaseNew = z.object({
  app: z.string(),
  /** Either a path readable by the api/worker machine (tar.gz, zip, folder) or a GitHub tag (`latest` or `vYYMM.m.p`). */
  path: z.string().optional(),
  github: z.string().optional(),
});
/** Where to build; the first server when not said. */
export const releaseBuild = z.object({ server: z.string().optional() }).optional();
export const release = z.object({
  id,
  app: z.string(),
  version: z.string(),
  edition: z.string(),
  sha256: z.string(),
  source: z.string(),
  php: z.string(),
  databaseVersion: z.string().nullable(),
  minimumVersion: z.string().nullable(),
  state: z.enum(['added', 'building', 'built', 'failed', 'withdrawn']),
  image: z.string().nullable(),
  imageId: z.string().nullable(),
  problem: problem.nullable(),
  createdAt: z.iso.datetime(),
  builtAt: time,
  usedBy: z.number(),
  /** Why nobody may take it any more, who said so and when; null unless its state is `withdrawn`. */
  withdrawal: z.object({ reason: z.string(), by: z.string(), at: z.iso.datetime() }).nullable(),
});

export const desaNew = z.object({
  code: z.string(),
  domain: z.string(),
  name: z.string().min(1).max(100).optional(),
  sebutan: z.string().min(1).max(30).optional(),
  zone: z.enum(['WIB', 'WITA', 'WIT']).optional(),
  subscriptionEnd: subscriptionEnd.optional(),
});
export const desaChange = z.strictObject({
  ...desaNew.omit({ code: true }).partial().shape,
  note: z.string().max(1000).optional(),
  /** null: it stands on its kabupaten's. */
  subscriptionEnd: subscriptionEnd.nullable().optional(),
});
export const desaImport = z.object({
  csv: z.string(),
  onlyGood: z.boolean().default(false),
  dryRun: z.boolean().default(false),
});
export const importReport = z.object({
  accepted: z.number(),
  refused: z.number(),
  applied: z.boolean(),
  rows: z.array(z.object({ line: z.number(), code: z.string(), domain: z.string(), problem: z.string().nullable() })),
});

export const installation = z.object({
  app: z.string(),
  state: z.enum(['absent', 'installing', 'running', 'updating', 'removing', 'broken']),
  wantedVersion: z.string().nullable(),
  observedVersion: z.string().nullable(),
  observedTitle: z.string().nullable(),
  observedAt: time,
  server: z.string(),
  gabungan: z.string().nullable(),
  isolation: z.enum(['shared', 'own']),
  problem: z.string().nullable(),
  openRunId: id.nullable(),
  /** After a move: what the old server still keeps and passes on. */
  kept: z
    .object({
      server: z.string(),
      until: z.iso.datetime(),
      /** Where the DNS record of the desa has to point to. */
      dns: z.string(),
      /** How long the maintenance page stood, and what was predicted; null when it is not known. */
      downtimeSeconds: z.number().nullable(),
      predictedSeconds: z.number().nullable(),
    })
    .nullable(),
});
export const desa = z.object({
  id,
  kabupatenId: id,
  code: z.string(),
  name: z.string(),
  sebutan: z.string(),
  kecamatanCode: z.string(),
  kecamatanName: z.string(),
  domain: z.string(),
  zone: z.string(),
  note: z.string(),
  /** Premium releases may be taken until then; null when nobody told, which blocks nothing. */
  subscription: z.object({ endsOn: z.iso.date(), /** Not its kabupaten's. */ isOwn: z.boolean() }).nullable(),
  /** Address under which a visitor reaches it, with the server's port. */
  url: z.string(),
  installations: z.array(installation),
});

export const installRequest = z.object({
  app: z.string().default('opensid'),
  version: z.string().optional(),
  /** The one with the most room when not said. */
  server: z.string().optional(),
  /** Labels that the server must bear when it is not named. */
  labels: z.array(z.string()).optional(),
  gabungan: z.string().optional(),
  isolation: z.enum(['shared', 'own']).default('shared'),
  dryRun: z.boolean().default(false),
});
export const updateRequest = z.object({
  app: z.string().default('opensid'),
  version: z.string(),
  dryRun: z.boolean().default(false),
});
export const removeRequest = z.object({
  app: z.string().default('opensid'),
  /** The code of the desa, typed by a person. */ confirm: z.string(),
  dryRun: z.boolean().default(false),
});
export const administrator = z.object({ username: z.string(), password: z.string() });

export const step = z.object({
  position: z.number(),
  name: z.string(),
  state: z.enum(['waiting', 'running', 'done', 'skipped', 'failed', 'undoing', 'undone', 'undo-failed']),
  says: z.array(z.string()),
  undoReason: z.string().nullable(),
  problem: problem.nullable(),
  attempts: z.number(),
  startedAt: time,
  endedAt: time,
});
export const run = z.object({
  id,
  kabupatenId: id,
  verb: z.string(),
  subjectKind: z.enum(['desa', 'gabungan', 'release', 'server']),
  subjectId: id,
  subjectLabel: z.string(),
  app: z.string().nullable(),
  state: z.enum(['queued', 'running', 'done', 'undoing', 'undone', 'broken', 'cancelled']),
  waiting: z.string().nullable(),
  problem: problem.nullable(),
  askedBy: z.string(),
  createdAt: z.iso.datetime(),
  startedAt: time,
  endedAt: time,
  /** From this fleet's own history; null when there is none. */
  expectedSeconds: z.number().nullable(),
});
export const runWithSteps = run.extend({ steps: z.array(step) });
export const runClear = z.object({ reason: z.string() });
export const logLine = z.object({
  id: z.number(),
  at: z.iso.datetime(),
  level: z.enum(['info', 'warn', 'error']),
  step: z.string().nullable(),
  line: z.string(),
});
/** SSE of `/runs/:id/events`: event `log` (logLine), `run` (runWithSteps). Last-Event-ID is the id of the last log line. */

/** A dry run: what would happen, step by step; nothing is changed. */
export const plan = z.object({
  verb: z.string(),
  label: z.string(),
  steps: z.array(z.object({ name: z.string(), says: z.array(z.string()), undoReason: z.string().nullable() })),
  problem: problem.nullable(),
});

export const home = z.object({
  waiting: z.array(z.object({ kind: z.string(), text: z.string(), link: z.string() })),
  broken: z.array(z.object({ kind: z.string(), text: z.string(), link: z.string() })),
  running: z.array(run),
  versions: z.array(
    z.object({
      app: z.string(),
      bars: z.array(z.object({ version: z.string().nullable(), count: z.number() })),
      total: z.number(),
    }),
  ),
});

export const auditRow = z.object({
  id: z.number(),
  at: z.iso.datetime(),
  actor: z.string(),
  kabupatenId: id.nullable(),
  action: z.string(),
  subject: z.string(),
  before: z.unknown().nullable(),
  after: z.unknown().nullable(),
});

export const page = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), total: z.number() });

export type TokenMade = z.infer<typeof tokenMade>;
export type TokenShown = z.infer<typeof tokenShown>;
export type AuditRow = z.infer<typeof auditRow>;
export type Me = z.infer<typeof me>;
export type Wilayah = z.infer<typeof wilayah>;
export type Kabupaten = z.infer<typeof kabupaten>;
export type GabunganView = z.infer<typeof gabungan>;
export type Release = z.infer<typeof release>;
export type Desa = z.infer<typeof desa>;
export type Installation = z.infer<typeof installation>;
export type Run = z.infer<typeof run>;
export type RunWithSteps = z.infer<typeof runWithSteps>;
export type Step = z.infer<typeof step>;
export type LogLine = z.infer<typeof logLine>;
export type Plan = z.infer<typeof plan>;
export type Home = z.infer<typeof home>;
export type ImportReport = z.infer<typeof importReport>;
