-- HTTPS at the gateway of a server: which way it has, and where its port is opened.
ALTER TABLE server ADD COLUMN https_port integer NOT NULL DEFAULT 443;
ALTER TABLE server ADD COLUMN https_address text NOT NULL DEFAULT '0.0.0.0';
UPDATE server SET https_address = http_address;
-- `certificates` are ids of server_certificate
ALTER TABLE server ADD COLUMN https jsonb NOT NULL DEFAULT '{"way": "off", "trustedProxies": [], "certificates": []}';

-- Certificates that an operator gave, checked before they came here; those that no server points at are leftovers of a plan.
CREATE TABLE server_certificate (
  id uuid PRIMARY KEY,
  kabupaten_id uuid NOT NULL REFERENCES kabupaten,
  server_id uuid NOT NULL REFERENCES server ON DELETE CASCADE,
  names text[] NOT NULL,
  issuer text NOT NULL,
  fingerprint text NOT NULL,
  not_after timestamptz NOT NULL,
  -- PEM, its own certificate first
  chain text NOT NULL,
  -- sealed
  private_key text NOT NULL,
  added_by text NOT NULL,
  added_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX server_certificate_server ON server_certificate (server_id);

-- What the last look saw of the certificate of each domain.
ALTER TABLE look ADD COLUMN certificates jsonb NOT NULL DEFAULT '[]';
