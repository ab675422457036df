-- How many whole backups a gabungan keeps; one that an open rollout stands on is kept beyond that.
ALTER TABLE gabungan ADD COLUMN keep_backups integer NOT NULL DEFAULT 7 CHECK (keep_backups BETWEEN 1 AND 365);
-- Set before its files go, so that nobody restores from what is being removed; the row goes last.
ALTER TABLE gabungan_backup ADD COLUMN pruned_at timestamptz;
