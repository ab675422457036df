-- Several workers on several machines: what may be at work on a server at once is counted here, over all of them.
ALTER TABLE server ADD COLUMN at_once integer NOT NULL DEFAULT 4 CHECK (at_once BETWEEN 1 AND 64);

-- Why a queued run waits when its server has no place for it: `places:<server>`. A first install learns its server when
-- it is aimed; one that was given back since there was no place is remembered by these words.
CREATE FUNCTION place_waited_for(waiting text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN waiting LIKE 'places:%' THEN substr(waiting, 8) END
$$;

-- The server whose place a run takes: none for who only looks, for work on a server itself, and while nobody knows it.
CREATE FUNCTION workplace(wanted run) RETURNS uuid LANGUAGE sql STABLE AS $$
  SELECT CASE
    WHEN wanted.verb = 'check' OR wanted.input @> '{"dryRun": true}' THEN NULL
    WHEN wanted.subject_kind = 'desa' THEN COALESCE(
      (SELECT i.server_id FROM installation i WHERE i.desa_id = wanted.subject_id AND i.app = wanted.app),
      (SELECT s.id FROM server s WHERE s.name = COALESCE(wanted.input->>'server', place_waited_for(wanted.waiting))))
    WHEN wanted.subject_kind = 'gabungan' THEN (SELECT g.server_id FROM gabungan g WHERE g.id = wanted.subject_id)
    WHEN wanted.subject_kind = 'release' THEN (SELECT s.id FROM server s WHERE s.id::text = wanted.input->>'serverId')
  END
$$;

-- What has begun keeps its place whoever carries it, also between a worker that died and the next one: so it can always
-- go on, and those that wait for what it holds never stand in its way.
CREATE FUNCTION places_taken(server uuid, except_run uuid) RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT count(*) FROM run WHERE run.state IN ('running', 'undoing') AND run.id <> except_run AND workplace(run) = server
$$;

-- Of a server on the machine of a worker itself: the Docker Engine behind its socket. Only a worker there can reach it.
ALTER TABLE server ADD COLUMN engine text;

-- True for work on a server behind a socket of another machine; `mine` are those of the worker who asks, null = all.
CREATE FUNCTION is_elsewhere(wanted run, mine uuid[]) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT mine IS NOT NULL AND EXISTS (SELECT 1 FROM server s WHERE s.address LIKE 'unix:%' AND s.id <> ALL (mine) AND (
    s.id = workplace(wanted) OR (wanted.subject_kind = 'server' AND s.id = wanted.subject_id) OR s.id IN (SELECT servers_of_run(wanted))))
$$;

-- One claim at a time per server, so that two workers never take the same place. One statement for who asks: a worker
-- that is frozen in the middle of its work holds nothing here.
CREATE FUNCTION claim_run(wanted uuid, worker text, seconds float, mine uuid[]) RETURNS SETOF run LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM server WHERE id = (SELECT workplace(run) FROM run WHERE run.id = wanted) FOR NO KEY UPDATE;
  RETURN QUERY UPDATE run SET leased_by = worker, leased_until = now() + make_interval(secs => seconds), fence = fence + 1,
      waiting = NULL, started_at = COALESCE(started_at, now()), state = CASE state WHEN 'queued' THEN 'running' ELSE state END
    WHERE run.id = wanted AND state IN ('queued', 'running', 'undoing') AND (leased_until IS NULL OR leased_until < now())
      AND away_server(run) IS NULL AND NOT is_elsewhere(run, mine)
      AND (state <> 'queued' OR NOT EXISTS (SELECT 1 FROM server s
        WHERE s.id = workplace(run) AND s.at_once <= places_taken(s.id, run.id)))
    RETURNING run.*;
END
$$;

-- Open runs that nobody carries, each with what it waits for: a server that is away, or a place on its server.
CREATE VIEW open_run AS
  WITH free AS (
    SELECT s.id, s.name, s.at_once - COALESCE(begun.count, 0) AS places FROM server s LEFT JOIN
      (SELECT workplace(run) AS id, count(*) FROM run WHERE state IN ('running', 'undoing') GROUP BY 1) AS begun USING (id)),
  waiting AS (
    SELECT run.id, run.created_at, run.state, run.waiting AS told, away_server(run) AS away, workplace(run) AS server_id FROM run
    WHERE state IN ('queued', 'running', 'undoing') AND (leased_until IS NULL OR leased_until < now())),
  turns AS (
    SELECT waiting.*, row_number() OVER (PARTITION BY server_id, state = 'queued', away IS NULL ORDER BY created_at) AS turn
    FROM waiting)
  SELECT turns.id, turns.created_at, turns.told, CASE
      WHEN turns.away IS NOT NULL THEN 'server:' || turns.away
      WHEN turns.state = 'queued' AND turns.turn > free.places THEN 'places:' || free.name
    END AS waits_for
  FROM turns LEFT JOIN free ON free.id = turns.server_id;
