-- Where a desa may be placed: what a server is called for, and one that nobody is to be placed on any more.
ALTER TABLE server ADD COLUMN labels text[] NOT NULL DEFAULT '{}';
ALTER TABLE server ADD COLUMN drained_at timestamptz;
ALTER TABLE server ADD COLUMN drained_by text;
ALTER TABLE server ADD COLUMN drain_reason text;
