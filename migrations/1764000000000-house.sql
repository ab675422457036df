-- The first tables. Every row that belongs to a kabupaten carries kabupaten_id.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- Register of regions (Kemendagri codes without dots: 2, 4, 6 or 10 digits), from idn-area-data (ODbL).
CREATE TABLE wilayah (
  code text PRIMARY KEY,
  name text NOT NULL,
  level text NOT NULL CHECK (level IN ('provinsi', 'kabupaten', 'kecamatan', 'desa')),
  search text NOT NULL
);
CREATE INDEX wilayah_search ON wilayah USING gin (search gin_trgm_ops);

CREATE TABLE setting (key text PRIMARY KEY, value jsonb NOT NULL);

CREATE TABLE kabupaten (
  id uuid PRIMARY KEY,
  code text NOT NULL UNIQUE,
  name text NOT NULL,
  provinsi_code text NOT NULL,
  provinsi_name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE app_user (
  id uuid PRIMARY KEY,
  username text NOT NULL UNIQUE,
  name text NOT NULL,
  password_hash text NOT NULL,
  role text NOT NULL CHECK (role IN ('admin', 'operator', 'reader')),
  -- empty = every kabupaten
  kabupaten_ids uuid[] NOT NULL DEFAULT '{}',
  language text NOT NULL DEFAULT 'id',
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE session (
  token_hash text PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES app_user ON DELETE CASCADE,
  expires_at timestamptz NOT NULL
);
CREATE TABLE api_token (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES app_user ON DELETE CASCADE,
  name text NOT NULL,
  token_hash text NOT NULL UNIQUE,
  expires_at timestamptz NOT NULL,
  last_used_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE login_attempt (key text NOT NULL, at timestamptz NOT NULL DEFAULT now());
CREATE INDEX login_attempt_key ON login_attempt (key, at);

CREATE TABLE audit (
  id bigserial PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT now(),
  actor text NOT NULL,
  kabupaten_id uuid REFERENCES kabupaten,
  action text NOT NULL,
  subject text NOT NULL,
  before jsonb,
  after jsonb
);

CREATE TABLE server (
  id uuid PRIMARY KEY,
  kabupaten_id uuid NOT NULL REFERENCES kabupaten,
  name text NOT NULL UNIQUE,
  -- `unix:/var/run/docker.sock`; servers over SSH come later
  address text NOT NULL,
  http_port integer NOT NULL DEFAULT 80,
  http_address text NOT NULL DEFAULT '0.0.0.0',
  facts jsonb,
  checked_at timestamptz,
  problem text,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE release (
  id uuid PRIMARY KEY,
  app text NOT NULL,
  version text NOT NULL,
  edition text NOT NULL CHECK (edition IN ('umum', 'premium')),
  sha256 text NOT NULL,
  source text NOT NULL,
  archive_path text NOT NULL,
  php text NOT NULL,
  database_version text,
  minimum_version text,
  state text NOT NULL CHECK (state IN ('added', 'building', 'built', 'failed', 'withdrawn')),
  image text,
  image_id text,
  build_log text NOT NULL DEFAULT '',
  problem jsonb,
  created_at timestamptz NOT NULL DEFAULT now(),
  built_at timestamptz,
  UNIQUE (app, version)
);
CREATE TABLE source_cache (url text PRIMARY KEY, etag text, body jsonb, at timestamptz NOT NULL DEFAULT now());

CREATE TABLE gabungan (
  id uuid PRIMARY KEY,
  kabupaten_id uuid NOT NULL REFERENCES kabupaten,
  server_id uuid NOT NULL REFERENCES server,
  name text NOT NULL UNIQUE,
  edition text NOT NULL CHECK (edition IN ('umum', 'premium')),
  container text,
  host text NOT NULL,
  port integer NOT NULL DEFAULT 3306,
  database_name text NOT NULL,
  admin_user text NOT NULL,
  admin_password text NOT NULL,
  owner_user text NOT NULL,
  owner_password text NOT NULL,
  reader_user text NOT NULL,
  reader_password text NOT NULL,
  charset text,
  "collation" text,
  state text NOT NULL DEFAULT 'absent' CHECK (state IN ('absent', 'creating', 'running', 'broken')),
  -- the version whose schema stands in it, observed after a migration
  version text,
  fingerprint jsonb,
  invariants jsonb,
  checked_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE desa (
  id uuid PRIMARY KEY,
  kabupaten_id uuid NOT NULL REFERENCES kabupaten,
  code text NOT NULL UNIQUE,
  name text NOT NULL,
  sebutan text NOT NULL DEFAULT 'desa',
  kecamatan_code text NOT NULL,
  kecamatan_name text NOT NULL,
  domain text NOT NULL UNIQUE,
  zone text NOT NULL DEFAULT 'WIB' CHECK (zone IN ('WIB', 'WITA', 'WIT')),
  note text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX desa_kabupaten ON desa (kabupaten_id, code);

CREATE TABLE installation (
  id uuid PRIMARY KEY,
  kabupaten_id uuid NOT NULL REFERENCES kabupaten,
  desa_id uuid NOT NULL REFERENCES desa ON DELETE CASCADE,
  app text NOT NULL,
  state text NOT NULL CHECK (state IN ('absent', 'installing', 'running', 'updating', 'removing', 'broken')),
  server_id uuid NOT NULL REFERENCES server,
  gabungan_id uuid REFERENCES gabungan,
  isolation text NOT NULL DEFAULT 'shared' CHECK (isolation IN ('shared', 'own')),
  uid integer NOT NULL,
  -- id of the desa's own row in the merged database
  database_id integer,
  runtime_password text NOT NULL,
  administrator_password text,
  wanted_release_id uuid REFERENCES release,
  -- what is routed now, by us
  placed_release_id uuid REFERENCES release,
  -- what the site answered, and when
  observed_version text,
  observed_title text,
  observed_at timestamptz,
  problem text,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (desa_id, app),
  UNIQUE (server_id, uid)
);

CREATE TABLE runtime (
  id uuid PRIMARY KEY,
  kabupaten_id uuid NOT NULL REFERENCES kabupaten,
  server_id uuid NOT NULL REFERENCES server,
  gabungan_id uuid REFERENCES gabungan,
  release_id uuid NOT NULL REFERENCES release,
  name text NOT NULL,
  gate_key text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (server_id, name)
);

CREATE TABLE backup (
  id uuid PRIMARY KEY,
  kabupaten_id uuid NOT NULL REFERENCES kabupaten,
  desa_id uuid,
  desa_code text NOT NULL,
  app text NOT NULL,
  run_id uuid,
  kind text NOT NULL CHECK (kind IN ('update', 'remove', 'manual')),
  folder text NOT NULL,
  bytes bigint NOT NULL,
  sha256 jsonb NOT NULL,
  schema_sha256 text,
  verified_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE run (
  id uuid PRIMARY KEY,
  kabupaten_id uuid NOT NULL REFERENCES kabupaten,
  verb text NOT NULL,
  subject_kind text NOT NULL CHECK (subject_kind IN ('desa', 'gabungan', 'release')),
  subject_id uuid NOT NULL,
  subject_label text NOT NULL,
  app text,
  input jsonb NOT NULL DEFAULT '{}',
  state text NOT NULL CHECK (state IN ('queued', 'running', 'done', 'undoing', 'undone', 'broken', 'cancelled')),
  -- names what it waits for, e.g. the lock of a gabungan and who holds it
  waiting text,
  problem jsonb,
  asked_by text NOT NULL,
  fence bigint NOT NULL DEFAULT 0,
  leased_by text,
  leased_until timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  started_at timestamptz,
  ended_at timestamptz,
  cleared_by text,
  cleared_reason text
);
-- One open run per subject; a broken one keeps the door closed until a person clears it.
CREATE UNIQUE INDEX run_one_open ON run (subject_kind, subject_id)
  WHERE state IN ('queued', 'running', 'undoing') OR (state = 'broken' AND cleared_by IS NULL);
CREATE INDEX run_recent ON run (kabupaten_id, created_at DESC);

CREATE TABLE run_step (
  run_id uuid NOT NULL REFERENCES run ON DELETE CASCADE,
  position integer NOT NULL,
  name text NOT NULL,
  state text NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'skipped', 'failed', 'undoing', 'undone', 'undo-failed')),
  says jsonb NOT NULL DEFAULT '[]',
  before jsonb,
  undo_reason text,
  problem jsonb,
  attempts integer NOT NULL DEFAULT 0,
  deadline timestamptz,
  started_at timestamptz,
  ended_at timestamptz,
  PRIMARY KEY (run_id, position)
);
CREATE TABLE run_log (
  id bigserial PRIMARY KEY,
  run_id uuid NOT NULL REFERENCES run ON DELETE CASCADE,
  step text,
  at timestamptz NOT NULL DEFAULT now(),
  level text NOT NULL CHECK (level IN ('info', 'warn', 'error')),
  line text NOT NULL
);
CREATE INDEX run_log_run ON run_log (run_id, id);

-- Locks that outlive a process: resource -> run. Freed when the run ends or its holder is gone.
CREATE TABLE resource_lock (
  resource text PRIMARY KEY,
  run_id uuid NOT NULL REFERENCES run ON DELETE CASCADE,
  since timestamptz NOT NULL DEFAULT now()
);
