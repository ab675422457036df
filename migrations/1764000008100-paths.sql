-- Ways from runtimes on one server to the gabungan on another: mutual TLS, an authority per gabungan. Keys are sealed.

-- Where other servers of ours reach this one; null: as its sshd is reached.
ALTER TABLE server ADD COLUMN internal_address text;

CREATE TABLE way_in (
  gabungan_id uuid PRIMARY KEY REFERENCES gabungan ON DELETE CASCADE,
  kabupaten_id uuid NOT NULL REFERENCES kabupaten,
  -- that of the gabungan, where the port is open
  server_id uuid NOT NULL REFERENCES server,
  port integer NOT NULL,
  authority text NOT NULL,
  authority_key text NOT NULL,
  certificate text NOT NULL,
  key text NOT NULL,
  ends_at timestamptz NOT NULL,
  UNIQUE (server_id, port)
);

-- Its id stands in its certificate: a way that was closed and opened again is another one, and the old certificate of a
-- server is refused.
CREATE TABLE way (
  id uuid PRIMARY KEY,
  gabungan_id uuid NOT NULL REFERENCES way_in ON DELETE CASCADE,
  kabupaten_id uuid NOT NULL REFERENCES kabupaten,
  server_id uuid NOT NULL REFERENCES server ON DELETE CASCADE,
  certificate text NOT NULL,
  key text NOT NULL,
  ends_at timestamptz NOT NULL,
  opened_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (gabungan_id, server_id)
);
