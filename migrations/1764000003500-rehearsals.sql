-- Rehearsals of a release on a copy of a gabungan: what its steps saw so far, and the verdict (`rehearsal` of the contract).
CREATE TABLE rehearsal (
  run_id uuid PRIMARY KEY REFERENCES run ON DELETE CASCADE,
  kabupaten_id uuid NOT NULL REFERENCES kabupaten,
  gabungan_id uuid NOT NULL REFERENCES gabungan ON DELETE CASCADE,
  release_id uuid NOT NULL REFERENCES release ON DELETE CASCADE,
  notes jsonb NOT NULL DEFAULT '{}',
  report jsonb,
  created_at timestamptz NOT NULL DEFAULT now(),
  judged_at timestamptz
);
CREATE INDEX rehearsal_newest ON rehearsal (gabungan_id, release_id, judged_at DESC);
