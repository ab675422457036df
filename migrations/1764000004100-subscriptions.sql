-- Until when premium releases may be taken; desa_id null is the kabupaten's own, for every desa that has none of its own.
CREATE TABLE subscription (
  id uuid PRIMARY KEY,
  kabupaten_id uuid NOT NULL REFERENCES kabupaten,
  desa_id uuid REFERENCES desa ON DELETE CASCADE,
  -- last day; a release counts by the first day of the month it is named after
  ends_on date NOT NULL,
  changed_by text NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX subscription_of_desa ON subscription (desa_id) WHERE desa_id IS NOT NULL;
CREATE UNIQUE INDEX subscription_of_kabupaten ON subscription (kabupaten_id) WHERE desa_id IS NULL;
