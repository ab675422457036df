-- Moves of desa between servers. The row is made when a move is aimed: it keeps the uid that was chosen on the new server.
CREATE TABLE move (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  kabupaten_id uuid NOT NULL REFERENCES kabupaten,
  run_id uuid NOT NULL UNIQUE REFERENCES run ON DELETE CASCADE,
  installation_id uuid NOT NULL REFERENCES installation ON DELETE CASCADE,
  release_id uuid NOT NULL REFERENCES release,
  from_server_id uuid NOT NULL REFERENCES server,
  to_server_id uuid NOT NULL REFERENCES server,
  from_uid integer NOT NULL,
  to_uid integer NOT NULL,
  -- copied while the desa served, and under the maintenance page
  bulk_bytes bigint,
  bulk_seconds real,
  rest_bytes bigint,
  rest_seconds real,
  total_bytes bigint,
  predicted_seconds real,
  -- the maintenance page stands; the first good answer at the new place
  closed_at timestamptz,
  answered_at timestamptz,
  -- installation.server_id is the new one from here on
  switched_at timestamptz,
  -- the old folder stands and the old gateway passes on until then
  kept_until timestamptz,
  settled_at timestamptz
);
CREATE UNIQUE INDEX move_one_kept ON move (installation_id) WHERE switched_at IS NOT NULL AND settled_at IS NULL;
CREATE INDEX move_kept ON move (kept_until) WHERE switched_at IS NOT NULL AND settled_at IS NULL;

-- A uid that nobody has on a server: neither an installation, nor a move under way, nor a folder that is still kept there.
-- The lock is held to the end of the transaction, so that two who ask at once get two.
CREATE FUNCTION free_uid(wanted_server uuid, wanted_app text, base integer) RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('uid:' || wanted_server, 0));
  RETURN GREATEST(base,
    (SELECT max(uid) + 1 FROM installation WHERE server_id = wanted_server AND app = wanted_app),
    (SELECT max(m.from_uid) + 1 FROM move m JOIN installation i ON i.id = m.installation_id
      WHERE m.from_server_id = wanted_server AND i.app = wanted_app AND m.switched_at IS NOT NULL AND m.settled_at IS NULL),
    (SELECT max(m.to_uid) + 1 FROM move m JOIN installation i ON i.id = m.installation_id JOIN run ON run.id = m.run_id
      WHERE m.to_server_id = wanted_server AND i.app = wanted_app AND m.switched_at IS NULL
        AND (run.ended_at IS NULL OR run.state = 'broken')));
END $$;

-- Servers without which a run cannot go on: a move wants both.
CREATE OR REPLACE FUNCTION servers_of_run(wanted run) RETURNS SETOF uuid LANGUAGE sql STABLE AS $$
  SELECT i.server_id FROM installation i WHERE wanted.subject_kind = 'desa' AND i.desa_id = wanted.subject_id AND i.app = wanted.app
  UNION SELECT g.server_id FROM installation i JOIN gabungan g ON g.id = i.gabungan_id
    WHERE wanted.subject_kind = 'desa' AND i.desa_id = wanted.subject_id AND i.app = wanted.app
  UNION SELECT g.server_id FROM gabungan g WHERE wanted.subject_kind = 'gabungan' AND g.id = wanted.subject_id
  UNION SELECT s.id FROM server s WHERE wanted.subject_kind = 'release' AND s.id::text = wanted.input->>'serverId'
  UNION SELECT unnest(ARRAY[m.from_server_id, m.to_server_id]) FROM move m JOIN installation i ON i.id = m.installation_id
    WHERE wanted.subject_kind = 'desa' AND i.desa_id = wanted.subject_id AND i.app = wanted.app
      AND (m.run_id = wanted.id OR wanted.verb = 'settle' AND m.switched_at IS NOT NULL AND m.settled_at IS NULL)
$$;
