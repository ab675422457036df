-- Images that came to a server over its link, and how many bytes travelled; an image of another id was another one.
CREATE TABLE shipment (
  server_id uuid NOT NULL REFERENCES server ON DELETE CASCADE,
  image text NOT NULL,
  image_id text NOT NULL,
  layers integer NOT NULL,
  moved_bytes bigint NOT NULL,
  shipped_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (server_id, image)
);

-- An image that is brought to a server waits for it like every other work; only looking at it does not.
CREATE OR REPLACE FUNCTION away_server(wanted run) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT s.name FROM server s
  WHERE s.circuit->>'state' <> 'closed' AND wanted.verb <> 'check' AND NOT wanted.input @> '{"dryRun": true}'
    AND CASE WHEN wanted.subject_kind = 'server' THEN wanted.verb = 'ship' AND s.id = wanted.subject_id
      ELSE s.id IN (SELECT servers_of_run(wanted)) END
  ORDER BY s.name LIMIT 1
$$;

-- A server that an image is on its way to, or waited for, may be looked at and mended meanwhile; one release comes once at a time.
DROP INDEX run_one_open;
CREATE UNIQUE INDEX run_one_open ON run (subject_kind, subject_id, (CASE verb WHEN 'ship' THEN input->>'releaseId' ELSE '' END))
  WHERE state IN ('queued', 'running', 'undoing') OR (state = 'broken' AND cleared_by IS NULL);
