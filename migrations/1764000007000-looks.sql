-- Looks: one row per server says when it is looked at next, and who does. No worker keeps a clock of its own.
CREATE TABLE look (
  server_id uuid PRIMARY KEY REFERENCES server ON DELETE CASCADE,
  due_at timestamptz NOT NULL DEFAULT now(),
  leased_by text,
  leased_until timestamptz,
  fence bigint NOT NULL DEFAULT 0,
  looked_at timestamptz,
  seconds real,
  -- code: why the last look saw nothing
  problem text,
  -- what one look tells the next: samples of free space
  disk jsonb NOT NULL DEFAULT '[]'
);

-- Where the world is not as the records say. A suspicion is a row that was not told yet; what is gone stays as history.
CREATE TABLE drift (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  kabupaten_id uuid NOT NULL REFERENCES kabupaten,
  server_id uuid NOT NULL REFERENCES server ON DELETE CASCADE,
  kind text NOT NULL,
  -- stable name of what drifted on its server
  key text NOT NULL,
  subject text NOT NULL,
  evidence jsonb NOT NULL,
  -- what its repair is a run on, beside the server
  desa_id uuid REFERENCES desa ON DELETE CASCADE,
  app text,
  gabungan_id uuid REFERENCES gabungan ON DELETE CASCADE,
  looks integer NOT NULL DEFAULT 1,
  first_seen_at timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL,
  told_at timestamptz,
  gone_at timestamptz,
  run_id uuid REFERENCES run
);
CREATE UNIQUE INDEX drift_one_open ON drift (server_id, kind, key) WHERE gone_at IS NULL;
CREATE INDEX drift_kabupaten ON drift (kabupaten_id) WHERE gone_at IS NULL AND told_at IS NOT NULL;
CREATE INDEX drift_gone ON drift (server_id, gone_at DESC) WHERE gone_at IS NOT NULL;

-- When the page of a site was last asked for, whatever it answered: the turn goes round by it.
ALTER TABLE installation ADD COLUMN page_asked_at timestamptz;

-- What may be repaired without a person; no row: nothing.
CREATE TABLE repair_policy (
  kabupaten_id uuid PRIMARY KEY REFERENCES kabupaten ON DELETE CASCADE,
  by_itself text NOT NULL CHECK (by_itself IN ('none', 'safe')),
  changed_by text NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT now()
);
