-- Codes are looked up by prefix, names by trigrams of one name at a time (small sets stay fast when they are of one level).
CREATE INDEX wilayah_code_prefix ON wilayah (code text_pattern_ops);
CREATE INDEX wilayah_search_prefix ON wilayah (search text_pattern_ops);

-- A check is a run on a server: only the worker may look at it.
ALTER TABLE run DROP CONSTRAINT run_subject_kind_check;
ALTER TABLE run ADD CONSTRAINT run_subject_kind_check CHECK (subject_kind IN ('desa', 'gabungan', 'release', 'server'));

-- The audit is written and read, never changed.
CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit rows are never changed';
END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
CREATE INDEX audit_kabupaten ON audit (kabupaten_id, id DESC);

CREATE INDEX desa_search ON desa USING gin (lower(name) gin_trgm_ops);
CREATE INDEX installation_desa ON installation (desa_id);

-- The first administrator's password is shown once; after that it is not kept.
ALTER TABLE installation ADD COLUMN administrator_shown_at timestamptz, ADD COLUMN administrator_shown_to text;
