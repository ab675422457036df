-- Rollouts: one release over the desa of one gabungan, in waves. Every decision is made from these rows alone.
CREATE TABLE hold (
  id uuid PRIMARY KEY,
  kabupaten_id uuid NOT NULL REFERENCES kabupaten,
  desa_id uuid NOT NULL REFERENCES desa ON DELETE CASCADE,
  reason text NOT NULL,
  -- null = until a person ends it
  until timestamptz,
  asked_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  ended_at timestamptz,
  ended_by text
);
CREATE UNIQUE INDEX hold_one_open ON hold (desa_id) WHERE ended_at IS NULL;

-- What the clock may do for a kabupaten; `rules` is the shape `policy` of the contract.
CREATE TABLE policy (
  kabupaten_id uuid NOT NULL REFERENCES kabupaten,
  app text NOT NULL,
  rules jsonb NOT NULL,
  changed_by text NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (kabupaten_id, app)
);
-- What the clock did and why it did not, newest last; the same sentence is not repeated (`last_at` moves).
CREATE TABLE clock_note (
  id bigserial PRIMARY KEY,
  kabupaten_id uuid NOT NULL REFERENCES kabupaten,
  app text NOT NULL,
  code text NOT NULL,
  data jsonb NOT NULL DEFAULT '{}',
  first_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL
);

CREATE TABLE rollout (
  id uuid PRIMARY KEY,
  kabupaten_id uuid NOT NULL REFERENCES kabupaten,
  gabungan_id uuid NOT NULL REFERENCES gabungan,
  app text NOT NULL,
  release_id uuid NOT NULL REFERENCES release,
  state text NOT NULL CHECK (state IN ('draft', 'approved', 'running', 'paused', 'finished', 'stopped')),
  -- rehearse -> backup -> migrate -> waves; skipped phases are told in the plan
  phase text NOT NULL DEFAULT 'rehearse' CHECK (phase IN ('rehearse', 'backup', 'migrate', 'waves')),
  -- `settings` of the contract: waves, gates, stop rule, limits
  settings jsonb NOT NULL,
  seed integer NOT NULL,
  plan jsonb NOT NULL,
  -- sha256 of the plan's facts; this is what a person approves
  plan_hash text NOT NULL,
  approved_by text,
  approved_at timestamptz,
  -- the rehearsal's report (`rehearsal` of the contract), once there is one
  rehearsal jsonb,
  -- why it is paused or stopped: a code and its data
  reason jsonb,
  asked_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  started_at timestamptz,
  ended_at timestamptz
);
-- One rollout at a time moves a gabungan.
CREATE UNIQUE INDEX rollout_one_open ON rollout (gabungan_id, app) WHERE state IN ('approved', 'running', 'paused');

CREATE TABLE rollout_wave (
  rollout_id uuid NOT NULL REFERENCES rollout ON DELETE CASCADE,
  position integer NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running', 'passed', 'failed')),
  started_at timestamptz,
  -- when its last desa had ended well; the soak counts from here
  settled_at timestamptz,
  ended_at timestamptz,
  -- a person's yes for the gate after this wave
  released_by text,
  released_at timestamptz,
  PRIMARY KEY (rollout_id, position)
);

CREATE TABLE rollout_desa (
  rollout_id uuid NOT NULL REFERENCES rollout ON DELETE CASCADE,
  desa_id uuid NOT NULL REFERENCES desa ON DELETE CASCADE,
  wave integer NOT NULL,
  position integer NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running', 'done', 'failed', 'already', 'held')),
  run_id uuid REFERENCES run,
  attempts integer NOT NULL DEFAULT 0,
  started_at timestamptz,
  ended_at timestamptz,
  -- stable words of a failure, the same for the same cause: desa are grouped by it
  signature text,
  problem jsonb,
  PRIMARY KEY (rollout_id, desa_id)
);
CREATE INDEX rollout_desa_run ON rollout_desa (run_id);

-- Runs that a rollout asked for, so that a run leads back to it in one hop.
ALTER TABLE run ADD COLUMN rollout_id uuid REFERENCES rollout;
CREATE INDEX run_rollout ON run (rollout_id) WHERE rollout_id IS NOT NULL;

-- Verified dumps of a whole gabungan.
CREATE TABLE gabungan_backup (
  id uuid PRIMARY KEY,
  kabupaten_id uuid NOT NULL REFERENCES kabupaten,
  gabungan_id uuid NOT NULL REFERENCES gabungan,
  run_id uuid,
  kind text NOT NULL CHECK (kind IN ('rollout', 'manual', 'restore')),
  folder text NOT NULL,
  bytes bigint NOT NULL,
  sha256 jsonb NOT NULL,
  -- table -> rows, and the schema as it was
  row_counts jsonb NOT NULL,
  fingerprint jsonb NOT NULL,
  version text,
  verified_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE release ADD COLUMN withdrawn_by text, ADD COLUMN withdrawn_reason text, ADD COLUMN withdrawn_at timestamptz;
