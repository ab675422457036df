-- A failed phase is forgotten when a person lets the rollout go on: only newer runs of it count.
ALTER TABLE rollout ADD COLUMN resumed_at timestamptz;
-- Set by the clock for its own rollouts, anew each night: no wave starts whose predicted end is later.
ALTER TABLE rollout ADD COLUMN window_ends_at timestamptz;
CREATE INDEX rollout_kabupaten ON rollout (kabupaten_id, created_at DESC);
CREATE INDEX rollout_open ON rollout (id) WHERE state IN ('running', 'paused');
CREATE INDEX hold_kabupaten ON hold (kabupaten_id) WHERE ended_at IS NULL;
CREATE INDEX clock_note_recent ON clock_note (kabupaten_id, app, id DESC);
-- A draft that nobody is asked about yet: a dry run, or the one that the clock rehearses a release with.
ALTER TABLE rollout ADD COLUMN is_preparation boolean NOT NULL DEFAULT false;
