-- Central servers over SSH: `address` is `ssh://user@host:port` or `unix:/var/run/docker.sock` of this machine.
ALTER TABLE server
  -- our key there, sealed, and its line of authorized_keys; the next pair while they are changed
  ADD COLUMN ssh_key text,
  ADD COLUMN ssh_public_line text,
  ADD COLUMN ssh_next_key text,
  ADD COLUMN ssh_next_public_line text,
  -- sealed; used once to put our key there, gone then or when its time is over
  ADD COLUMN ssh_password text,
  ADD COLUMN ssh_password_until timestamptz,
  -- the fingerprint a person confirmed, and the one it showed when it was last asked
  ADD COLUMN host_key text,
  ADD COLUMN host_key_shown text,
  ADD COLUMN host_key_shown_at timestamptz,
  -- when it passed its check-list; this machine needs none
  ADD COLUMN enrolled_at timestamptz,
  -- libs/servers/circuit.ts
  ADD COLUMN circuit jsonb NOT NULL DEFAULT '{"state": "closed", "failures": 0, "since": null, "nextAt": null, "reason": null}';

-- Servers without which a run cannot go on.
CREATE FUNCTION servers_of_run(wanted run) RETURNS SETOF uuid LANGUAGE sql STABLE AS $$
  SELECT i.server_id FROM installation i WHERE wanted.subject_kind = 'desa' AND i.desa_id = wanted.subject_id AND i.app = wanted.app
  UNION SELECT g.server_id FROM installation i JOIN gabungan g ON g.id = i.gabungan_id
    WHERE wanted.subject_kind = 'desa' AND i.desa_id = wanted.subject_id AND i.app = wanted.app
  UNION SELECT g.server_id FROM gabungan g WHERE wanted.subject_kind = 'gabungan' AND g.id = wanted.subject_id
  UNION SELECT s.id FROM server s WHERE wanted.subject_kind = 'release' AND s.id::text = wanted.input->>'serverId'
$$;

-- The one that is away and that this run waits for. Whoever only looks wants to hear it at once, and does not wait.
CREATE FUNCTION away_server(wanted run) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT s.name FROM server s
  WHERE s.circuit->>'state' <> 'closed' AND wanted.subject_kind <> 'server' AND wanted.verb <> 'check'
    AND NOT wanted.input @> '{"dryRun": true}' AND s.id IN (SELECT servers_of_run(wanted))
  ORDER BY s.name LIMIT 1
$$;
