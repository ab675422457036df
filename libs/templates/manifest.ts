import { z } from 'zod';
import { addressSchema } from './address.js';
import { buildSchema } from './build.js';
import { tourSchema } from './tour.js';

/**
 * What an application is, as data (`templates/<app>/app.yaml`). Nothing in libs knows an application's name:
 * what differs between applications is a value here. Strings marked "template" are strict Handlebars.
 */
const range = { from: z.string().optional(), to: z.string().optional() };
const locator = z.strictObject({ file: z.string(), pattern: z.string() });
/** The lines of PHP that docker/php can be built for: each is one of Debian's. */
const phpLine = z.enum(['7.4', '8.2', '8.4']);
export type PhpLine = z.infer<typeof phpLine>;

/** One act of a registration or migration, played in a one-off container that holds the owner's account. */
export const actSchema = z.union([
  /** GET inside the one-off container, redirects not followed; `expect` are the allowed statuses. */
  z.strictObject({
    get: z.string(),
    expect: z.array(z.number()).default([200]),
    timeoutSeconds: z.number().default(300),
  }),
  /** argv as the desa's uid in the site's folder; its exit code proves nothing. */
  z.strictObject({ run: z.array(z.string()).min(1), timeoutSeconds: z.number().default(300) }),
  /** SQL on the gabungan as owner; named parameters `:code`, `:configId`, `:databaseVersion` ... */
  z.strictObject({ sql: z.string() }),
  /** A PHP session that the following gets carry: file `tmp/<cookie><random id>` with this raw content, and its cookie. */
  z.strictObject({ session: z.strictObject({ cookie: z.string(), content: z.string() }) }),
]);
export type Act = z.infer<typeof actSchema>;

export const manifestSchema = z.strictObject({
  app: z.string().regex(/^[a-z][a-z0-9-]{1,30}$/),
  title: z.string(),
  scope: z.enum(['desa', 'kecamatan', 'kabupaten']),
  database: z.enum(['gabungan', 'own', 'none']),
  needs: z.array(z.strictObject({ app: z.string(), scope: z.enum(['desa', 'kecamatan', 'kabupaten']) })).default([]),
  /** A tree is this application when all these files exist. */
  identify: z.array(z.string()).min(1),
  github: z.strictObject({ repository: z.string() }).optional(),
  release: z.strictObject({
    version: locator,
    databaseVersion: locator.optional(),
    minimumVersion: locator.optional(),
    premium: locator.optional(),
  }),
  /** The first line that the packages of a release run on too: `version`, else one of `or`. */
  php: z.array(z.strictObject({ ...range, version: phpLine, or: z.array(phpLine).default([]) })).min(1),
  extensions: z.array(z.string()).default([]),
  optionalExtensions: z.array(z.string()).default([]),
  build: buildSchema,
  site: z.strictObject({
    /** Copied into each site's tree as a real file (its folder decides where state lies). */
    entry: z.string(),
    /** Folder below the tree that the web server serves; '' = the tree itself. */
    docroot: z.string().default(''),
    links: z.array(z.string()),
    /** Empty files of the tree, e.g. `.htaccess`. */
    files: z.array(z.string()).default([]),
    /** tree path -> folder of the desa's own data; kept for ever, part of the backup. */
    state: z.record(z.string(), z.string()),
    /** tree path -> folder of the desa's own data, one per release, never backed up. */
    volatile: z.record(z.string(), z.string()),
    /** Further folders to create inside state and volatile folders (tree paths). */
    folders: z.array(z.string()).default([]),
    /** Rendered files in the desa's data; root-owned and not writable by the desa unless `writable`. */
    rendered: z
      .array(
        z.strictObject({
          template: z.string(),
          to: z.string(),
          writable: z.boolean().default(false),
          once: z.boolean().default(false),
        }),
      )
      .default([]),
    /** Environment of this site's pool: name -> template. May carry the runtime account. */
    env: z.record(z.string(), z.string()).default({}),
    /** File in the state that identifies the desa in the database, read back after registration. */
    keyFile: z.string().optional(),
    uidBase: z.number().int().min(10000),
    children: z.number().int().default(4),
    memoryLimitMiB: z.number().int().default(256),
    executionSeconds: z.number().int().default(60),
    uploadMiB: z.number().int().default(25),
    opcacheMiB: z.number().int().default(96),
  }),
  collations: z.array(z.strictObject({ ...range, charset: z.string(), collation: z.string() })).default([]),
  registration: z
    .strictObject({
      methods: z.array(
        z.strictObject({
          ...range,
          /** How many desa the gabungan already holds; undefined = any. */
          neighbours: z.enum(['none', 'some']).optional(),
          acts: z.array(actSchema).min(1),
        }),
      ),
      /** `SELECT id ...` by :key */
      find: z.string(),
      /** `SELECT id ...` of desa that are entered but not identified: none may be there before a registration starts. */
      pending: z.string(),
      /** Counts 1 when the row :configId carries the official :code. */
      identified: z.string(),
      /** Writes the official codes and names: :configId :code :name :kecamatanCode ... */
      identify: z.string(),
      /** Sets the administrator's password: :configId :passwordHash */
      administrator: z.string(),
      administratorName: z.string(),
      /** Removes the desa's rows: :configId */
      remove: z.string(),
      /** Tables whose rows of the new desa must not be fewer than this many. */
      counts: z.record(z.string(), z.number()),
      /** Folder (data path) emptied after identity changed. */
      flush: z.array(z.string()).default([]),
      /** The row that others depend on; never removed. */
      protectedId: z.number().optional(),
    })
    .optional(),
  migration: z
    .strictObject({
      acts: z.array(actSchema),
      /** Count of rows that prove the migration: :databaseVersion :configId; one entry per version range. */
      proof: z.array(z.strictObject({ ...range, sql: z.string() })).min(1),
      /** Lines of the application's log that mean it swallowed an error. */
      logFolder: z.string(),
      logErrors: z.array(z.string()),
      logIgnore: z.array(z.string()).default([]),
      /** Tables of the application's own settings, which a release may tidy: fewer rows there are no loss. */
      mayShrink: z.array(z.string()).default([]),
    })
    .optional(),
  invariants: z.array(z.strictObject({ name: z.string(), sql: z.string(), expect: z.number().default(0) })).default([]),
  /** Tables of one desa: all that carry this column, plus the desa's own row. */
  rows: z
    .strictObject({ table: z.string(), column: z.string(), children: z.record(z.string(), z.string()).default({}) })
    .optional(),
  health: z.strictObject({
    live: z.string(),
    path: z.string(),
    /** Regular expressions over the page; group 1 is the observed value; the title must match the regular expression that the template `titleIs` gives. */
    title: z.string(),
    titleIs: z.string(),
    version: z.string(),
  }),
  tour: tourSchema.optional(),
  routes: z.strictObject({
    /** Regular expressions of PHP files that may run besides the front controller. */
    php: z.array(z.string()).default([]),
    /** Answered 404 at the edge and in the runtime, always. */
    deny: z.array(z.string()),
    /** What visitors may read of the desa's own data besides what lies in the served folder: path -> folder of that data. */
    static: z
      .record(
        z.string().regex(/^(\/[\w.-]+)+$/),
        z.string().regex(/^\w[\w.-]*(\/\w[\w.-]*)*$/, 'must be a folder of the data'),
      )
      .default({}),
  }),
  address: addressSchema.optional(),
});
export type AppManifest = z.infer<typeof manifestSchema>;

/** A manifest with its folder's templates: file name -> text. */
export interface App extends AppManifest {
  templates: Readonly<Record<string, string>>;
}
